import type { Line, Source } from "../line.ts";
import { combined } from "./combined.ts";
import { ema } from "./ema.ts";

/**
 * Moving average convergence divergence: fast less slow exponential average, its own average (signal) and their
 * difference (histogram). Each average is seeded with the mean of its first values.
 * Source: Gerald Appel, Technical Analysis: Power Tools for Active Investors, 2005.
 */
export function macd(
  fast = 12,
  slow = 26,
  signal = 9,
  source: Source = "close",
): Readonly<Record<"line" | "signal" | "histogram", Line>> {
  const difference = (a: number, b: number) => a - b;
  const line = combined(["macd"], ema(fast, source), ema(slow, source), difference);
  const average = ema(signal, line);
  return {
    line,
    signal: average,
    histogram: combined(["macd histogram"], line, average, difference),
  };
}
