import type { ReactNode } from "react";
import { type Span, shareIn, ticksOf } from "./ticks.ts";

type FrameProps = Readonly<{
  /** What the picture shows, in one sentence; its numbers stand in a table beside it. */
  label: string;
  scale: Span;
  format: (value: number) => string;
  height?: number | undefined;
  /** What stands below: words under bars, times under a line. */
  foot?: ReactNode;
  children: ReactNode;
}>;

const topOf = (scale: Span, value: number) => `${(1 - shareIn(scale, value)) * 100}%`;

/** Scale, lines and words around a small chart; the chart fills what is inside. */
export function PlotFrame({ label, scale, format, height = 168, foot, children }: FrameProps) {
  const ticks = ticksOf(scale, height < 120 ? 2 : 5);
  const words = ticks.map(format);
  const widest = words.reduce((one, other) => (other.length > one.length ? other : one), "");
  return (
    <div
      role="img"
      aria-label={label}
      className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs text-muted"
    >
      <div className="relative whitespace-nowrap">
        <span className="invisible">{widest}</span>
        {ticks.map((value, at) => (
          <span
            key={value}
            className="absolute right-0 -translate-y-1/2"
            style={{ top: topOf(scale, value) }}
          >
            {words[at]}
          </span>
        ))}
      </div>
      <div className="relative" style={{ height }}>
        {ticks.map((value) => (
          <div
            key={value}
            className={`absolute inset-x-0 border-t ${value === 0 ? "border-muted/60" : "border-line"}`}
            style={{ top: topOf(scale, value) }}
          />
        ))}
        {children}
      </div>
      {foot !== undefined && <div className="col-start-2 mt-1 min-w-0">{foot}</div>}
    </div>
  );
}
