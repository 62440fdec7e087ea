import { type PointerEvent, useState } from "react";
import { PlotFrame } from "./plot-frame.tsx";
import { type Span, shareIn, spanOf } from "./ticks.ts";

type LineChartProps = Readonly<{
  label: string;
  values: readonly number[];
  format: (value: number) => string;
  /** What stands below the point at a place: its day, usually. */
  wordsAt: (index: number) => string;
  height?: number;
}>;

/** One line around zero; the point under the pointer is read out. Not-a-number breaks it. */
export function LineChart({ label, values, format, wordsAt, height }: LineChartProps) {
  const [hovered, setHovered] = useState<number | null>(null);
  const scale = spanOf(values, [0]);
  const last = values.length - 1;
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left) / width;
    setHovered(Math.min(last, Math.max(0, Math.round(share * last))));
  };
  const at = hovered !== null && hovered <= last ? hovered : null;
  return (
    <PlotFrame
      label={label}
      scale={scale}
      format={format}
      height={height}
      foot={
        <div className="flex justify-between">
          <span>{wordsAt(0)}</span>
          <span className="text-text">
            {at !== null && `${wordsAt(at)}: ${format(values[at] ?? Number.NaN)}`}
          </span>
          <span>{wordsAt(last)}</span>
        </div>
      }
    >
      <div
        className="absolute inset-0"
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setHovered(null)}
      >
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${Math.max(1, last)} 1`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible"
        >
          <path
            d={pathOf(values, scale)}
            fill="none"
            stroke="var(--accent)"
            strokeWidth="1.5"
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        {at !== null && (
          <div
            className="absolute inset-y-0 border-l border-muted/60"
            style={{ left: `${(at / Math.max(1, last)) * 100}%` }}
          />
        )}
      </div>
    </PlotFrame>
  );
}

function pathOf(values: readonly number[], scale: Span): string {
  let isDown = false;
  let path = "";
  for (const [index, value] of values.entries()) {
    const isPoint = Number.isFinite(value);
    if (isPoint) path += `${isDown ? "L" : "M"}${index} ${(1 - shareIn(scale, value)).toFixed(4)}`;
    isDown = isPoint;
  }
  return path;
}
