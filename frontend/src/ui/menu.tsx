import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cx } from "./cx.ts";

type PopoverProps = Readonly<{
  label: string;
  /** The button's face. */
  face: ReactNode;
  className?: string;
  align?: "left" | "right";
  children: (close: () => void) => ReactNode;
}>;

/** A button that opens a small panel below itself; Escape, a click elsewhere or leaving it closes the panel. */
export function Popover({ label, face, className, align = "right", children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (event.target instanceof Node && box.current?.contains(event.target) === false)
        setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens for Escape from what is inside.
    <div
      ref={box}
      className="relative inline-flex"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        box.current?.querySelector("button")?.focus();
      }}
    >
      <button
        type="button"
        aria-label={label}
        title={label}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className={cx(
          "inline-flex h-7 items-center gap-1.5 rounded px-2 text-sm text-muted hover:bg-hover hover:text-text pointer-coarse:h-11",
          className,
        )}
      >
        {face}
      </button>
      {open && (
        <div
          id={id}
          className={cx(
            "appear absolute top-full z-40 mt-1 max-h-[60dvh] min-w-44 overflow-auto rounded border border-line bg-panel py-1",
            align === "right" ? "right-0" : "left-0",
          )}
        >
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}

type MenuItem = Readonly<{
  label: string;
  icon?: ReactNode;
  run: () => void;
  danger?: boolean;
  disabled?: boolean;
}>;

/** A popover with a list of actions; arrow keys move through them. */
export function Menu({
  items,
  ...popover
}: Omit<PopoverProps, "children"> & { items: readonly MenuItem[] }) {
  return (
    <Popover {...popover}>
      {(close) => (
        <div role="menu" tabIndex={-1} onKeyDown={moveFocus}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              disabled={item.disabled}
              onClick={() => {
                close();
                item.run();
              }}
              className={cx(
                "flex h-8 w-full items-center gap-2 px-3 text-left whitespace-nowrap -outline-offset-2 hover:bg-hover disabled:opacity-40 pointer-coarse:h-11",
                item.danger === true && "text-down",
              )}
            >
              {item.icon}
              {item.label}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const items = [
    ...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]:not(:disabled)"),
  ];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
}
