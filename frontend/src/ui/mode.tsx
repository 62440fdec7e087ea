import type { ReactNode } from "react";
import { cx } from "./cx.ts";

type ModeProps = Readonly<{ title: string; className: string; children: ReactNode }>;

/** How real a page is, by word and colour, in the top bar. */
export const Mode = ({ title, className, children }: ModeProps) => (
  <span
    title={title}
    className={cx(
      "shrink-0 rounded px-2 py-0.5 text-xs font-semibold tracking-wide uppercase",
      className,
    )}
  >
    {children}
  </span>
);
