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
    small ? "h-7 text-sm" : "h-8",
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

/** A quiet button beside a title or a label: the line grows no higher by it. */
export const LineButton = (props: Readonly<{ onClick: () => void; children: ReactNode }>) => (
  <Button
    look="quiet"
    small
    className="-mx-1 -my-1 h-6! px-1! pointer-coarse:-my-3.5 pointer-coarse:h-11!"
    {...props}
  />
);

type IconProps = ButtonHTMLAttributes<HTMLButtonElement> &
  Readonly<{ label: string; small?: boolean }>;

/** A square button with only a picture; `label` is read aloud and shown on hover. */
export function IconButton({ label, small = false, children, className, ...rest }: IconProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "inline-grid shrink-0 place-items-center rounded text-muted hover:bg-hover hover:text-text disabled:opacity-40",
        small ? "size-6 pointer-coarse:size-8" : "size-7 pointer-coarse:size-11",
        className,
      )}
    >
      {children}
    </button>
  );
}
