import type { Line, Source } from "../line.ts";
import { combined } from "./combined.ts";
import { checkLength } from "./lengths.ts";
import { rollingSum } from "./rolling-sum.ts";
import { wma } from "./wma.ts";

/**
 * The straight line that fits the last `length` values best by least squares: where it stands now (`value`), and its `slope` per
 * candle. It follows from the simple and the weighted average. Source: TA-Lib LINEARREG, LINEARREG_SLOPE.
 */
export function linearRegression(
  length = 14,
  source: Source = "close",
): Readonly<Record<"value" | "slope", Line>> {
  checkLength("linearRegression", length, 2);
  const sum = rollingSum(length, source);
  const weighted = wma(length, source);
  return {
    value: combined(
      ["linearRegression value", length],
      weighted,
      sum,
      (heavy, all) => 3 * heavy - (2 * all) / length,
    ),
    slope: combined(
      ["linearRegression slope", length],
      weighted,
      sum,
      (heavy, all) => (6 * (heavy - all / length)) / (length - 1),
    ),
  };
}
