import { type Line, line } from "../line.ts";
import { combinedThree } from "./combined.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Heikin-Ashi candles: the close is the mean of the candle's four prices, the open the middle of the body before, high and low
 * include both. The first open is the middle of the first body. For signals only: orders fill at real prices.
 * Source: Dan Valcu, Using the Heikin-Ashi Technique, 2004.
 */
export function heikinAshi(): Readonly<Record<"open" | "high" | "low" | "close", Line>> {
  const close = line(["heikinAshi close"], ["open", "high", "low", "close"], (inputs) => {
    const [opens, highs, lows, closes] = inputs as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return stepwise(
      inputs,
      (at) =>
        ((opens[at] as number) +
          (highs[at] as number) +
          (lows[at] as number) +
          (closes[at] as number)) /
        4,
    );
  });
  const open = line(["heikinAshi open"], ["open", "close", close], (inputs) => {
    const [opens, closes, means] = inputs as [Float64Array, Float64Array, Float64Array];
    let before = 0;
    return stepwise(inputs, (at, first) => {
      before =
        at === first
          ? ((opens[at] as number) + (closes[at] as number)) / 2
          : (before + (means[at - 1] as number)) / 2;
      return before;
    });
  });
  return {
    open,
    high: combinedThree(["heikinAshi high"], ["high", open, close], (high, from, to) =>
      Math.max(high, from, to),
    ),
    low: combinedThree(["heikinAshi low"], ["low", open, close], (low, from, to) =>
      Math.min(low, from, to),
    ),
    close,
  };
}
