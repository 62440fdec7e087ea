import type { Columns } from "@trading/engine";

/** The share lost since the highest equity so far, at most 0, per candle. */
export function drawdownOf(equity: Float64Array): Float64Array {
  const drawdown = new Float64Array(equity.length);
  let peak = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < equity.length; index++) {
    const value = equity[index] ?? Number.NaN;
    if (value > peak) peak = value;
    drawdown[index] = peak > 0 ? value / peak - 1 : 0;
  }
  return drawdown;
}

/**
 * Buy and hold per candle. All-in from the first candle on, its equity is proportional to the close, so the last
 * value (which the engine computed with its fee) fixes the whole line.
 */
export function holdOf(candles: Columns, finalHold: number): Float64Array {
  const rows = candles.close.length;
  const hold = new Float64Array(rows);
  const perPrice = finalHold / (candles.close[rows - 1] ?? 1);
  for (let index = 0; index < rows; index++) hold[index] = (candles.close[index] ?? 0) * perPrice;
  return hold;
}

export type Gap = Readonly<{ before: number; after: number; missing: number }>;

/** Pairs of neighbouring candles between which candles are missing. */
export function gapsOf(time: Float64Array, timeframeMs: number): Gap[] {
  const gaps: Gap[] = [];
  for (let index = 1; index < time.length; index++) {
    const steps = Math.round(((time[index] ?? 0) - (time[index - 1] ?? 0)) / timeframeMs);
    if (steps > 1) gaps.push({ before: index - 1, after: index, missing: steps - 1 });
  }
  return gaps;
}
