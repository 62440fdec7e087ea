import type { Columns } from "../columns.ts";

/** Candles after which nothing more is looked at. */
const tail = 500;

/**
 * The same candles up to and with index `last`, then garbage: sound candles with prices that have nothing to do with what
 * came before. Whoever decides differently until `last` has looked ahead.
 */
export function poisoned(candles: Columns, last: number, seed: number): Columns {
  const rows = Math.min(candles.time.length, last + 1 + tail);
  const copy = (column: Float64Array) => column.slice(0, rows);
  const { time, open, high, low, close, volume } = candles;
  const garbage = {
    time: copy(time),
    open: copy(open),
    high: copy(high),
    low: copy(low),
    close: copy(close),
    volume: copy(volume),
  };
  const random = numbers(seed);
  const price = () => (close[last] as number) * (0.2 + 4 * random());
  for (let i = last + 1; i < rows; i++) {
    const prices = [price(), price(), price(), price()].sort((a, b) => a - b);
    const isRising = random() < 0.5;
    garbage.low[i] = prices[0] as number;
    garbage.open[i] = prices[isRising ? 1 : 2] as number;
    garbage.close[i] = prices[isRising ? 2 : 1] as number;
    garbage.high[i] = prices[3] as number;
    garbage.volume[i] = (volume[i] as number) * random();
  }
  return garbage;
}

/** Candles from index `first` on. */
export function startingAt(candles: Columns, first: number): Columns {
  const from = (column: Float64Array) => column.slice(first);
  const { time, open, high, low, close, volume } = candles;
  return {
    time: from(time),
    open: from(open),
    high: from(high),
    low: from(low),
    close: from(close),
    volume: from(volume),
  };
}

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
