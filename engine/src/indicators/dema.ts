import type { Line, Source } from "../line.ts";
import { combined, combinedThree } from "./combined.ts";
import { ema } from "./ema.ts";

/**
 * Double exponential moving average: twice the average less its own average; each is seeded as `ema` is.
 * Source: Patrick Mulloy, Smoothing Data with Faster Moving Averages, 1994; TA-Lib DEMA.
 */
export function dema(length: number, source: Source = "close"): Line {
  const once = ema(length, source);
  return combined(["dema"], once, ema(length, once), (one, two) => 2 * one - two);
}

/** Triple exponential moving average, of the same kind. Source: Mulloy 1994; TA-Lib TEMA. */
export function tema(length: number, source: Source = "close"): Line {
  const once = ema(length, source);
  const twice = ema(length, once);
  return combinedThree(
    ["tema"],
    [once, twice, ema(length, twice)],
    (one, two, three) => 3 * (one - two) + three,
  );
}
