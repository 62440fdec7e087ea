import type { Line, Source } from "../line.ts";
import { combined } from "./combined.ts";
import { ema } from "./ema.ts";

/**
 * Percentage price oscillator: how far the fast exponential average lies above the slow one, in percent of the slow one, with
 * its own average (signal) and their difference (histogram). Source: TA-Lib PPO with exponential averages.
 */
export function ppo(
  fast = 12,
  slow = 26,
  signal = 9,
  source: Source = "close",
): Readonly<Record<"line" | "signal" | "histogram", Line>> {
  const line = combined(
    ["ppo"],
    ema(fast, source),
    ema(slow, source),
    (a, b) => (100 * (a - b)) / b,
  );
  const average = ema(signal, line);
  return {
    line,
    signal: average,
    histogram: combined(["ppo histogram"], line, average, (a, b) => a - b),
  };
}
