import type { Line, Source } from "../line.ts";
import { combined } from "./combined.ts";
import { rsi } from "./rsi.ts";

/**
 * Chande momentum oscillator, −100 to 100: gains less losses over their sum, smoothed and seeded as the RSI is.
 * Source: Tushar Chande, The New Technical Trader, 1994; TA-Lib CMO.
 */
export function cmo(length = 14, source: Source = "close"): Line {
  const strength = rsi(length, source);
  return combined(["cmo"], strength, strength, (one) => 2 * one - 100);
}
