import type { Columns } from "./columns.ts";

/** A stretch of candles, from the open of the first to the close of the last (exclusive), ms since epoch. */
export type Stretch = Readonly<{ fromMs: number; toMs: number; candles: number }>;

/** What can be said about the quality of candles. Lists are cut at 500 entries, counts are whole. */
export type CandleCertificate = Readonly<{
  rows: number;
  firstMs: number | null;
  lastMs: number | null;
  gaps: number;
  /** Candles that the gaps lack. */
  missing: number;
  duplicates: number;
  impossible: number;
  zeroVolumeStretches: number;
  jumps: number;
  gapList: readonly Stretch[];
  impossibleList: readonly Readonly<{ atMs: number; why: string }>[];
  zeroVolumeList: readonly Stretch[];
  jumpList: readonly Readonly<{ atMs: number; change: number }>[];
}>;

const listMax = 500;
const quietCandlesMin = 10;
const jumpDeviations = 20;
const sampleMax = 65_536;
/** Turns a median absolute deviation into the standard deviation of a normal distribution. */
const madToDeviation = 1.4826;

/**
 * Examines candles of one timeframe, in time order. `duplicates` is what an import dropped before.
 * A jump is a close more than 20 robust standard deviations (from the median absolute return, widened by the square root of the time across a gap) from the close before.
 */
export function certify(columns: Columns, timeframeMs: number, duplicates = 0): CandleCertificate {
  const { time } = columns;
  const gaps = findGaps(time, timeframeMs);
  const impossible = findImpossible(columns);
  const quiet = findZeroVolume(columns, timeframeMs);
  const jumps = findJumps(columns, timeframeMs);
  return {
    rows: time.length,
    firstMs: time[0] ?? null,
    lastMs: time[time.length - 1] ?? null,
    gaps: gaps.count,
    missing: gaps.missing,
    duplicates,
    impossible: impossible.count,
    zeroVolumeStretches: quiet.count,
    jumps: jumps.count,
    gapList: gaps.list,
    impossibleList: impossible.list,
    zeroVolumeList: quiet.list,
    jumpList: jumps.list,
  };
}

function findGaps(time: Float64Array, timeframeMs: number) {
  const list: Stretch[] = [];
  let count = 0;
  let missing = 0;
  for (let i = 1; i < time.length; i++) {
    const expected = at(time, i - 1) + timeframeMs;
    const candles = Math.round((at(time, i) - expected) / timeframeMs);
    if (candles < 1) continue;
    count++;
    missing += candles;
    if (list.length < listMax) list.push({ fromMs: expected, toMs: at(time, i), candles });
  }
  return { count, missing, list };
}

function findImpossible(columns: Columns) {
  const list: { atMs: number; why: string }[] = [];
  let count = 0;
  for (let i = 0; i < columns.time.length; i++) {
    const why = contradiction(
      at(columns.open, i),
      at(columns.high, i),
      at(columns.low, i),
      at(columns.close, i),
      at(columns.volume, i),
    );
    if (why === null) continue;
    count++;
    if (list.length < listMax) list.push({ atMs: at(columns.time, i), why });
  }
  return { count, list };
}

/** Why a candle cannot be what a market did; null when it can. */
export function contradiction(
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
): string | null {
  if (!(open > 0 && high > 0 && low > 0 && close > 0)) return "a price is not a positive number";
  if (high === Infinity) return "a price is not a finite number";
  if (high < low) return `high ${high} is below low ${low}`;
  if (open > high || open < low) return `open ${open} is outside low ${low} and high ${high}`;
  if (close > high || close < low) return `close ${close} is outside low ${low} and high ${high}`;
  if (!(volume >= 0)) return "the volume is not zero or more";
  return null;
}

function findZeroVolume(columns: Columns, timeframeMs: number) {
  const { time, volume } = columns;
  const list: Stretch[] = [];
  let count = 0;
  for (let i = 0; i < time.length; ) {
    if (at(volume, i) !== 0) {
      i++;
      continue;
    }
    const start = i;
    while (i < time.length && at(volume, i) === 0) i++;
    if (i - start < quietCandlesMin) continue;
    count++;
    if (list.length < listMax) {
      list.push({
        fromMs: at(time, start),
        toMs: at(time, i - 1) + timeframeMs,
        candles: i - start,
      });
    }
  }
  return { count, list };
}

function findJumps({ time, close }: Columns, timeframeMs: number) {
  const list: { atMs: number; change: number }[] = [];
  let count = 0;
  const deviation = robustDeviation(close);
  if (deviation === 0) return { count, list };
  for (let i = 1; i < close.length; i++) {
    const change = at(close, i) / at(close, i - 1) - 1;
    const steps = Math.max(1, (at(time, i) - at(time, i - 1)) / timeframeMs);
    if (!(Math.abs(change) > jumpDeviations * deviation * Math.sqrt(steps))) continue;
    count++;
    if (list.length < listMax) list.push({ atMs: at(time, i), change });
  }
  return { count, list };
}

/**
 * Robust standard deviation of the returns about zero, from at most 65,536 evenly spaced ones. Where
 * more than half of the candles did not move, only those that moved are looked at.
 */
function robustDeviation(close: Float64Array): number {
  const sizes = sampledReturns(close).map(Math.abs);
  const typical = medianOf(sizes);
  return madToDeviation * (typical > 0 ? typical : medianOf(sizes.filter((size) => size > 0)));
}

function sampledReturns(close: Float64Array): Float64Array {
  const stride = Math.max(1, Math.ceil((close.length - 1) / sampleMax));
  const returns = new Float64Array(Math.max(0, Math.ceil((close.length - 1) / stride)));
  let count = 0;
  for (let i = 1; i < close.length; i += stride) {
    const change = at(close, i) / at(close, i - 1) - 1;
    if (Number.isFinite(change)) returns[count++] = change;
  }
  return returns.subarray(0, count);
}

function medianOf(values: Float64Array): number {
  if (values.length === 0) return 0;
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return at(sorted, middle);
  return (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

const at = (column: Float64Array, index: number): number => column[index] as number;
