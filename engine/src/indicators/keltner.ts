import type { Line } from "../line.ts";
import { atr } from "./atr.ts";
import { combined } from "./combined.ts";
import { ema } from "./ema.ts";

/**
 * Keltner channel: an exponential average of closes and, `multiplier` average true ranges away, an upper and a lower line.
 * Source: Chester Keltner 1960, in Linda Bradford Raschke's form.
 */
export function keltner(
  length = 20,
  multiplier = 2,
  rangeLength = 10,
): Readonly<Record<"upper" | "middle" | "lower", Line>> {
  const middle = ema(length);
  const range = atr(rangeLength);
  return {
    upper: combined(
      ["keltner upper", multiplier],
      middle,
      range,
      (mean, one) => mean + multiplier * one,
    ),
    middle,
    lower: combined(
      ["keltner lower", multiplier],
      middle,
      range,
      (mean, one) => mean - multiplier * one,
    ),
  };
}
