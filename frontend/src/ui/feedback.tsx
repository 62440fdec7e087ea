import type { ReactNode } from "react";
import { cx } from "./cx.ts";

type Tone = "plain" | "good" | "attention" | "bad" | "accent" | "simulated";
const dots: Readonly<Record<Tone, string>> = {
  plain: "bg-muted",
  good: "bg-up-fill",
  attention: "bg-amber",
  bad: "bg-down-fill",
  accent: "bg-accent",
  simulated: "bg-violet",
};

/** A short word with a dot that says how to take it. */
export function Chip({
  tone = "plain",
  children,
  className,
  title,
}: {
  tone?: Tone;
  children: ReactNode;
  className?: string;
  title?: string;
}) {
  return (
    <span
      title={title}
      className={cx(
        "inline-flex h-5 items-center gap-1.5 rounded border border-line px-1.5 text-xs whitespace-nowrap",
        className,
      )}
    >
      <span className={cx("size-1.5 rounded-full", dots[tone])} aria-hidden="true" />
      {children}
    </span>
  );
}

/** Where something will be, in its final size. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div className={cx("skeleton rounded", className)} aria-hidden="true" />
);

/** How far work has come; without a share it only says that it goes on. */
export function Progress({
  share,
  label,
  className,
}: {
  share: number | null;
  label: string;
  className?: string;
}) {
  const value = share === null ? undefined : Math.round(share * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      className={cx("h-1 overflow-hidden rounded-full bg-line", className)}
    >
      <div
        className={cx(
          "h-full rounded-full bg-accent transition-[width] duration-150",
          share === null && "w-full skeleton",
        )}
        style={value === undefined ? undefined : { width: `${value}%` }}
      />
    </div>
  );
}

/** Nothing here yet: one sentence that says why, and one action that changes it. */
export function EmptyState({
  children,
  action,
  className,
}: {
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div
      className={cx("grid justify-items-center gap-3 px-4 py-10 text-center text-muted", className)}
    >
      <p className="max-w-[60ch]">{children}</p>
      {action}
    </div>
  );
}

/** A key of the keyboard. */
export const Key = ({ children }: { children: ReactNode }) => (
  <kbd className="rounded border border-line px-1 font-sans text-xs text-muted">{children}</kbd>
);
