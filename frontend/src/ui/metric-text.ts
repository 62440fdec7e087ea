import type { MetricUnit } from "@trading/engine";
import { count, number, percent } from "./format.ts";

/** A metric in its unit; the sign stands where the value can be of either. */
export function metricText(value: number, unit: MetricUnit): string {
  switch (unit) {
    case "money":
      return number(value, { decimals: Math.max(2, amountDecimals(value)) });
    case "fraction":
      return percent(value, { decimals: 2 });
    case "ratio":
      return number(value);
    case "count":
      return count(value);
    case "days":
      return `${number(value, { decimals: value < 10 ? 1 : 0 })} d`;
  }
}

/** Decimals for an amount on its own: whole numbers from 100 on, more the smaller it is. */
export function amountDecimals(amount: number): number {
  const size = Math.abs(amount);
  if (size >= 100 || size === 0) return 0;
  if (size >= 1) return 2;
  return Math.min(8, 2 - Math.floor(Math.log10(size)));
}
