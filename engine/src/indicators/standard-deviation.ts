import { type Line, line, type Source } from "../line.ts";
import { productError } from "../mathematics.ts";
import { NumberKernel } from "./kernel.ts";
import { checkLength } from "./lengths.ts";

/**
 * Standard deviation of the last `length` values (population: divided by `length`), as Bollinger bands and TA-Lib use it.
 * Sums of values and squares are kept to twice the precision of a double, so that removing old values leaves no trace.
 * Source: TA-Lib STDDEV.
 */
export function standardDeviation(length: number, source: Source = "close"): Line {
  checkLength("standardDeviation", length, 2);
  return line(
    ["standardDeviation", length],
    [source],
    ([input]) => new StandardDeviation(input as Float64Array, length),
  );
}

/** A spread this small beside the squares is what rounding left: the values stand still. */
const nothing = 1e-24;

class StandardDeviation extends NumberKernel {
  readonly #length: number;
  #sum = 0;
  #sumLow = 0;
  #squares = 0;
  #squaresLow = 0;

  constructor(input: Float64Array, length: number) {
    super(input);
    this.#length = length;
  }

  protected override advance(from: number, to: number, output: Float64Array): void {
    const full = this.first + this.#length;
    for (let at = from; at < to; at++) {
      this.#add(this.input[at] as number, 1);
      if (at >= full) this.#add(this.input[at - this.#length] as number, -1);
      output[at - from] = at >= full - 1 ? this.#deviation() : Number.NaN;
    }
  }

  #add(value: number, sign: 1 | -1): void {
    const term = sign * value;
    const sum = this.#sum + term;
    this.#sumLow += sumError(this.#sum, term, sum);
    this.#sum = sum;
    const square = value * value;
    const squares = this.#squares + sign * square;
    this.#squaresLow +=
      sumError(this.#squares, sign * square, squares) + sign * productError(value, value, square);
    this.#squares = squares;
  }

  #deviation(): number {
    const n = this.#length;
    const scaled = n * this.#squares;
    const squared = this.#sum * this.#sum;
    const low =
      productError(n, this.#squares, scaled) -
      productError(this.#sum, this.#sum, squared) +
      n * this.#squaresLow -
      2 * this.#sum * this.#sumLow;
    const spread = scaled - squared + low;
    return spread > nothing * scaled ? Math.sqrt(spread) / n : 0;
  }
}

/** What rounding took from a + b (Knuth). */
function sumError(a: number, b: number, sum: number): number {
  const kept = sum - a;
  return a - (sum - kept) + (b - kept);
}
