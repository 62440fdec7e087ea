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
  #count = 0;
  /** The first that was not passed. */
  #at = 0;

  /** Throws `TypeError` for anything but a list of conditions. */
  constructor(conditions: readonly Condition[], indicators: Indicators) {
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
  }

  /** The first from a candle of the piece on; `noCandle` where it has no more. Candles are asked for in order. */
  nextFrom(index: number): number {
    const found = this.#found;
    let at = this.#at;
    while ((found[at] as number) < index) at++;
    this.#at = at;
    return found[at] as number;
  }

  #findCrosses(one: Numbers, other: Numbers, from: number, to: number): void {
    const found = this.#found;
    let count = this.#count;
    for (let at = Math.max(from, 1); at < to; at++) {
      // Whichever is above mostly stays there: as long as it does, a candle costs one comparison.
      if (isAbove(one, other, at - 1)) at = endAbove(one, other, at, to);
      else if (isAbove(other, one, at - 1)) at = endAbove(other, one, at, to);
      if (at < to && (crossesAbove(one, other, at) || crossesAbove(other, one, at)))
        found[count++] = at;
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
): Occasions | null {
  return decidesOn ? new Occasions(decidesOn(set, parameters), indicators) : null;
}

const isAbove = (one: Numbers, other: Numbers, at: number): boolean =>
  (one.values[at & one.mask] as number) > (other.values[at & other.mask] as number);

/** The first from `at` to before `to` at which the one is not above the other; `to` where there is none. */
function endAbove(one: Numbers, other: Numbers, at: number, to: number): number {
  const { values, mask } = one;
  const { values: others, mask: otherMask } = other;
  let end = at;
  while (end < to && (values[end & mask] as number) > (others[end & otherMask] as number)) end++;
  return end;
}

/** As `Line.crossesAbove` has it. */
const crossesAbove = (one: Numbers, other: Numbers, at: number): boolean =>
  isAbove(one, other, at) &&
  (one.values[(at - 1) & one.mask] as number) <= (other.values[(at - 1) & other.mask] as number);

/** Where the numbers are when they are asked for; a number is a line that always has it. */
function numbersOf(one: Line | number, indicators: Indicators): () => Numbers {
  if (typeof one !== "number") {
    indicators.add(one);
    return () => tapeOf(one);
  }
  const constant = { values: Float64Array.of(one), mask: 0 };
  return () => constant;
}
