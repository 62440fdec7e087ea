import type { Line } from "../line.ts";
import { combined } from "./combined.ts";
import { highest, lowest } from "./extremes.ts";

/** Donchian channel: highest high and lowest low of `length` candles, this one included, and their middle. Source: Richard Donchian, 1960. */
export function donchian(length = 20): Readonly<Record<"upper" | "middle" | "lower", Line>> {
  const upper = highest(length);
  const lower = lowest(length);
  return {
    upper,
    middle: combined(["donchian middle"], upper, lower, (high, low) => (high + low) / 2),
    lower,
  };
}
