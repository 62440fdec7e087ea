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

/** What stays free below the panel, so that its end is seen on the screen. */
const margin = 12;

/** A button that opens a small panel below itself; Escape, a click elsewhere or leaving it closes the panel. */
export function Popover({ label, face, className, align = "right", children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const [room, setRoom] = useState(0);
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
        onClick={({ currentTarget }) => {
          setRoom(innerHeight - currentTarget.getBoundingClientRect().bottom - margin);
          setOpen(!open);
        }}
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
          style={{ maxHeight: `min(60dvh, ${room}px)` }}
          className={cx(
            "appear absolute top-full z-40 mt-1 min-w-44 overflow-auto rounded border border-line bg-panel py-1",
            align === "right" ? "right-0" : "left-0",
          )}
        >
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}
