import type { Line } from "../line.ts";
import { atr } from "./atr.ts";
import { combined } from "./combined.ts";

/** Average true range in percent of the close. Source: TA-Lib NATR. */
export const natr = (length = 14): Line =>
  combined(["natr"], atr(length), "close", (range, close) => (100 * range) / close);
