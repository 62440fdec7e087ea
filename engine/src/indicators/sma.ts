import { type Line, line, type Source } from "../line.ts";
import { endOnGrid, gridWith, knownGrid, nearest, noFraction } from "./decimal-grid.ts";
import { NumberKernel } from "./kernel.ts";
import { checkLength } from "./lengths.ts";

/**
 * Simple moving average: the mean of the last `length` values; the first value at the `length`-th.
 *
 * Means are exact: prices that are decimals on a common grid (up to 12 places) are summed as whole ticks, so two
 * averages that are equal compare as equal. From the first value off any grid on, sums are compensated (Neumaier 1974).
 * Source: TA-Lib SMA.
 */
export function sma(length: number, source: Source = "close"): Line {
  checkLength("sma", length);
  return line(["sma", length], [source], ([input]) => new Sma(input as Float64Array, length));
}

class Sma extends NumberKernel {
  readonly #length: number;
  /** Sums of whole ticks stay exact while each is at most this. */
  readonly #ticksMax: number;
  /** Ticks per unit; 0 once a value was on no grid. */
  #ticksPerUnit = 1;
  /** Of the last `length` values: in ticks while there is a grid, else in units with what rounding left. */
  #sum = 0;
  #carry = 0;

  constructor(input: Float64Array, length: number) {
    super(input);
    this.#length = length;
    this.#ticksMax = 2 ** 51 / (length + 1);
  }

  protected override advance(from: number, to: number, output: Float64Array): void {
    let at = from;
    while (at < to && this.#ticksPerUnit > 0) {
      const end = this.#endOnGrid(at, to);
      this.#fillExactly(at, end, output.subarray(at - from));
      at = end;
      if (at < to) this.#refine(at);
    }
    if (at < to) this.#fillCompensated(at, to, output.subarray(at - from));
  }

  /** How far values lie on the grid. */
  #endOnGrid(from: number, to: number): number {
    const known = knownGrid(this.input);
    const finer = Math.max(known.ticksPerUnit, this.#ticksPerUnit);
    if (to > known.to || known.largest * finer > this.#ticksMax)
      return endOnGrid(this.input, from, to, this.#ticksPerUnit, this.#ticksMax);
    this.#sum *= finer / this.#ticksPerUnit;
    this.#ticksPerUnit = finer;
    return to;
  }

  /** Continues over values that lie on the grid. */
  #fillExactly(from: number, to: number, output: Float64Array): void {
    const { input } = this;
    const length = this.#length;
    const scale = this.#ticksPerUnit;
    const divisor = length * scale;
    const full = Math.min(to, Math.max(from, this.first + length));
    // Carried this much too high, all numbers are too large to be taken for integers, which V8 would convert to and fro.
    let sum = noFraction + this.#sum;
    for (let at = from; at < full; at++) {
      sum += nearest((input[at] as number) * scale);
      output[at - from] =
        at === this.first + length - 1 ? (sum - noFraction) / divisor : Number.NaN;
    }
    for (let at = full; at < to; at++) {
      const entering = (input[at] as number) * scale + noFraction;
      const leaving = (input[at - length] as number) * scale + noFraction;
      sum += entering - leaving;
      output[at - from] = (sum - noFraction) / divisor;
    }
    this.#sum = sum - noFraction;
  }

  /** Finds a grid that also holds the value at `at`, or gives grids up; sums what the window holds anew. */
  #refine(at: number): void {
    const value = this.input[at] as number;
    const from = Math.max(this.first, at - this.#length);
    const window = this.input.subarray(from, at);
    const grid = gridWith(value, this.#ticksPerUnit);
    const largest =
      window.reduce((most, one) => Math.max(most, Math.abs(one)), Math.abs(value)) * grid;
    const isExact = grid > 0 && largest <= this.#ticksMax;
    this.#ticksPerUnit = isExact ? grid : 0;
    this.#sum = 0;
    for (const one of window) {
      if (isExact) this.#sum += nearest(one * grid);
      else this.#add(one);
    }
  }

  #fillCompensated(from: number, to: number, output: Float64Array): void {
    const full = this.first + this.#length;
    for (let at = from; at < to; at++) {
      this.#add(this.input[at] as number);
      if (at >= full) this.#add(-(this.input[at - this.#length] as number));
      output[at - from] = at >= full - 1 ? (this.#sum + this.#carry) / this.#length : Number.NaN;
    }
  }

  #add(term: number): void {
    const sum = this.#sum + term;
    this.#carry +=
      Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - sum + term : term - sum + this.#sum;
    this.#sum = sum;
  }
}
