import { catalogue } from "./catalogue.ts";
import { percent } from "./format.ts";

const texts = catalogue("coverage", {
  coverage: (share: string) => `${share} of the candles between first and last are there`,
});

/** How full each part of a series is, from its first to its last candle; what lacks shows the ground. */
export function CoverageBar({
  coverage,
  height = 10,
}: {
  coverage: readonly number[];
  height?: number;
}) {
  const share =
    coverage.length === 0 ? 0 : coverage.reduce((sum, part) => sum + part, 0) / coverage.length;
  const label = texts.coverage(percent(share, { decimals: share > 0.999 || share === 0 ? 0 : 1 }));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${coverage.length} 10`}
      preserveAspectRatio="none"
      height={height}
      className="w-full rounded-[2px] bg-line"
    >
      <title>{label}</title>
      {stretches(coverage).map(({ from, to, fullness }) => (
        <rect
          key={from}
          x={from}
          width={to - from}
          y="0"
          height="10"
          className="fill-accent"
          opacity={0.15 + fullness * 0.7}
        />
      ))}
    </svg>
  );
}

type Stretch = Readonly<{ from: number; to: number; fullness: number }>;

/** Neighbours of equal fullness (in tenths; any lack is visible) become one stretch, so a whole series is one shape. */
export function stretches(coverage: readonly number[]): readonly Stretch[] {
  const result: { from: number; to: number; fullness: number }[] = [];
  for (const [index, part] of coverage.entries()) {
    const fullness = Math.floor(Math.min(1, Math.max(0, part)) * 10) / 10;
    const last = result.at(-1);
    if (last !== undefined && last.to === index && last.fullness === fullness) last.to = index + 1;
    else if (part > 0) result.push({ from: index, to: index + 1, fullness });
  }
  return result;
}
