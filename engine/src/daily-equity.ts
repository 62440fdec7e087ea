const dayMs = 86_400_000;

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
  if (time.length === 0) return daily;
  let latest = capital;
  let dayEndsAt = (Math.floor((time[0] as number) / dayMs) + 1) * dayMs;
  for (let i = 0; i < time.length; i++) {
    for (; (time[i] as number) + timeframeMs > dayEndsAt; dayEndsAt += dayMs) daily.push(latest);
    latest = equity[i] as number;
  }
  daily.push(latest);
  return daily;
}

/** Relative change from each number to the next. */
export function returnsOf(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value / (values[i] as number) - 1);
}
