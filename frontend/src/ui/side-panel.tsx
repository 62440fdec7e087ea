import { X } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

type SidePanelProps = Readonly<{
  title: ReactNode;
  label: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
}>;

/** What a row opens: at the right of the table on a desk, the whole page on a phone. Escape closes it. */
export function SidePanel({
  title,
  label,
  onClose,
  children,
  footer,
  wide = false,
}: SidePanelProps) {
  const close = useRef(onClose);
  close.current = onClose;
  // Before it can be seen: who is quick presses Escape at once.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isElsewhere =
        event.target instanceof HTMLElement && event.target.closest("dialog") !== null;
      if (event.key === "Escape" && !isElsewhere && !event.defaultPrevented) close.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <aside
      aria-label={label}
      className={cx(
        "flex min-h-0 shrink-0 flex-col border-l border-line bg-panel max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-30 max-lg:max-w-full max-sm:inset-0 max-sm:w-full max-sm:border-l-0",
        wide ? "sm:w-120" : "sm:w-100",
      )}
    >
      <header className="flex shrink-0 items-center gap-2 border-b border-line py-2 pr-2 pl-4 pointer-coarse:py-0.5">
        <div className="min-w-0 flex-1 py-1">{title}</div>
        <IconButton label="Close" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">{children}</div>
      {footer !== undefined && (
        <footer className="flex shrink-0 flex-wrap gap-2 border-t border-line px-4 py-3">
          {footer}
        </footer>
      )}
    </aside>
  );
}
