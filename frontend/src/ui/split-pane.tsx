import { type CSSProperties, type ReactNode, useRef, useState } from "react";
import { cx } from "./cx.ts";

type SplitPaneProps = Readonly<{
  label: string;
  direction: "rows" | "columns";
  /** Share of the first pane, 0 to 1. */
  share: number;
  min?: number;
  max?: number;
  /** Called when the user has let go. */
  onShare: (share: number) => void;
  first: ReactNode;
  second: ReactNode;
  className?: string;
}>;

/** Two panes with a line between them that can be dragged, or moved with the arrow keys. */
export function SplitPane({
  label,
  direction,
  share,
  min = 0.15,
  max = 0.85,
  onShare,
  first,
  second,
  className,
}: SplitPaneProps) {
  const box = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const now = Math.min(max, Math.max(min, dragged ?? share));
  const at = (event: React.PointerEvent) => {
    const area = box.current?.getBoundingClientRect();
    if (area === undefined) return now;
    const part =
      direction === "rows"
        ? (event.clientY - area.top) / area.height
        : (event.clientX - area.left) / area.width;
    return Math.min(max, Math.max(min, part));
  };
  const tracks = `minmax(0,${now}fr) 1px minmax(0,${1 - now}fr)`;
  const style: CSSProperties =
    direction === "rows" ? { gridTemplateRows: tracks } : { gridTemplateColumns: tracks };
  const [less, more] =
    direction === "rows" ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
  return (
    <div
      ref={box}
      style={style}
      className={cx(
        "grid min-h-0 min-w-0",
        direction === "rows" && "grid-cols-[minmax(0,1fr)]",
        className,
      )}
    >
      <div className="min-h-0 min-w-0 overflow-hidden">{first}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that can be moved has no element of its own. */}
      <div
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={direction === "rows" ? "horizontal" : "vertical"}
        aria-valuenow={Math.round(now * 100)}
        aria-valuemin={Math.round(min * 100)}
        aria-valuemax={Math.round(max * 100)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged(at(event));
        }}
        onPointerMove={(event) => dragged !== null && setDragged(at(event))}
        onPointerUp={() => {
          if (dragged !== null) onShare(dragged);
          setDragged(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== less && event.key !== more) return;
          event.preventDefault();
          onShare(Math.min(max, Math.max(min, now + (event.key === more ? 0.02 : -0.02))));
        }}
        className={cx(
          "relative z-10 touch-none bg-line after:absolute hover:bg-accent focus-visible:bg-accent",
          direction === "rows"
            ? "cursor-row-resize after:inset-x-0 after:-inset-y-1"
            : "cursor-col-resize after:inset-y-0 after:-inset-x-1",
        )}
      />
      <div className="min-h-0 min-w-0 overflow-hidden">{second}</div>
    </div>
  );
}
