const dayMs = 86_400_000;
const daysMin = 14;

/** An equity curve with its times; strategies and benchmarks are measured alike. */
export type EquityCurve = Readonly<{
  time: Float64Array;
  equity: Float64Array;
  capital: number;
  timeframeMs: number;
}>;

/** The days of a curve, and why their returns would say nothing; null when they do. */
export type Days = Readonly<{
  /** Equity at the end of each UTC day, the capital first. */
  equity: readonly number[];
  /** Empty where the equity fell to zero or below. */
  returns: readonly number[];
  reason: string | null;
}>;

export const ruined = "the equity fell to zero or below";

/** Days from the open of the first candle to the close of the last. */
export function daysOf({ time, timeframeMs }: Pick<EquityCurve, "time" | "timeframeMs">): number {
  return time.length === 0
    ? 0
    : ((time.at(-1) as number) + timeframeMs - (time[0] as number)) / dayMs;
}

/** Why figures per day or year would say nothing; null when they do. */
export function daysReason(days: number): string | null {
  return days < daysMin
    ? `needs at least ${daysMin} days; there are ${Math.floor(days * 10) / 10}`
    : null;
}

/** A curve by days. */
export function readDays(curve: EquityCurve): Days {
  const { time, equity: values, timeframeMs, capital } = curve;
  const equity = dailyEquity(time, values, timeframeMs, capital);
  const isRuined = equity.some((value) => value <= 0);
  const reason = daysReason(daysOf(curve)) ?? (isRuined ? ruined : null);
  return { equity, returns: isRuined ? [] : returnsOf(equity), reason };
}

/**
 * Equity at the end of each UTC day that the run touches, the capital first. A candle counts to the day in which it
 * closes (closing at 00:00, to the day that ends); a day without candles keeps the equity of the day before.
 */
export function dailyEquity(
  time: Float64Array,
  equity: Float64Array,
  timeframeMs: number,
  capital: number,
): number[] {
  const daily = [capital];
  const perDay = Math.ceil(dayMs / timeframeMs);
  let dayEndsAt = (Math.floor((time[0] ?? 0) / dayMs) + 1) * dayMs;
  for (let next = 0; next < time.length; dayEndsAt += dayMs) {
    // A day has at most so many candles: looking for its end reads a handful of them.
    next = countUntil(time, dayEndsAt - timeframeMs, next, Math.min(next + perDay, time.length));
    daily.push(next === 0 ? capital : (equity[next - 1] as number));
  }
  return daily;
}

/** The first index from `from` to `to` whose candle opens after `ms`; `to` where none does. */
function countUntil(time: Float64Array, ms: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] as number) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Relative change from each number to the next. */
function returnsOf(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value / (values[i] as number) - 1);
}
