import type { Line, Source } from "../line.ts";
import { combined } from "./combined.ts";
import { rollingSum } from "./rolling-sum.ts";

/** Volume-weighted moving average of the last `length` values; `NaN` where none of their candles traded. Source: pandas-ta vwma. */
export function vwma(length: number, source: Source = "close"): Line {
  const traded = combined(["vwma traded"], source, "volume", (value, volume) => value * volume);
  return combined(
    ["vwma"],
    rollingSum(length, traded),
    rollingSum(length, "volume"),
    (sum, volume) => (volume === 0 ? Number.NaN : sum / volume),
  );
}
