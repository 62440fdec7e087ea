import type { Line } from "../line.ts";
import { combined } from "./combined.ts";
import { highest, lowest } from "./extremes.ts";
import { sma } from "./sma.ts";

/**
 * Stochastic oscillator, 0 to 100: where the close lies between the lowest low and highest high of `length` candles,
 * averaged over `kLength` (k) and that over `dLength` (d). 50 where nothing moved.
 * Source: George Lane, Lane's Stochastics, 1984; TA-Lib STOCH with simple averages.
 */
export function stochastic(
  length = 14,
  kLength = 3,
  dLength = 3,
): Readonly<Record<"k" | "d", Line>> {
  const k = sma(kLength, placeInRange(length));
  return { k, d: sma(dLength, k) };
}

/**
 * Williams %R, −100 to 0: how far the close lies below the highest high, in percent of the range of `length` candles.
 * −50 where nothing moved. Source: Larry Williams, 1973; TA-Lib WILLR.
 */
export function williamsR(length = 14): Line {
  const place = placeInRange(length);
  return combined(["williamsR"], place, place, (one) => one - 100);
}

function placeInRange(length: number): Line {
  const low = lowest(length);
  const above = combined(["stochastic above"], "close", low, (close, least) => close - least);
  const range = combined(["stochastic range"], highest(length), low, (most, least) => most - least);
  return combined(["stochastic place"], above, range, (part, whole) =>
    whole === 0 ? 50 : (100 * part) / whole,
  );
}
