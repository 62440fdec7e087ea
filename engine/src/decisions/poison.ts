import type { Columns } from "../columns.ts";

/** Candles after which nothing more is looked at. */
export const tail = 500;

/**
 * The same candles up to and with index `last`, then at most `rest` of garbage: sound candles with prices that have nothing to
 * do with what came before. Whoever decides differently until `last` has looked ahead.
 */
export function poisoned(candles: Columns, last: number, seed: number, rest = tail): Columns {
  const rows = Math.min(candles.time.length, last + 1 + rest);
  const garbage = rowsOf(candles, 0, rows);
  const known = last < 0 ? candles.open[0] : candles.close[last];
  const random = numbers(seed);
  const price = () => (known as number) * (0.2 + 4 * random());
  for (let i = last + 1; i < rows; i++) {
    const prices = [price(), price(), price(), price()].sort((a, b) => a - b);
    const isRising = random() < 0.5;
    garbage.low[i] = prices[0] as number;
    garbage.open[i] = prices[isRising ? 1 : 2] as number;
    garbage.close[i] = prices[isRising ? 2 : 1] as number;
    garbage.high[i] = prices[3] as number;
    garbage.volume[i] = (candles.volume[i] as number) * random();
  }
  return garbage;
}

/** Candles from index `first` on. */
export const startingAt = (candles: Columns, first: number): Columns =>
  rowsOf(candles, first, candles.time.length);

/** A copy of some candles. */
function rowsOf({ time, open, high, low, close, volume }: Columns, from: number, to: number) {
  const rows = (column: Float64Array) => column.slice(from, to);
  return {
    time: rows(time),
    open: rows(open),
    high: rows(high),
    low: rows(low),
    close: rows(close),
    volume: rows(volume),
  };
}

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
