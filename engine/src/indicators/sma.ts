import { type Line, line, type Source } from "../line.ts";
import { NumberKernel } from "./kernel.ts";
import { checkLength } from "./lengths.ts";

/**
 * Simple moving average: the mean of the last `length` values; the first value at the `length`-th.
 *
 * Means are exact: prices that are decimals on a common grid (up to 12 places) are summed as whole ticks, so two
 * averages that are equal compare as equal. From the first value off any grid on, sums are compensated (Neumaier 1974).
 */
export function sma(length: number, source: Source = "close"): Line {
  checkLength("sma", length);
  return line([source], ([input]) => new Sma(input as Float64Array, length));
}

const finestGrid = 1e12;

/** The nearest whole number, for sizes below 2 ** 51: adding this leaves no room for a fraction. Faster than `Math.round`. */
const noFraction = 3 * 2 ** 51;
const nearest = (scaled: number) => scaled + noFraction - noFraction;

/** Whether a value times the ticks per unit is a number of whole ticks, but for what rounding did to it. */
const isWhole = (scaled: number, ticks: number) =>
  Math.abs(scaled - ticks) <= Math.abs(ticks) * Number.EPSILON;

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
      const rest = output.subarray(at - from);
      at =
        at < this.first + this.#length
          ? this.#gatherExactly(at, to, rest)
          : this.#fillExactly(at, to, rest);
      // At the end of the first window the grid still fits; refining it then changes nothing.
      if (at < to) this.#refine(at);
    }
    if (at < to) this.#fillCompensated(at, to, output.subarray(at - from));
  }

  /** The first values, before any leaves; returns as `#fillExactly` does, at the latest when the window is full. */
  #gatherExactly(from: number, to: number, output: Float64Array): number {
    const full = this.first + this.#length;
    const scale = this.#ticksPerUnit;
    let at = from;
    for (; at < Math.min(to, full); at++) {
      const scaled = (this.input[at] as number) * scale;
      const ticks = nearest(scaled);
      if (!isWhole(scaled, ticks) || Math.abs(ticks) > this.#ticksMax) break;
      this.#sum += ticks;
      output[at - from] = at === full - 1 ? this.#sum / (this.#length * scale) : Number.NaN;
    }
    return at;
  }

  /** Continues while values lie on the grid; returns the index of the first that does not, or `to`. */
  #fillExactly(from: number, to: number, output: Float64Array): number {
    const { input } = this;
    const length = this.#length;
    const scale = this.#ticksPerUnit;
    const ticksMax = this.#ticksMax;
    const divisor = length * scale;
    let sum = this.#sum;
    let at = from;
    for (; at < to; at++) {
      const scaled = (input[at] as number) * scale;
      const ticks = nearest(scaled);
      if (!isWhole(scaled, ticks) || Math.abs(ticks) > ticksMax) break;
      sum += ticks - nearest((input[at - length] as number) * scale);
      output[at - from] = sum / divisor;
    }
    this.#sum = sum;
    return at;
  }

  /** Finds a grid that also holds the value at `at`, or gives grids up; sums what the window holds anew. */
  #refine(at: number): void {
    const value = this.input[at] as number;
    const from = Math.max(this.first, at - this.#length);
    const window = this.input.subarray(from, at);
    let scale = this.#ticksPerUnit;
    const fits = () => isWhole(value * scale, nearest(value * scale));
    while (scale < finestGrid && !fits()) scale *= 10;
    const largest =
      window.reduce((most, one) => Math.max(most, Math.abs(one)), Math.abs(value)) * scale;
    const isExact = fits() && largest <= this.#ticksMax;
    this.#ticksPerUnit = isExact ? scale : 0;
    this.#sum = 0;
    for (const one of window) {
      if (isExact) this.#sum += nearest(one * scale);
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
