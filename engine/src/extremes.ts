import type { Columns } from "./columns.ts";

const blockBits = 4;
const blockLength = 1 << blockBits;
const blockOf = (index: number) => index >> blockBits;
const startOf = (block: number) => block << blockBits;

/** A processor fetches so many numbers at once. */
const numbersFetched = 8;

/** The first candle behind the block of this one. */
export const endOfBlock = (index: number) => startOf(blockOf(index) + 1);

/** The lowest and the highest price of a stretch of time. */
export type Span = { low: number; high: number };

/** The lowest and highest prices of some columns by blocks of candles, so that a search passes over a block in one step. */
export class Extremes {
  readonly #candles: Columns;
  readonly #known: Float64Array;
  readonly #lows: Depths;
  /** Upside down, so that the highest is the least. */
  readonly #highs: Depths;
  /** What reading ahead leaves: if it left nothing, it would be left out. */
  readonly #ahead = new Float64Array(1);

  constructor(candles: Columns) {
    const known = new Float64Array(2 * (blockOf(candles.close.length) + 1));
    this.#candles = candles;
    this.#known = known;
    this.#lows = new Depths(candles, known, 0);
    this.#highs = new Depths(candles, known, 1);
  }

  /** Fetches what is known of the candles from `from` to before `to` in one go; one by one the processor would wait for each. */
  readAhead(from: number, to: number): void {
    let sum = 0;
    for (let at = 2 * blockOf(from); at < 2 * blockOf(to); at += numbersFetched)
      sum += this.#known[at] as number;
    this.#ahead[0] = sum;
  }

  /** The first candle from `from` to before `to` with a price up to `upTo` or from `downTo` on; `to` where there is none. */
  nextReached(from: number, to: number, upTo: number, downTo: number): number {
    for (let at = this.nextNear(from, to, upTo, downTo); at < to; ) {
      const end = Math.min(to, endOfBlock(at));
      const reached = this.#highs.next(at, this.#lows.next(at, end, upTo), -downTo);
      if (reached < end) return reached;
      at = this.nextNear(end, to, upTo, downTo);
    }
    return to;
  }

  /** The first candle from `from` to before `to` whose block may hold such a price; of the columns nothing is read for it. */
  nextNear(from: number, to: number, upTo: number, downTo: number): number {
    const known = this.#known;
    for (let at = from; at < to; at = endOfBlock(at)) {
      const lowest = known[2 * blockOf(at)] as number;
      const highest = known[2 * blockOf(at) + 1] as number;
      // A block that was not read yet may hold anything.
      if (lowest === 0 || !(lowest > upTo && highest > -downTo)) return at;
    }
    return to;
  }

  /** Sets a span to the prices of the candles from `from` to before `to`, all of one block. */
  read(span: Span, from: number, to: number): void {
    const at = 2 * blockOf(from);
    const known = this.#known;
    if (known[at] === 0) readBlock(this.#candles, blockOf(from), known);
    const lowest = known[at] as number;
    const highest = -(known[at + 1] as number);
    const isWhole = to - from === blockLength && !Number.isNaN(lowest) && !Number.isNaN(highest);
    span.low = isWhole ? lowest : this.#lows.of(from, to);
    span.high = isWhole ? highest : -this.#highs.of(from, to);
  }

  /** The lowest price of the candles from `from` to before `to`, all of one block. */
  lowestOf(from: number, to: number): number {
    return this.#lows.of(from, to);
  }

  /** The highest price of the candles from `from` to before `to`, all of one block. */
  highestOf(from: number, to: number): number {
    return -this.#highs.of(from, to);
  }

  /** Widens a span by the prices of the candles from `from` to before `to`. */
  widen(span: Span, from: number, to: number): void {
    const wholeFrom = endOfBlock(from - 1);
    const wholeTo = startOf(blockOf(to));
    this.#widenByBlocks(span, blockOf(wholeFrom), blockOf(wholeTo));
    // Of the blocks at both ends, only a part belongs to it.
    this.#widenInside(span, from, Math.min(to, wholeFrom));
    this.#widenInside(span, Math.max(from, wholeTo), to);
  }

  /** Both sides at once, and without a branch for each: which block widens it nobody can tell beforehand. */
  #widenByBlocks(span: Span, from: number, to: number): void {
    const known = this.#known;
    let lowest = span.low;
    let highest = -span.high;
    for (let block = from; block < to; block++) {
      if (known[2 * block] === 0) readBlock(this.#candles, block, known);
      lowest = Math.min(lowest, known[2 * block] as number);
      highest = Math.min(highest, known[2 * block + 1] as number);
    }
    if (Number.isNaN(lowest) || Number.isNaN(highest)) {
      for (let block = from; block < to; block++)
        this.#widenInside(span, startOf(block), startOf(block + 1));
      return;
    }
    span.low = lowest;
    span.high = -highest;
  }

  /** By candles that are all of one block. */
  #widenInside(span: Span, from: number, to: number): void {
    if (from >= to) return;
    span.low = this.#lows.least(span.low, from, to);
    span.high = -this.#highs.least(-span.high, from, to);
  }
}

/** How far candles go to one side, by blocks; a block is read when it is asked for first. */
class Depths {
  readonly #candles: Columns;
  readonly #column: Float64Array;
  readonly #sign: 1 | -1;
  /** Both sides of each block; 0 where it was not read yet, `NaN` where its candles have to be asked one by one. */
  readonly #known: Float64Array;
  /** Which of the two is this one: 0 for the lows, 1 for the highs. */
  readonly #side: 0 | 1;

  constructor(candles: Columns, known: Float64Array, side: 0 | 1) {
    this.#candles = candles;
    this.#column = side === 0 ? candles.low : candles.high;
    this.#sign = side === 0 ? 1 : -1;
    this.#known = known;
    this.#side = side;
  }

  /** The deepest of the candles from `from` to before `to`, all of one block. */
  of(from: number, to: number): number {
    const known = this.within(blockOf(from));
    if (Number.isNaN(known)) return this.#widestOf(from, to);
    return to - from === blockLength ? known : this.#scan(Number.POSITIVE_INFINITY, from, to);
  }

  /** The first candle from `from` to before `to`, all of one block, that comes down to a depth; `to` where none does. */
  next(from: number, to: number, depth: number): number {
    if (depth === Number.NEGATIVE_INFINITY) return to;
    const known = this.within(blockOf(from));
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

  /** The smallest of a number and the depths from `from` to before `to`, all of one block; that is looked into where it could hold less. */
  least(start: number, from: number, to: number): number {
    return this.within(blockOf(from)) >= start ? start : this.#scan(start, from, to);
  }

  #scan(start: number, from: number, to: number): number {
    const column = this.#column;
    const sign = this.#sign;
    let least = start;
    for (let at = from; at < to; at++) least = Math.min(least, sign * (column[at] as number));
    return least;
  }

  /** The deepest of a block; `NaN` where one of its candles contradicts itself. */
  within(block: number): number {
    const at = 2 * block + this.#side;
    if (this.#known[at] === 0) readBlock(this.#candles, block, this.#known);
    return this.#known[at] as number;
  }

  #widestOf(from: number, to: number): number {
    let deepest = Number.POSITIVE_INFINITY;
    for (let at = from; at < to; at++)
      deepest = Math.min(deepest, this.#widest(this.#sign * (this.#column[at] as number), at));
    return deepest;
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
}

/** Reads both sides of a block at once, so that its columns are fetched once. */
function readBlock({ open, high, low, close }: Columns, block: number, known: Float64Array): void {
  const end = Math.min(close.length, startOf(block + 1));
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let areLowsSound = true;
  let areHighsSound = true;
  for (let at = startOf(block); at < end; at++) {
    const top = high[at] as number;
    const bottom = low[at] as number;
    const first = open[at] as number;
    const last = close[at] as number;
    if (bottom < lowest) lowest = bottom;
    if (top > highest) highest = top;
    if (bottom > first || bottom > last) areLowsSound = false;
    if (top < first || top < last) areHighsSound = false;
  }
  known[2 * block] = areLowsSound ? lowest : Number.NaN;
  known[2 * block + 1] = areHighsSound ? -highest : Number.NaN;
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
