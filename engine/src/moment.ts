import type { Columns } from "./columns.ts";
import { heldAfter } from "./held-after.ts";
import type { Side } from "./order.ts";

const nothing = new Float64Array(0);
const noCandles: Columns = {
  time: nothing,
  open: nothing,
  high: nothing,
  low: nothing,
  close: nothing,
  volume: nothing,
};

const nothingTaken = { bought: 0, sold: 0 };

/** Candles before one without range of which the average counts, and what counts of the price where none of them had any. */
const usualCandles = 100;
const leastRange = 0.001;

/** The candle that orders meet now, or a finer one inside it. Its volume is read when it is asked for: mostly it is not. */
export class Moment {
  /** Index of the candle, also while a finer one inside it is met; -1 before the first. */
  index = -1;
  /** Open time of what is met. */
  time = 0;
  open = 0;
  close = 0;
  /** What orders may still fill of its volume. */
  volumeLeft = Number.POSITIVE_INFINITY;
  /** What has been bought and sold at market in it: the next order goes on from there. */
  bought = 0;
  sold = 0;
  /** What orders have filled of the volume of its candle, finer ones inside it together. */
  #filled = 0;
  /** Rises with every moment, so that an order can say in which one it began to wait. */
  number = 0;
  #candles = noCandles;
  #row = -1;
  #high = 0;
  #low = 0;
  #isCloseOnly = false;
  /** What orders might fill as it opened. */
  #offered = Number.POSITIVE_INFINITY;

  /** Moves on to a row of candles, inside the candle `index`. */
  read(candles: Columns, row: number, index: number, volumeShareMax: number | null): void {
    if (index !== this.index) this.#filled = 0;
    this.number++;
    this.index = index;
    this.#candles = candles;
    this.#row = row;
    this.#isCloseOnly = false;
    this.bought = 0;
    this.sold = 0;
    this.time = candles.time[row] as number;
    this.open = candles.open[row] as number;
    this.close = candles.close[row] as number;
    // Fetched with the others: the processor waits once for all of them.
    this.#high = candles.high[row] as number;
    this.#low = candles.low[row] as number;
    this.volumeLeft =
      volumeShareMax === null ? Number.POSITIVE_INFINITY : this.volume * volumeShareMax;
    this.#offered = this.volumeLeft;
  }

  /** Moves on to the open of a row, while the rest is not known yet: range and volume are those of the row before. */
  readOpen(candles: Columns, row: number, index: number, volumeShareMax: number | null): void {
    this.read(candles, row - 1, index, volumeShareMax);
    this.time = candles.time[row] as number;
    this.open = candles.open[row] as number;
    this.close = this.open;
  }

  /** The same moment once all of its row is known, or of the candle that holds it; what was filled at its open is gone. */
  readRest(candles: Columns, row: number, volumeShareMax: number | null): void {
    const { bought, sold, number } = this;
    const filled = volumeShareMax === null ? 0 : this.#offered - this.volumeLeft;
    this.read(candles, row, this.index, volumeShareMax);
    this.volumeLeft = Math.max(0, this.volumeLeft - filled);
    Object.assign(this, { bought, sold, number });
  }

  /** Moves on to the close of the candle `index`, of which nothing is left but that and what orders have not filled of its volume. */
  readClose(candles: Columns, index: number, volumeShareMax: number | null): void {
    const { bought, sold } = index === this.index ? this : nothingTaken;
    this.read(candles, index, index, volumeShareMax);
    this.volumeLeft = Math.max(0, heldAfter(this.volumeLeft, -this.#filled));
    Object.assign(this, { bought, sold });
    this.#isCloseOnly = true;
    this.open = this.close;
  }

  /** An order has filled so much; one that takes moves the market. */
  take(side: Side, quantity: number, isMaker: boolean): void {
    this.volumeLeft -= quantity;
    this.#filled += quantity;
    if (isMaker) return;
    if (side === "buy") this.bought += quantity;
    else this.sold += quantity;
  }

  /** Remembers what of its volume was taken; the result puts it back. */
  remember(): () => void {
    const { bought, sold, volumeLeft } = this;
    const filled = this.#filled;
    return () => {
      Object.assign(this, { bought, sold, volumeLeft });
      this.#filled = filled;
    };
  }

  /** Prices that contradict each other are taken at their widest. */
  get high(): number {
    return this.#isCloseOnly ? this.close : Math.max(this.#high, this.open, this.close);
  }

  get low(): number {
    return this.#isCloseOnly ? this.close : Math.min(this.#low, this.open, this.close);
  }

  /** How far the prices of its candle reach, also where nothing of that is left but the close. */
  get range(): number {
    return Math.max(this.high - this.low, this.#rangeOf(this.#row));
  }

  /** The same; where they stood still, the mean of those candles before it that moved. */
  get usualRange(): number {
    if (this.range > 0) return this.range;
    let sum = 0;
    let count = 0;
    for (let row = this.#row - 1; row >= 0 && row >= this.#row - usualCandles; row--) {
      const range = this.#rangeOf(row);
      if (!(range > 0)) continue;
      sum += range;
      count++;
    }
    return count > 0 ? sum / count : this.close * leastRange;
  }

  #rangeOf(row: number): number {
    const { high, low } = this.#candles;
    return (high[row] as number) - (low[row] as number);
  }

  get volume(): number {
    return this.#candles.volume[this.#row] as number;
  }
}
