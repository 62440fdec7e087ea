import type { Parameter } from "@trading/contracts/strategies";
import type { MetricUnit } from "@trading/engine";

/** Numbers and values of a report in words. */

export const number = (value: number, digits = 0): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: digits });

/** Prices and quantities, of whatever size. */
export const significant = (value: number): string =>
  value.toLocaleString("en-US", { maximumSignificantDigits: 8 });

export const percent = (share: number): string =>
  share.toLocaleString("en-US", { style: "percent", maximumFractionDigits: 2 });

/** Such as `2024-01-31 12:00`, UTC. */
export const minuteOf = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 16).replace("T", " ");

/** A value with its unit. */
export function figure(value: number, unit: MetricUnit, quote: string): string {
  switch (unit) {
    case "money":
      return `${number(value, 2)} ${quote}`;
    case "fraction":
      return percent(value);
    case "days":
      return `${number(value, 1)} d`;
    case "ratio":
      return number(value, 2);
    case "count":
      return number(value);
  }
}

/** A parameter's value in the words and the unit of its table, such as "2 %", "10 candles", "yes"; without a line, as it is. */
export function parameterText(
  parameter: Parameter | undefined,
  value: number | boolean | string,
): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (parameter?.kind === "choice")
    return parameter.choices.find((choice) => choice.value === value)?.label ?? String(value);
  if (typeof value === "string") return value;
  if (parameter?.kind === "percent") return `${number(value * 100, 8)} %`;
  return parameter?.unit === undefined ? number(value, 8) : `${number(value, 8)} ${parameter.unit}`;
}
