import type { Columns } from "./columns.ts";

/** Finds the finer candles inside a coarser one; asked in the order of time. */
export class FinerCandles {
  readonly candles: Columns;
  #from = 0;

  constructor(candles: Columns) {
    this.candles = candles;
  }

  /** Rows that open from `fromMs` to before `toMs`: the first of them, and the one after the last. */
  within(fromMs: number, toMs: number): readonly [number, number] {
    const { time } = this.candles;
    this.#from = firstAtOrAfter(time, fromMs, this.#from);
    return [this.#from, firstAtOrAfter(time, toMs, this.#from)];
  }

  /** The first row inside a coarser candle, if it opens as that does: with it came the first trade. Null where that is not known. */
  firstOf(coarse: Columns, index: number, lengthMs: number): number | null {
    const time = coarse.time[index] as number;
    const [row, to] = this.within(time, time + lengthMs);
    const isFirst = isSame(this.candles.open[row] as number, coarse.open[index] as number);
    return row < to && isFirst ? row : null;
  }

  /** Whether the rows `from` to before `to` have the extremes of a coarser candle: without a part of it nobody knows what it did. */
  makeUp(from: number, to: number, coarse: Columns, index: number): boolean {
    const { high, low } = this.candles;
    let highest = Number.NEGATIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    for (let row = from; row < to; row++) {
      highest = Math.max(highest, high[row] as number);
      lowest = Math.min(lowest, low[row] as number);
    }
    return (
      isSame(highest, coarse.high[index] as number) && isSame(lowest, coarse.low[index] as number)
    );
  }
}

const isSame = (price: number, other: number) => Math.abs(price - other) <= 1e-9 * other;

/** Gallops from a row on, because the next question mostly lies near. */
function firstAtOrAfter(time: Float64Array, ms: number, from: number): number {
  let step = 1;
  while (from + step < time.length && (time[from + step] as number) < ms) step *= 2;
  let below = from;
  let above = Math.min(time.length, from + step);
  while (below < above) {
    const middle = (below + above) >> 1;
    if ((time[middle] as number) < ms) below = middle + 1;
    else above = middle;
  }
  return below;
}
