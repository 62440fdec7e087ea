import { type Line, line, type Source } from "../line.ts";
import { exp } from "../mathematics.ts";
import { combined } from "./combined.ts";
import { sma } from "./sma.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Nadaraya-Watson envelope that never repaints: the estimate weighs past values alone by a Gaussian of `bandwidth` candles (those
 * eight bandwidths back weigh nothing in a double), the bands lie `multiplier` mean absolute errors of `errorLength` candles
 * away. A candle costs eight bandwidths of steps. Source: Nadaraya 1964, Watson 1964, at the end point.
 */
export function nadarayaWatson(
  bandwidth = 8,
  multiplier = 3,
  errorLength = 499,
  source: Source = "close",
): Readonly<Record<"upper" | "middle" | "lower", Line>> {
  if (!(bandwidth > 0 && bandwidth <= 1_000)) {
    throw new RangeError("nadarayaWatson takes a bandwidth above 0 and up to 1000 candles.");
  }
  const middle = estimate(bandwidth, source);
  const error = sma(
    errorLength,
    combined(["nadarayaWatson error"], source, middle, (value, mean) => Math.abs(value - mean)),
  );
  return {
    upper: combined(
      ["nadarayaWatson upper", multiplier],
      middle,
      error,
      (mean, one) => mean + multiplier * one,
    ),
    middle,
    lower: combined(
      ["nadarayaWatson lower", multiplier],
      middle,
      error,
      (mean, one) => mean - multiplier * one,
    ),
  };
}

function estimate(bandwidth: number, source: Source): Line {
  const weights = Float64Array.from({ length: Math.ceil(8 * bandwidth) + 1 }, (_, age) =>
    exp(-(age * age) / (2 * bandwidth * bandwidth)),
  );
  return line(["nadarayaWatson", bandwidth], [source], ([input]) => {
    const values = input as Float64Array;
    return stepwise([values], (at, first) => {
      if (at - first + 1 < weights.length) return Number.NaN;
      let sum = 0;
      let weighed = 0;
      for (let age = 0; age < weights.length; age++) {
        const weight = weights[age] as number;
        sum += weight;
        weighed += weight * (values[at - age] as number);
      }
      return weighed / sum;
    });
  });
}
