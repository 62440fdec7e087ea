import type { Columns } from "./columns.ts";

/** Equity of buying with all capital at the first open, one taker fee, and holding: what every strategy must beat. */
export function buyAndHold(candles: Columns, capital: number, takerFee: number): Float64Array {
  const { open, close } = candles;
  const quantity = capital / ((open[0] ?? 1) * (1 + takerFee));
  const equity = new Float64Array(close.length);
  for (let i = 0; i < equity.length; i++) equity[i] = quantity * (close[i] as number);
  return equity;
}
