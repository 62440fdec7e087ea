import type { Line, Source } from "../line.ts";
import { combined } from "./combined.ts";
import { sma } from "./sma.ts";
import { standardDeviation } from "./standard-deviation.ts";

/**
 * Bollinger bands: the simple average and, `deviations` population standard deviations away, an upper and a lower band.
 * Source: John Bollinger, Bollinger on Bollinger Bands, 2001; TA-Lib BBANDS.
 */
export function bollinger(
  length = 20,
  deviations = 2,
  source: Source = "close",
): Readonly<Record<"upper" | "middle" | "lower", Line>> {
  const middle = sma(length, source);
  const deviation = standardDeviation(length, source);
  return {
    upper: combined(
      ["bollinger upper", deviations],
      middle,
      deviation,
      (mean, one) => mean + deviations * one,
    ),
    middle,
    lower: combined(
      ["bollinger lower", deviations],
      middle,
      deviation,
      (mean, one) => mean - deviations * one,
    ),
  };
}
