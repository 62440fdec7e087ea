import type { Kernel } from "../line.ts";

/**
 * A kernel that computes one candle after the other, from the first on at which every input is a number; `NaN` before.
 * `next` is asked once for each candle, in order, with the index and that of the first.
 */
export function stepwise(
  inputs: readonly Float64Array[],
  next: (at: number, first: number) => number,
): Kernel {
  let first = -1;
  return {
    fill(from, to, output) {
      let at = from;
      for (; first < 0 && at < to; at++) {
        if (inputs.every((input) => !Number.isNaN(input[at]))) first = at--;
        else output[at - from] = Number.NaN;
      }
      for (; at < to; at++) output[at - from] = next(at, first);
    },
  };
}
