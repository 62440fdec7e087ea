import type { Columns } from "./columns.ts";

const blockBits = 4;
const blockOf = (index: number) => index >> blockBits;
const startOf = (block: number) => block << blockBits;

/** The lowest and highest prices of some columns by blocks of candles, so that a search passes over a block in one step. */
export class Extremes {
  readonly #lows: Depths;
  /** Upside down, so that the highest is the least. */
  readonly #highs: Depths;

  constructor(candles: Columns) {
    this.#lows = new Depths(candles, candles.low, 1);
    this.#highs = new Depths(candles, candles.high, -1);
  }

  /** The first candle from `from` to before `to` with a price up to `upTo` or from `downTo` on; `to` where there is none. */
  nextReached(from: number, to: number, upTo: number, downTo: number): number {
    for (let at = from; at < to; ) {
      const end = Math.min(to, startOf(blockOf(at) + 1));
      const reached = this.#highs.next(at, this.#lows.next(at, end, upTo), -downTo);
      if (reached < end) return reached;
      at = end;
    }
    return to;
  }

  isAbove(price: number, index: number): boolean {
    return this.#lows.isBeyond(price, index);
  }

  isBelow(price: number, index: number): boolean {
    return this.#highs.isBeyond(-price, index);
  }

  /** The lowest price of a candle. */
  lowestOf(index: number): number {
    return this.#lows.of(index);
  }

  /** The highest price of a candle. */
  highestOf(index: number): number {
    return -this.#highs.of(index);
  }

  /** The smallest of `price` and the lows from `from` to before `to`. */
  lowest(price: number, from: number, to: number): number {
    return this.#lows.least(price, from, to);
  }

  /** The largest of `price` and the highs from `from` to before `to`. */
  highest(price: number, from: number, to: number): number {
    return -this.#highs.least(-price, from, to);
  }
}

/** How far candles go to one side, by blocks; a block is read when it is asked for first. */
class Depths {
  readonly #candles: Columns;
  readonly #column: Float64Array;
  readonly #sign: 1 | -1;
  /** 0 where a block was not read yet, `NaN` where its candles have to be asked one by one. */
  readonly #known: Float64Array;

  constructor(candles: Columns, column: Float64Array, sign: 1 | -1) {
    this.#candles = candles;
    this.#column = column;
    this.#sign = sign;
    this.#known = new Float64Array(blockOf(column.length) + 1);
  }

  /** The depth of a candle. */
  of(index: number): number {
    const depth = this.#sign * (this.#column[index] as number);
    return Number.isNaN(this.#within(blockOf(index))) ? this.#widest(depth, index) : depth;
  }

  /** Whether a candle stays above a depth; most often its block says so. */
  isBeyond(depth: number, index: number): boolean {
    return this.#within(blockOf(index)) > depth || this.of(index) > depth;
  }

  /** The first candle from `from` to before `to`, all of one block, that comes down to a depth; `to` where none does. */
  next(from: number, to: number, depth: number): number {
    if (depth === Number.NEGATIVE_INFINITY) return to;
    const known = this.#within(blockOf(from));
    if (known > depth) return to;
    const column = this.#column;
    const sign = this.#sign;
    const isSound = !Number.isNaN(known);
    for (let at = from; at < to; at++) {
      const own = sign * (column[at] as number);
      if (own <= depth || !(isSound || this.#widest(own, at) > depth)) return at;
    }
    return to;
  }

  /** The smallest of a number and the depths from `from` to before `to`. */
  least(start: number, from: number, to: number): number {
    const first = blockOf(from - 1) + 1;
    const last = blockOf(to);
    let least = start;
    for (let block = first; block < last; block++) {
      const depth = this.#within(block);
      if (depth < least) least = depth;
      else if (Number.isNaN(depth)) least = this.#scan(least, startOf(block), startOf(block + 1));
    }
    // Of the blocks at both ends, only a part belongs to it: they are looked into where they could hold less.
    if (from < startOf(first) && !(this.#within(first - 1) >= least))
      least = this.#scan(least, from, Math.min(to, startOf(first)));
    if (startOf(last) < to && !(this.#within(last) >= least))
      least = this.#scan(least, Math.max(from, startOf(last)), to);
    return least;
  }

  #scan(start: number, from: number, to: number): number {
    const column = this.#column;
    const sign = this.#sign;
    let least = start;
    for (let at = from; at < to; at++) {
      const depth = sign * (column[at] as number);
      if (depth < least) least = depth;
    }
    return least;
  }

  /** The deepest of a block; `NaN` where one of its candles contradicts itself. */
  #within(block: number): number {
    const known = this.#known[block] as number;
    return known === 0 ? this.#read(block) : known;
  }

  /** A candle that contradicts itself is taken at its widest. */
  #widest(depth: number, index: number): number {
    const { open, close } = this.#candles;
    return Math.min(
      depth,
      this.#sign * (open[index] as number),
      this.#sign * (close[index] as number),
    );
  }

  #read(block: number): number {
    const { open, close } = this.#candles;
    const column = this.#column;
    const sign = this.#sign;
    const end = Math.min(column.length, startOf(block + 1));
    let least = Number.POSITIVE_INFINITY;
    let isSound = true;
    for (let at = startOf(block); at < end; at++) {
      const depth = sign * (column[at] as number);
      if (depth < least) least = depth;
      if (depth > sign * (open[at] as number) || depth > sign * (close[at] as number))
        isSound = false;
    }
    const known = isSound ? least : Number.NaN;
    this.#known[block] = known;
    return known;
  }
}

const kept = new WeakMap<Columns, Extremes>();

/** The extremes of some columns, kept for all runs over them. */
export function extremesOf(candles: Columns): Extremes {
  const found = kept.get(candles);
  if (found) return found;
  const made = new Extremes(candles);
  kept.set(candles, made);
  return made;
}
