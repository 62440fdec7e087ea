import { X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

type Toast = Readonly<{
  id: number;
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run: () => void };
}>;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const change = (next: readonly Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};
const dismiss = (id: number) => change(toasts.filter((toast) => toast.id !== id));

/** Tells something that needs no answer; at most three stand at once, each for some seconds. */
export function toast(text: string, options: Partial<Pick<Toast, "tone" | "action">> = {}): void {
  lastId += 1;
  change([...toasts.slice(-2), { id: lastId, text, tone: "plain", ...options }]);
}

/** Where toasts stand; once, in the frame. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed right-3 bottom-16 z-50 grid w-[min(360px,calc(100vw-24px))] gap-2 sm:bottom-3"
    >
      {shown.map((one) => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </div>
  );
}

function ToastCard({ toast: { id, text, tone, action } }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), tone === "bad" ? 9_000 : 5_000);
    return () => clearTimeout(timer);
  }, [id, tone]);
  return (
    <div
      className={cx(
        "appear pointer-events-auto flex items-start gap-2 rounded border border-l-2 border-line bg-panel py-2 pr-1 pl-3",
        tone === "bad" ? "border-l-down-fill" : "border-l-accent",
      )}
    >
      <p className="min-w-0 flex-1 py-1 break-words">{text}</p>
      {action !== undefined && (
        <button
          type="button"
          onClick={action.run}
          className="rounded px-2 py-1 font-medium text-accent hover:bg-hover"
        >
          {action.label}
        </button>
      )}
      <IconButton label="Dismiss" onClick={() => dismiss(id)}>
        <X size={14} />
      </IconButton>
    </div>
  );
}
