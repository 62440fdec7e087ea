import type { Parameter } from "@trading/contracts/strategies";
import type { MetricUnit } from "@trading/engine";

/** Numbers and values of a report in words. */

/** A number with as many decimals as told, so that those of a column stand under each other. */
export const number = (value: number, digits = 0): string => grouped(value, digits, digits);

/** The same with its sign; nothing has none. */
export const signedNumber = (value: number, digits = 0): string => withSign(number(value, digits));

/** With the decimals that it has and no others: for single values, not for columns. */
export const plain = (value: number): string => grouped(value, 0, 8);

export const percent = (share: number): string => `${number(share * 100, 2)} %`;
export const signedPercent = (share: number): string => withSign(percent(share));

const withSign = (text: string) => (/^\d.*[1-9]|^[1-9]/.test(text) ? `+${text}` : text);

/** A true minus, and none before what rounds to nothing. */
function grouped(value: number, minimumFractionDigits: number, maximumFractionDigits: number) {
  const decimals = { minimumFractionDigits, maximumFractionDigits };
  const text = Math.abs(value).toLocaleString("en-US", decimals);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** Decimals for a column of prices: those of the tick, or enough to tell the smallest of them apart. */
export function priceDigits(prices: readonly number[], tick: number | null | undefined): number {
  if (tick) return Math.min(10, Math.max(0, Math.ceil(-Math.log10(tick) - 1e-9)));
  return digitsOf(prices, 4);
}

/** Decimals for a column of quantities. */
export const quantityDigits = (quantities: readonly number[]): number => digitsOf(quantities, 6);

function digitsOf(values: readonly number[], significant: number): number {
  const sizes = values.map(Math.abs).filter((one) => one > 0);
  const smallest = sizes.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  if (smallest === Number.POSITIVE_INFINITY) return 2;
  return Math.min(8, Math.max(2, significant - Math.floor(Math.log10(smallest))));
}

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
  if (parameter?.kind === "percent") return `${plain(value * 100)} %`;
  return parameter?.unit === undefined ? plain(value) : `${plain(value)} ${parameter.unit}`;
}
