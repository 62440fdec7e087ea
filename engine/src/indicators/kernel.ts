import type { Kernel } from "../line.ts";

/** A kernel of one main input that begins at its first number; before it the output is `NaN`. */
export abstract class NumberKernel implements Kernel {
  protected readonly input: Float64Array;
  /** Index of the first number of the input; -1 until it came. */
  protected first = -1;

  constructor(input: Float64Array) {
    this.input = input;
  }

  fill(from: number, to: number, output: Float64Array): void {
    let at = from;
    while (this.first < 0 && at < to) {
      if (Number.isNaN(this.input[at])) output[at++ - from] = Number.NaN;
      else this.first = at;
    }
    if (at < to) this.advance(at, to, at === from ? output : output.subarray(at - from));
  }

  /** Continues over `from` to before `to`, as `fill`; `first` is known and not after `from`. */
  protected abstract advance(from: number, to: number, output: Float64Array): void;
}
