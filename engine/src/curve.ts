/** Points for drawing, at most 2,000; a downsampled curve keeps the extremes of every bucket. */
export type EquityPoints = {
  /** Close times, ms since epoch. */
  time: number[];
  equity: number[];
  /** Fraction below the peak so far, at most 0. */
  drawdown: number[];
  benchmark: number[];
};

const pointsMax = 2_000;

export function curveOf(
  time: Float64Array,
  equity: Float64Array,
  benchmarkAt: (index: number) => number,
  capital: number,
  timeframeMs: number,
): EquityPoints {
  const points: EquityPoints = { time: [], equity: [], drawdown: [], benchmark: [] };
  const chosen = chosenIndexes(equity);
  let peak = capital;
  let seen = 0;
  for (const [point, index] of chosen.entries()) {
    const value = equity[index] as number;
    // The highest of a bucket is this point, the next one, or was seen: where both are below the peak, so is all between.
    const next = equity[chosen[point + 1] ?? index] as number;
    if (value > peak || next > peak) peak = highestOnto(peak, equity, seen, index + 1);
    seen = index + 1;
    points.time.push((time[index] as number) + timeframeMs);
    points.equity.push(value);
    points.drawdown.push(value >= peak ? 0 : value / peak - 1);
    points.benchmark.push(benchmarkAt(index));
  }
  return points;
}

function highestOnto(start: number, values: Float64Array, from: number, to: number): number {
  let highest = start;
  for (let i = from; i < to; i++)
    if ((values[i] as number) > highest) highest = values[i] as number;
  return highest;
}

/** All indexes where they fit; else first, last, and the lowest and highest of each of equal buckets between. */
function chosenIndexes(values: Float64Array): number[] {
  if (values.length <= pointsMax) return Array.from(values, (_, index) => index);
  const buckets = pointsMax / 2 - 1;
  const inner = values.length - 2;
  const chosen = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * inner) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    chosen.push(...extremes(values, from, to));
  }
  chosen.push(values.length - 1);
  return chosen;
}

function extremes(values: Float64Array, from: number, to: number): number[] {
  let lowest = from;
  let highest = from;
  let low = values[from] as number;
  let high = low;
  for (let i = from + 1; i < to; i++) {
    const value = values[i] as number;
    if (value < low) {
      low = value;
      lowest = i;
    } else if (value > high) {
      high = value;
      highest = i;
    }
  }
  if (lowest === highest) return [lowest];
  return lowest < highest ? [lowest, highest] : [highest, lowest];
}
