import type { Parameter } from "@trading/contracts/strategies";
import { catalogue } from "./catalogue.ts";
import { number } from "./format.ts";

const texts = catalogue("parameter", { yes: "yes", no: "no" });

type Value = number | boolean | string;

/** A parameter's value in the words and the unit of its table: "2 %", "10 candles", "yes". Without a line, as it is. */
export function parameterText(parameter: Parameter | undefined, value: Value): string {
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  if (parameter?.kind === "choice")
    return parameter.choices.find((choice) => choice.value === value)?.label ?? String(value);
  if (typeof value === "string") return value;
  if (parameter?.kind === "percent") return `${plainNumber(value * 100)} %`;
  return parameter?.unit === undefined
    ? plainNumber(value)
    : `${plainNumber(value)} ${parameter.unit}`;
}

/** A number with as many decimals as it has, at most eight: 0.1 + 0.2 is "0.3". */
export function plainNumber(value: number): string {
  const [, decimals = ""] = value.toFixed(8).replace(/0+$/, "").split(".");
  return number(value, { decimals: decimals.length });
}
