import type { Line, Source } from "../line.ts";
import { combined } from "./combined.ts";
import { checkLength } from "./lengths.ts";
import { wma } from "./wma.ts";

/**
 * Hull moving average: the weighted average, over the rounded root of `length`, of twice the weighted average over half the
 * length less that over the whole. Source: Alan Hull, 2005.
 */
export function hma(length: number, source: Source = "close"): Line {
  checkLength("hma", length, 2);
  const half = wma(Math.floor(length / 2), source);
  const fast = combined(["hma"], half, wma(length, source), (short, long) => 2 * short - long);
  return wma(Math.round(Math.sqrt(length)), fast);
}
