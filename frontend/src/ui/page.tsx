import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { useTabTitle } from "./tab-title.ts";

type PageProps = Readonly<{
  title: string;
  tools?: ReactNode;
  children: ReactNode;
  aside?: ReactNode;
  scroll?: boolean;
}>;

/** A page below the top bar: its head with tools, its content, and a side panel beside both. */
export function Page({ title, tools, children, aside, scroll = true }: PageProps) {
  useTabTitle(title);
  return (
    <div className="flex h-full min-h-0">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <header className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5 max-sm:px-3">
          <h1 className="mr-auto text-lg font-semibold">{title}</h1>
          {tools}
        </header>
        <div className={cx("min-h-0 flex-1", scroll ? "overflow-auto" : "flex flex-col")}>
          {children}
        </div>
      </div>
      {aside}
    </div>
  );
}

/** A titled part of a page: a line above, no box around. */
export function Section({
  title,
  tools,
  children,
  className,
}: {
  title: string;
  tools?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={cx("border-b border-line last:border-b-0", className)}>
      <header className="flex min-h-9 items-center gap-2 px-4 max-sm:px-3 pointer-coarse:py-1">
        <h2 className="mr-auto text-sm font-semibold">{title}</h2>
        {tools}
      </header>
      {children}
    </section>
  );
}
