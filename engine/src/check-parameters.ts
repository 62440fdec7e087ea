import type { Parameter, ParameterTable, ParameterValues } from "./parameters.ts";
import { timeframeMs } from "./timeframe.ts";

export type ParameterProblem = Readonly<{ where: string; message: string }>;

export type CheckedParameters =
  | Readonly<{ kind: "ok"; values: ParameterValues }>
  | Readonly<{ kind: "refused"; problems: readonly ParameterProblem[] }>;

/**
 * Holds given values against a table. Missing ones take their default; unknown names, wrong types, non-finite numbers
 * and values outside the range are all named together. Equal meanings give equal values (`-0` becomes `0`).
 */
export function checkParameters(
  table: ParameterTable,
  given: Readonly<Record<string, unknown>>,
): CheckedParameters {
  const problems: ParameterProblem[] = [];
  const values: Record<string, number | boolean | string> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(table, name))
      problems.push({ where: name, message: unknownName(table, name) });
  }
  for (const [name, parameter] of Object.entries(table)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const message = value === undefined ? null : valueProblem(parameter, value);
    if (message !== null) problems.push({ where: name, message });
    else values[name] = settled(value === undefined ? parameter.default : value);
  }
  return problems.length > 0 ? { kind: "refused", problems } : { kind: "ok", values };
}

/** Why a value does not suit its parameter, as a sentence; null when it does. */
export function valueProblem(parameter: Parameter, value: unknown): string | null {
  switch (parameter.kind) {
    case "boolean":
      return typeof value === "boolean" ? null : "must be true or false";
    case "choice":
      return parameter.choices.some((one) => one.value === value)
        ? null
        : `must be one of ${parameter.choices.map((one) => one.value).join(", ")}`;
    case "timeframe":
      return typeof value === "string" && timeframeMs(value) !== null
        ? null
        : "must be a timeframe such as 15m, 4h or 1d";
    case "integer":
    case "decimal":
    case "percent":
      return numberProblem(parameter, value);
  }
}

function numberProblem(
  { kind, min, max }: Extract<Parameter, { kind: "integer" | "decimal" | "percent" }>,
  value: unknown,
): string | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return "must be a finite number";
  if (kind === "integer" && !Number.isInteger(value)) return "must be a whole number";
  if (value < min || value > max) return `must lie between ${min} and ${max}`;
  return null;
}

function unknownName(table: ParameterTable, name: string): string {
  const known = Object.keys(table).join(", ");
  const shown = name.slice(0, 64);
  return known
    ? `"${shown}" is not a parameter; there are ${known}`
    : `"${shown}" is not a parameter; there are none`;
}

const settled = (value: unknown) => (value === 0 ? 0 : (value as number | boolean | string));
