import type { Kernel } from "../line.ts";

/** A kernel of one input and one output that begins at the input's first number; before it the output is `NaN`. */
export abstract class NumberKernel implements Kernel {
  protected readonly input: Float64Array;
  protected readonly output: Float64Array;
  /** Index of the first number of the input; -1 until it came. */
  protected first = -1;

  constructor(input: Float64Array, output: Float64Array) {
    this.input = input;
    this.output = output;
  }

  fill(from: number, to: number): void {
    let at = from;
    while (this.first < 0 && at < to) {
      if (Number.isNaN(this.input[at])) this.output[at++] = Number.NaN;
      else this.first = at;
    }
    if (at < to) this.advance(at, to);
  }

  /** Continues over `from` to before `to`; `first` is known and not after `from`. */
  protected abstract advance(from: number, to: number): void;
}
