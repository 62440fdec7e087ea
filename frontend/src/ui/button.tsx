import type { ButtonHTMLAttributes, ReactNode } from "react";
import { cx } from "./cx.ts";

type Look = "primary" | "plain" | "quiet" | "danger";
type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  Readonly<{ look?: Look; small?: boolean; busy?: boolean; icon?: ReactNode }>;

const looks: Readonly<Record<Look, string>> = {
  primary: "border-accent-fill bg-accent-fill font-semibold text-white hover:brightness-110",
  plain: "border-line bg-ground hover:bg-hover",
  quiet: "border-transparent text-muted hover:bg-hover hover:text-text",
  danger: "border-danger bg-danger font-semibold text-white hover:brightness-110",
};

/** The classes of a button, for links that look like one. */
export const buttonClass = (look: Look = "plain", small = false): string =>
  cx(
    "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded border px-3 select-none",
    "disabled:opacity-50 disabled:hover:brightness-100 pointer-coarse:min-h-11",
    small ? "h-7 px-2 text-sm" : "h-8",
    looks[look],
  );

/** A button; its words say what will happen. While `busy` it cannot be pressed again. */
export function Button({
  look,
  small,
  busy = false,
  icon,
  children,
  className,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy}
      className={cx(buttonClass(look, small), className)}
    >
      {icon}
      {children}
    </button>
  );
}

/** A square button with only a picture; `label` is read aloud and shown on hover. */
export function IconButton({
  label,
  children,
  className,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "inline-grid size-7 shrink-0 place-items-center rounded text-muted hover:bg-hover hover:text-text disabled:opacity-40 pointer-coarse:size-11",
        className,
      )}
    >
      {children}
    </button>
  );
}
