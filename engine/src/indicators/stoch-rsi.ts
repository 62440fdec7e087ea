import type { Line, Source } from "../line.ts";
import { combined } from "./combined.ts";
import { highest, lowest } from "./extremes.ts";
import { rsi } from "./rsi.ts";
import { sma } from "./sma.ts";

/**
 * Stochastic RSI, 0 to 100: where the RSI lies between its lowest and highest of the last `stochasticLength` values,
 * smoothed twice by simple averages (`k`, then `d`). 50 where the RSI stood still.
 * Source: Tushar Chande and Stanley Kroll, The New Technical Trader, 1994.
 */
export function stochRsi(
  rsiLength = 14,
  stochasticLength = 14,
  kLength = 3,
  dLength = 3,
  source: Source = "close",
): Readonly<Record<"k" | "d", Line>> {
  const strength = rsi(rsiLength, source);
  const low = lowest(stochasticLength, strength);
  const above = combined(["stochRsi above"], strength, low, (value, least) => value - least);
  const range = combined(
    ["stochRsi range"],
    highest(stochasticLength, strength),
    low,
    (most, least) => most - least,
  );
  const k = sma(
    kLength,
    combined(["stochRsi"], above, range, (part, whole) =>
      whole === 0 ? 50 : (100 * part) / whole,
    ),
  );
  return { k, d: sma(dLength, k) };
}
