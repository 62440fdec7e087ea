import type { Line } from "../line.ts";
import { combined } from "./combined.ts";
import { donchian } from "./donchian.ts";
import { delayed } from "./momentum.ts";

/**
 * Ichimoku: middles of the ranges of 9 candles (`conversion`) and 26 (`base`), and the cloud between `spanA` and `spanB`, which
 * are drawn `shift` candles ahead: what stands over a candle was computed that long ago, so nothing looks ahead.
 * Source: Goichi Hosoda, 1969.
 */
export function ichimoku(
  conversionLength = 9,
  baseLength = 26,
  spanLength = 52,
  shift = 26,
): Readonly<Record<"conversion" | "base" | "spanA" | "spanB", Line>> {
  const conversion = donchian(conversionLength).middle;
  const base = donchian(baseLength).middle;
  const middle = combined(["ichimoku"], conversion, base, (a, b) => (a + b) / 2);
  return {
    conversion,
    base,
    spanA: delayed(shift, middle),
    spanB: delayed(shift, donchian(spanLength).middle),
  };
}
