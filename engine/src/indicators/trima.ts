import type { Line, Source } from "../line.ts";
import { checkLength } from "./lengths.ts";
import { sma } from "./sma.ts";

/** Triangular moving average: a simple average of a simple average, heaviest in the middle. Source: TA-Lib TRIMA. */
export function trima(length: number, source: Source = "close"): Line {
  checkLength("trima", length);
  return sma(Math.floor(length / 2) + 1, sma(Math.ceil(length / 2), source));
}
