import type { Columns } from "./run.ts";

/** Equity of buying with all capital at the first open, one taker fee, and holding: what every strategy must beat. */
export function buyAndHold(candles: Columns, capital: number, takerFee: number): Float64Array {
  const { open, close } = candles;
  const quantity = capital / ((open[0] ?? 1) * (1 + takerFee));
  return close.map((price) => price * quantity);
}
