import { type Kernel, type Line, line, type Source } from "../line.ts";
import { checkLength } from "./lengths.ts";

/**
 * Exponential moving average with weight 2 ÷ (length + 1). Seeded, as TA-Lib does, with the mean of the first `length`
 * values, which is its first value. Source: TA-Lib EMA.
 */
export function ema(length: number, source: Source = "close"): Line {
  checkLength("ema", length);
  return line(
    ["ema", length],
    [source],
    ([input]) => new Ema(input as Float64Array, length, 2 / (length + 1)),
  );
}

/**
 * Wilder's moving average (weight 1 ÷ length), seeded with the mean of the first `length` values.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export function wilder(length: number, source: Source = "close"): Line {
  checkLength("wilder", length);
  return line(
    ["wilder", length],
    [source],
    ([input]) => new Ema(input as Float64Array, length, 1 / length),
  );
}

class Ema implements Kernel {
  readonly #input: Float64Array;
  readonly #length: number;
  readonly #weight: number;
  #seen = 0;
  #mean = 0;

  constructor(input: Float64Array, length: number, weight: number) {
    this.#input = input;
    this.#length = length;
    this.#weight = weight;
  }

  fill(from: number, to: number, output: Float64Array): void {
    const at = this.#seed(from, to, output);
    const input = this.#input;
    const weight = this.#weight;
    let mean = this.#mean;
    for (let i = at; i < to; i++) {
      mean += weight * ((input[i] as number) - mean);
      output[i - from] = mean;
    }
    this.#mean = mean;
  }

  /** Adds up the first values; returns the index that follows the seed. */
  #seed(from: number, to: number, output: Float64Array): number {
    let at = from;
    for (; at < to && this.#seen < this.#length; at++) {
      const value = this.#input[at] as number;
      output[at - from] = Number.NaN;
      if (Number.isNaN(value)) continue;
      this.#seen++;
      this.#mean += value;
      if (this.#seen < this.#length) continue;
      this.#mean /= this.#length;
      output[at - from] = this.#mean;
    }
    return at;
  }
}
