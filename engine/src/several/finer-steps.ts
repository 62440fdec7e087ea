import type { Detail } from "../columns.ts";
import type { Rows } from "../matching.ts";
import { timeframeMs } from "../timeframe.ts";

const never = Number.POSITIVE_INFINITY;

/** The finer candles inside one candle that a market meets one by one, in the order of time with all other markets. */
export class FinerSteps {
  readonly #detail: Detail;
  readonly lengthMs: number;
  /** The one that is met next, and the one after the last. */
  #row = 0;
  #to = 0;
  #isOpen = false;
  /** The first that had not ended when that was asked last. */
  #going = 0;

  constructor(detail: Detail) {
    this.#detail = detail;
    this.lengthMs = timeframeMs(detail.timeframe) ?? 0;
  }

  /** Whether one is left to be met. */
  get isLeft(): boolean {
    return this.#row < this.#to;
  }

  get row(): number {
    return this.#row;
  }

  /** When the next one opens; never where it has, and without any. */
  get opensAt(): number {
    return this.isLeft && !this.#isOpen ? this.time : never;
  }

  /** When the first of all ends that does so after a time; never without any. Asked in the order of time. */
  endsAfter(at: number): number {
    const { time } = this.#detail.candles;
    while ((time[this.#going] ?? never) + this.lengthMs <= at) this.#going++;
    return (time[this.#going] ?? never) + this.lengthMs;
  }

  /** When the next one ends; never without any. */
  get endsAt(): number {
    return this.isLeft ? this.time + this.lengthMs : never;
  }

  get time(): number {
    return this.#detail.candles.time[this.#row] as number;
  }

  get open(): number {
    return this.#detail.candles.open[this.#row] as number;
  }

  get close(): number {
    return this.#detail.candles.close[this.#row] as number;
  }

  get range(): Readonly<{ low: number; high: number }> {
    const { low, high } = this.#detail.candles;
    return { low: low[this.#row] as number, high: high[this.#row] as number };
  }

  /** The close before the next one; null where that lies before a time. */
  closeBefore(fromMs: number): number | null {
    const { close, time } = this.#detail.candles;
    const before = this.#row - 1;
    return (time[before] ?? Number.NEGATIVE_INFINITY) >= fromMs ? (close[before] as number) : null;
  }

  begin([from, to]: Rows): void {
    this.#row = from;
    this.#to = to;
    this.#isOpen = false;
  }

  /** What opens at this time has met its orders. */
  pass(openedAt: number): void {
    if (this.isLeft && this.time === openedAt) this.#isOpen = true;
  }

  next(): void {
    this.#row++;
    this.#isOpen = false;
  }

  stop(): void {
    this.#to = this.#row;
  }
}
