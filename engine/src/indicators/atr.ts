import { type Line, line } from "../line.ts";
import { wilder } from "./ema.ts";
import { NumberKernel } from "./kernel.ts";

/**
 * True range: the largest of high − low, |high − close before| and |low − close before|; from the second candle on.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
 */
export function trueRange(): Line {
  return line(
    ["trueRange"],
    ["close", "high", "low"],
    ([close, high, low]) =>
      new TrueRange(close as Float64Array, high as Float64Array, low as Float64Array),
  );
}

/**
 * Average true range: Wilder's average of the true range, seeded with the mean of its first `length` values, so the first
 * value comes at candle `length` + 1. Source: Wilder 1978; TA-Lib ATR.
 */
export function atr(length = 14): Line {
  return wilder(length, trueRange());
}

class TrueRange extends NumberKernel {
  readonly #high: Float64Array;
  readonly #low: Float64Array;

  constructor(close: Float64Array, high: Float64Array, low: Float64Array) {
    super(close);
    this.#high = high;
    this.#low = low;
  }

  protected override advance(from: number, to: number, output: Float64Array): void {
    const { input } = this;
    for (let at = from; at < to; at++) {
      const high = this.#high[at] as number;
      const low = this.#low[at] as number;
      // NaN at the first candle, which has no close before it.
      const before = at > 0 ? (input[at - 1] as number) : Number.NaN;
      output[at - from] = Math.max(high, before) - Math.min(low, before);
    }
  }
}
