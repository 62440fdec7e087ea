import { type Line, line, type Source } from "../line.ts";
import { NumberKernel } from "./kernel.ts";
import { checkLength } from "./lengths.ts";

/**
 * Relative strength index, 0 to 100: Wilder's average gain over the sum of average gain and average loss. Both are seeded
 * with the mean of the first `length` changes, so the first value comes at value `length` + 1. 50 where nothing moved.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib RSI.
 */
export function rsi(length = 14, source: Source = "close"): Line {
  checkLength("rsi", length);
  return line(["rsi", length], [source], ([input]) => new Rsi(input as Float64Array, length));
}

class Rsi extends NumberKernel {
  readonly #length: number;
  /** Averages; sums while the seed is not complete. */
  #gain = 0;
  #loss = 0;

  constructor(input: Float64Array, length: number) {
    super(input);
    this.#length = length;
  }

  protected override advance(from: number, to: number, output: Float64Array): void {
    const { input } = this;
    const length = this.#length;
    const start = this.#seed(from, to, output);
    let gain = this.#gain;
    let loss = this.#loss;
    for (let at = start; at < to; at++) {
      const change = (input[at] as number) - (input[at - 1] as number);
      gain = (gain * (length - 1) + Math.max(change, 0)) / length;
      loss = (loss * (length - 1) + Math.max(-change, 0)) / length;
      output[at - from] = strengthOf(gain, loss);
    }
    this.#gain = gain;
    this.#loss = loss;
  }

  /** Adds up the first changes; returns the index that follows the seed. */
  #seed(from: number, to: number, output: Float64Array): number {
    const seeded = this.first + this.#length;
    let at = from;
    for (; at < to && at <= seeded; at++) {
      const before = this.input[Math.max(this.first, at - 1)] as number;
      const change = (this.input[at] as number) - before;
      this.#gain += Math.max(change, 0) / this.#length;
      this.#loss += Math.max(-change, 0) / this.#length;
      output[at - from] = at < seeded ? Number.NaN : strengthOf(this.#gain, this.#loss);
    }
    return at;
  }
}

const strengthOf = (gain: number, loss: number) =>
  gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
