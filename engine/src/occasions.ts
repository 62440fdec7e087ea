import type { Columns } from "./columns.ts";
import { type Condition, crosses } from "./condition.ts";
import { type IndicatorSet, type Line, tapeOf } from "./line.ts";
import { noCandle } from "./lookout.ts";
import type { ParameterValues } from "./parameters.ts";
import { pieceLength } from "./piece.ts";
import type { Indicators } from "./run-indicators.ts";
import type { Strategy } from "./strategy.ts";

/** The numbers of a line where they are now; `values[index & mask]` is that of a candle. */
type Numbers = Readonly<{ values: Float64Array; mask: number }>;

/** The candles on which a strategy decides, found piece by piece from what its `decidesOn` named. */
export class Occasions {
  readonly #searches: readonly ((from: number, to: number) => void)[];
  /** Those of the piece in order, with a last one that never comes. */
  readonly #found: Int32Array;
  readonly #candles: Columns;
  /** What reading ahead leaves: if it left nothing, it would be left out. */
  readonly #ahead = new Float64Array(1);
  #count = 0;
  /** The first that was not passed. */
  #at = 0;

  /** Throws `TypeError` for anything but a list of conditions. */
  constructor(conditions: readonly Condition[], indicators: Indicators, candles: Columns) {
    this.#candles = candles;
    if (!Array.isArray(conditions) || conditions.length === 0)
      throw new TypeError("decidesOn must return a list such as [crosses(fast, slow)].");
    this.#searches = conditions.map((given: Condition) => {
      // Made anew: what came from a strategy is looked at once.
      const { line, other } = crosses(given.line, given.other);
      const [ours, theirs] = [numbersOf(line, indicators), numbersOf(other, indicators)];
      return (from, to) => this.#findCrosses(ours(), theirs(), from, to);
    });
    this.#found = new Int32Array(conditions.length * pieceLength + 1).fill(noCandle);
  }

  /** Finds those from `from` to before `to`, at most a piece whose lines are computed. */
  find(from: number, to: number): void {
    this.#at = 0;
    this.#count = 0;
    for (const search of this.#searches) search(from, to);
    if (this.#searches.length > 1) this.#found.subarray(0, this.#count).sort();
    this.#found[this.#count] = noCandle;
    this.#readAhead();
  }

  /**
   * Reads the candles that decisions and the fills after them will read. Here the processor fetches them all at once; one by one,
   * with a decision between, each would have to wait for memory.
   */
  #readAhead(): void {
    const { time, open, high, low, close } = this.#candles;
    const last = close.length - 1;
    let sum = 0;
    for (let i = 0; i < this.#count; i++) {
      const at = this.#found[i] as number;
      const next = Math.min(at + 1, last);
      sum += (close[at] as number) + (time[next] as number) + (open[next] as number);
      sum += (high[next] as number) + (low[next] as number);
    }
    this.#ahead[0] = sum;
  }

  /** The first from a candle of the piece on; `noCandle` where it has no more. Candles are asked for in order. */
  nextFrom(index: number): number {
    const found = this.#found;
    let at = this.#at;
    while ((found[at] as number) < index) at++;
    this.#at = at;
    return found[at] as number;
  }

  #findCrosses(ours: Numbers, theirs: Numbers, from: number, to: number): void {
    const length = to - from;
    const one = pieceOf(ours, from, length);
    const other = pieceOf(theirs, from, length);
    const found = this.#found;
    let count = this.#count;
    let side =
      from === 0 ? Number.NaN : sideOf(numberAt(ours, from - 1), numberAt(theirs, from - 1));
    for (let at = 0; at < length; at++) {
      // Whichever is above mostly stays there: as long as it does, a candle costs one comparison.
      if (side === 1) at = endAbove(one, other, at, length);
      else if (side === -1) at = endAbove(other, one, at, length);
      if (at === length) break;
      const next = sideOf(one[at] as number, other[at] as number);
      // As `crossesAbove` and `crossesBelow` have it.
      if ((next === 1 && side <= 0) || (next === -1 && side >= 0)) found[count++] = from + at;
      side = next;
    }
    this.#count = count;
  }
}

/** Those that a strategy names; null where it decides on every candle. */
export function occasionsOf(
  { decidesOn }: Strategy,
  set: IndicatorSet,
  parameters: ParameterValues,
  indicators: Indicators,
  candles: Columns,
): Occasions | null {
  return decidesOn ? new Occasions(decidesOn(set, parameters), indicators, candles) : null;
}

const numberAt = ({ values, mask }: Numbers, at: number) => values[at & mask] as number;

/** The numbers of the candles of a piece. */
const pieceOf = ({ values, mask }: Numbers, from: number, length: number): Float64Array =>
  values.subarray(from & mask, (from & mask) + length);

/** 1 where the one is above the other, −1 where it is below, 0 where they are equal; `NaN` where one of them is no number. */
const sideOf = (one: number, other: number): number =>
  one > other ? 1 : one < other ? -1 : one === other ? 0 : Number.NaN;

/** The first from `at` to before `to` at which the one is not above the other; `to` where there is none. */
function endAbove(one: Float64Array, other: Float64Array, at: number, to: number): number {
  let end = at;
  while (end < to && (one[end] as number) > (other[end] as number)) end++;
  return end;
}

/** Where the numbers are when they are asked for; a number is a line that always has it. */
function numbersOf(one: Line | number, indicators: Indicators): () => Numbers {
  if (typeof one !== "number") {
    indicators.add(one);
    return () => tapeOf(one);
  }
  const constant = { values: new Float64Array(pieceLength).fill(one), mask: pieceLength - 1 };
  return () => constant;
}
