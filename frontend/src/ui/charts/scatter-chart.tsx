import { type MouseEvent, useMemo } from "react";
import { PlotFrame } from "./plot-frame.tsx";
import { type Span, shareIn, spanOf, ticksOf } from "./ticks.ts";

export type Point = Readonly<{ key: number; x: number; y: number; tone: "up" | "down" }>;

type ScatterProps = Readonly<{
  label: string;
  points: readonly Point[];
  /** What lies along the foot and along the side. */
  across: string;
  upright: string;
  format: (value: number) => string;
  height?: number;
  selected: number | null;
  onSelect: (key: number) => void;
}>;

/** Points in two measures; a click takes the nearest one within reach. */
export function ScatterChart(props: ScatterProps) {
  const { label, points, across, upright, format, height = 220, selected, onSelect } = props;
  const spans = useMemo(
    () => ({
      x: spanOf(
        points.map(({ x }) => x),
        [0],
      ),
      y: spanOf(
        points.map(({ y }) => y),
        [0],
      ),
    }),
    [points],
  );
  const chosen = points.find(({ key }) => key === selected);
  const choose = (event: MouseEvent<SVGSVGElement>) => {
    const { left, top, width, height: tall } = event.currentTarget.getBoundingClientRect();
    const nearest = nearestTo(points, spans, {
      x: event.clientX - left,
      y: event.clientY - top,
      width,
      height: tall,
    });
    if (nearest) onSelect(nearest.key);
  };
  return (
    <figure>
      <figcaption className="mb-1.5 text-xs text-muted">{upright} ↑</figcaption>
      <PlotFrame
        label={label}
        scale={spans.y}
        format={format}
        height={height}
        foot={<Foot span={spans.x} format={format} words={across} />}
      >
        <svg
          aria-hidden="true"
          viewBox="0 0 1 1"
          preserveAspectRatio="none"
          onClick={choose}
          className="absolute inset-0 size-full cursor-pointer overflow-visible"
        >
          <Dots points={points} tone="down" spans={spans} />
          <Dots points={points} tone="up" spans={spans} />
          {chosen && (
            <path
              d={dot(chosen, spans)}
              stroke="var(--text)"
              strokeWidth="10"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          )}
        </svg>
      </PlotFrame>
    </figure>
  );
}

type Spans = Readonly<{ x: Span; y: Span }>;

const dot = ({ x, y }: Point, spans: Spans) =>
  `M${shareIn(spans.x, x).toFixed(4)} ${(1 - shareIn(spans.y, y)).toFixed(4)}h0`;

/** All points of a colour in one path: a line of no length with round ends is a dot. */
function Dots({
  points,
  tone,
  spans,
}: {
  points: readonly Point[];
  tone: Point["tone"];
  spans: Spans;
}) {
  return (
    <path
      d={points
        .filter((point) => point.tone === tone)
        .map((point) => dot(point, spans))
        .join("")}
      stroke={`var(--${tone})`}
      strokeWidth="6"
      strokeOpacity="0.75"
      strokeLinecap="round"
      vectorEffect="non-scaling-stroke"
    />
  );
}

function Foot({
  span,
  format,
  words,
}: {
  span: Span;
  format: (value: number) => string;
  words: string;
}) {
  return (
    <>
      <div className="relative h-4">
        {ticksOf(span).map((value) => (
          <span
            key={value}
            className="absolute -translate-x-1/2 whitespace-nowrap"
            style={{ left: `${shareIn(span, value) * 100}%` }}
          >
            {format(value)}
          </span>
        ))}
      </div>
      <div className="text-right">{words} →</div>
    </>
  );
}

type Place = Readonly<{ x: number; y: number; width: number; height: number }>;
const reach = 14;

function nearestTo(points: readonly Point[], spans: Spans, place: Place): Point | null {
  let nearest: Point | null = null;
  let distance = reach;
  for (const point of points) {
    const here = Math.hypot(
      shareIn(spans.x, point.x) * place.width - place.x,
      (1 - shareIn(spans.y, point.y)) * place.height - place.y,
    );
    if (here < distance) {
      distance = here;
      nearest = point;
    }
  }
  return nearest;
}
