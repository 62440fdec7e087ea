import type { Line, Source } from "../line.ts";
import { ema } from "./ema.ts";
import { rateOfChange } from "./momentum.ts";

/**
 * TRIX: change in percent, from one candle to the next, of a triple exponential average.
 * Source: Jack Hutson, Good TRIX, 1983; TA-Lib TRIX.
 */
export const trix = (length = 15, source: Source = "close"): Line =>
  rateOfChange(1, ema(length, ema(length, ema(length, source))));
