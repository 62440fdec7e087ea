import { cx } from "../cx.ts";
import { PlotFrame } from "./plot-frame.tsx";
import { type Span, shareIn, spanOf } from "./ticks.ts";

export type Bar = Readonly<{
  key: string;
  label: string;
  /** Where it begins; most begin at zero. */
  from?: number;
  to: number;
  /** The value in words, for the pointer. */
  text: string;
  /** Left out, the sign gives the colour. */
  tone?: "up" | "down" | "plain";
}>;

type BarChartProps = Readonly<{
  label: string;
  bars: readonly Bar[];
  format: (value: number) => string;
  height?: number;
}>;

const fills = { up: "bg-up-fill", down: "bg-down-fill", plain: "bg-accent" } as const;
/** More letters than this do not fit side by side: then every second, third … word stands alone. */
const lettersMax = 60;

/** Upright bars that begin at zero, or float as in a waterfall. */
export function BarChart({ label, bars, format, height }: BarChartProps) {
  const scale = spanOf(
    bars.flatMap(({ from = 0, to }) => [from, to]),
    [0],
  );
  const letters = bars.reduce((sum, bar) => sum + Math.min(bar.label.length + 1, 12), 0);
  const every = Math.ceil(letters / (bars.length > 12 ? lettersMax : 2 * lettersMax));
  return (
    <PlotFrame
      label={label}
      scale={scale}
      format={format}
      height={height}
      foot={
        <div className="flex justify-around">
          {bars.map((bar, at) => (
            <span
              key={bar.key}
              title={bar.label}
              className={cx(
                "max-w-28 min-w-0 flex-1 px-0.5 text-center",
                every === 1 ? "line-clamp-2" : "flex justify-center whitespace-nowrap",
                at % every !== 0 && "invisible",
                every > 1 && at % (2 * every) !== 0 && "max-sm:invisible",
              )}
            >
              {bar.label}
            </span>
          ))}
        </div>
      }
    >
      <div className="absolute inset-0 flex justify-around">
        {bars.map((bar) => (
          <Column key={bar.key} bar={bar} scale={scale} />
        ))}
      </div>
    </PlotFrame>
  );
}

function Column({ bar, scale }: { bar: Bar; scale: Span }) {
  const { label, from = 0, to, text, tone = to >= from ? "up" : "down" } = bar;
  const bottom = shareIn(scale, Math.min(from, to));
  const top = shareIn(scale, Math.max(from, to));
  return (
    <div
      title={`${label}: ${text}`}
      className="relative h-full max-w-28 min-w-0 flex-1 hover:bg-hover/60"
    >
      <div
        className={cx("absolute inset-x-[18%] min-h-px rounded-[1px]", fills[tone])}
        style={{ bottom: `${bottom * 100}%`, height: `${(top - bottom) * 100}%` }}
      />
    </div>
  );
}
