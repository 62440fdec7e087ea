import { useQuery } from "@tanstack/react-query";
import type { SeriesDetail } from "@trading/contracts/market-data";
import { type Timeframe, timeframeMs } from "@trading/contracts/timeframes";
import { candlesQuery } from "../../api/queries.ts";
import { Skeleton } from "../../ui/feedback.tsx";
import { texts } from "./texts.ts";

const width = 448;
const height = 112;
const words = texts.panel;

/** Where people would rather look than read a list: the close over time, gaps shaded, flaws marked where they are. */
export function Timeline({ series }: { series: SeriesDetail }) {
  const { certificate } = series;
  const from = Date.parse(certificate.first ?? "");
  const to = Date.parse(certificate.last ?? "") + timeframeMs[series.timeframe];
  const candles = useQuery({
    ...candlesQuery(series.id, { timeframe: coarse(series, to - from) }),
    enabled: series.rows > 0,
  });
  if (!(to > from)) return null;
  const x = (at: string | number) =>
    (((typeof at === "string" ? Date.parse(at) : at) - from) / (to - from)) * width;
  const spanOf = (span: { from: string | number; to: string | number }) => ({
    x: x(span.from),
    width: Math.max(1, x(span.to) - x(span.from)),
  });
  const columns = candles.data?.columns;
  return (
    <figure className="px-4 pt-3">
      {columns === undefined && candles.isPending ? (
        <Skeleton className="h-28 w-full" />
      ) : (
        <svg
          role="img"
          aria-label={words.timelineLabel(certificate.gaps, certificate.jumps)}
          viewBox={`0 0 ${width} ${height + 8}`}
          preserveAspectRatio="none"
          className="h-30 w-full"
        >
          <g className="fill-amber" opacity="0.35">
            {certificate.gapList.map((gap) => (
              <rect key={gap.from} {...spanOf(gap)} height={height} />
            ))}
            {thinParts(series, from, to).map((part) => (
              <rect key={part.from} {...spanOf(part)} height={height} opacity={part.lack} />
            ))}
          </g>
          {certificate.zeroVolumeList.map((stretch) => (
            <rect
              key={stretch.from}
              {...spanOf(stretch)}
              y={height}
              height="4"
              className="fill-muted"
            />
          ))}
          {columns !== undefined && (
            <path
              d={closePath(columns.time, columns.close, x)}
              fill="none"
              stroke="var(--accent)"
              strokeWidth="1.2"
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          )}
          {certificate.jumpList.map((jump) => (
            <rect
              key={jump.at}
              x={x(jump.at) - 0.75}
              width="1.5"
              y="0"
              height={height}
              className={jump.change > 0 ? "fill-up-fill" : "fill-down-fill"}
              opacity="0.7"
            />
          ))}
          {certificate.impossibleList.map((one) => (
            <rect
              key={one.at}
              x={x(one.at) - 1}
              width="2"
              y={height - 10}
              height="10"
              className="fill-down-fill"
            />
          ))}
          <line
            x1="0"
            x2={width}
            y1={height + 0.5}
            y2={height + 0.5}
            stroke="var(--line)"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      )}
      <figcaption className="flex justify-between text-xs text-muted">
        <span>{(certificate.first ?? "").slice(0, 10)}</span>
        <span>{words.timeline}</span>
        <span>{(certificate.last ?? "").slice(0, 10)}</span>
      </figcaption>
    </figure>
  );
}

type ThinPart = Readonly<{ from: number; to: number; lack: number }>;

/** Behind the last gap that the certificate lists, what the coverage says is missing: the list is cut, the picture is not. */
function thinParts({ certificate, coverage }: SeriesDetail, from: number, to: number): ThinPart[] {
  const { gaps, gapList } = certificate;
  const listedTo = gaps > gapList.length ? Date.parse(gapList.at(-1)?.to ?? "") : to;
  const partMs = (to - from) / coverage.length;
  return coverage.flatMap((fullness, i) => {
    const start = Math.max(from + i * partMs, listedTo);
    const end = from + (i + 1) * partMs;
    return fullness < 1 && start < end ? [{ from: start, to: end, lack: 1 - fullness }] : [];
  });
}

/** The coarsest timeframe that still gives a line of some hundred points. */
function coarse(series: SeriesDetail, spanMs: number): Timeframe {
  const fitting = series.timeframes.filter((one) => spanMs / timeframeMs[one] >= 300);
  return fitting.toSorted((a, b) => timeframeMs[b] - timeframeMs[a])[0] ?? series.timeframe;
}

/** The closes as a line on a logarithmic scale; each pixel keeps its extremes, so that no spike is lost. */
function closePath(time: Float64Array, close: Float64Array, x: (at: number) => number): string {
  const pixels = extremes(time, close, x);
  const low = Math.min(...pixels.map((pixel) => pixel.low));
  const span = Math.log(Math.max(...pixels.map((pixel) => pixel.high)) / low) || 1;
  const y = (price: number) => (2 + (1 - Math.log(price / low) / span) * (height - 6)).toFixed(1);
  const points = pixels.flatMap(({ at, low: lowest, high: highest }) => [
    `${at} ${y(lowest)}`,
    `${at} ${y(highest)}`,
  ]);
  return points.length === 0 ? "" : `M${points.join("L")}`;
}

type Pixel = { at: number; low: number; high: number };

function extremes(
  time: Float64Array,
  close: Float64Array,
  x: (at: number) => number,
): readonly Pixel[] {
  const pixels: Pixel[] = [];
  for (let i = 0; i < time.length; i += 1) {
    const price = close[i] ?? 0;
    if (price <= 0) continue;
    const at = Math.round(x(time[i] ?? 0));
    const last = pixels.at(-1);
    if (last?.at === at) {
      last.low = Math.min(last.low, price);
      last.high = Math.max(last.high, price);
    } else pixels.push({ at, low: price, high: price });
  }
  return pixels;
}
