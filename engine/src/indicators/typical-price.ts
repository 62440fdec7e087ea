import type { Line } from "../line.ts";
import { combined, combinedThree } from "./combined.ts";

/** (high + low + close) ÷ 3. Source: TA-Lib TYPPRICE. */
export const typicalPrice = (): Line =>
  combinedThree(
    ["typicalPrice"],
    ["high", "low", "close"],
    (high, low, close) => (high + low + close) / 3,
  );

/** (high + low) ÷ 2. Source: TA-Lib MEDPRICE. */
export const medianPrice = (): Line =>
  combined(["medianPrice"], "high", "low", (high, low) => (high + low) / 2);

/** (high + low + 2 × close) ÷ 4. Source: TA-Lib WCLPRICE. */
export const weightedClose = (): Line =>
  combinedThree(
    ["weightedClose"],
    ["high", "low", "close"],
    (high, low, close) => (high + low + 2 * close) / 4,
  );
