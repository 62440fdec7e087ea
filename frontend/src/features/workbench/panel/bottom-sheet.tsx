import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { texts } from "../texts.ts";

/** Settings at the lower half of a phone: the chart above stays in sight and follows every move. */
export function BottomSheet({
  label,
  onClose,
  children,
}: {
  label: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <section
      ref={sheet}
      role="dialog"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      className="appear absolute inset-x-0 bottom-0 z-30 flex h-[56%] min-h-80 flex-col border-t border-line bg-panel outline-none"
    >
      <header className="flex h-9 shrink-0 items-center justify-between border-b border-line pr-1 pl-3.5">
        <span className="text-sm font-semibold">{label}</span>
        <IconButton label={texts.panel.close} onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1">{children}</div>
    </section>
  );
}
