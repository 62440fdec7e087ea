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
}

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
