import { checkParameters, valueProblem } from "./check-parameters.ts";
import type { Parameter, ParameterTable } from "./parameters.ts";
import { timeframeMs } from "./timeframe.ts";

const kinds: readonly string[] = [
  "integer",
  "decimal",
  "percent",
  "boolean",
  "choice",
  "timeframe",
];
const texts = ["title", "description", "category", "documentation"] as const;
const hooks = [
  "onCandle",
  "onCandles",
  "warmup",
  "indicators",
  "plots",
  "state",
  "decidesOn",
  "onFill",
  "onStart",
  "onStop",
] as const;

/** What is wrong with a strategy definition, as a sentence that says what to do; null when nothing is. */
export function definitionProblem(definition: unknown): string | null {
  if (!isRecord(definition))
    return "defineStrategy takes one object with name, parameters and onCandle.";
  return (
    aboutProblem(definition) ??
    tableProblem(definition["parameters"]) ??
    presetsProblem(definition["presets"] ?? [], definition["parameters"] as ParameterTable) ??
    hookProblem(definition) ??
    belowProblem(definition["plotsBelow"] ?? [])
  );
}

function aboutProblem(definition: Readonly<Record<string, unknown>>): string | null {
  const { name, risk, timeframes } = definition;
  if (typeof name !== "string" || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 80) {
    return "name must be lower-case words joined by hyphens, such as ema-crossover.";
  }
  const missing = texts.find(
    (text) => typeof definition[text] !== "string" || definition[text] === "",
  );
  if (missing) return `${missing} must be a text that is not empty.`;
  if (risk !== "low" && risk !== "medium" && risk !== "high")
    return "risk must be low, medium or high.";
  if (timeframes === undefined) return null;
  if (!Array.isArray(timeframes) || timeframes.length === 0) {
    return 'timeframes must list at least one timeframe, such as ["1h"]; leave it out for any.';
  }
  const unknown = timeframes.find((one) => typeof one !== "string" || timeframeMs(one) === null);
  return unknown === undefined
    ? null
    : `timeframes holds "${String(unknown)}"; write timeframes such as 15m, 4h or 1d.`;
}

function tableProblem(table: unknown): string | null {
  if (!isRecord(table))
    return "parameters must be a table such as { length: integer({ … }) }; {} for none.";
  for (const [name, parameter] of Object.entries(table)) {
    const problem = parameterProblem(parameter);
    if (problem !== null) return `parameters.${name}: ${problem}`;
  }
  return null;
}

function parameterProblem(parameter: unknown): string | null {
  if (!isRecord(parameter))
    return "use integer(…), decimal(…), percent(…), boolean(…), choice(…) or timeframeParameter(…).";
  const { kind, label, help } = parameter;
  if (typeof kind !== "string" || !kinds.includes(kind)) {
    return `the kind "${String(kind)}" does not exist; there are ${kinds.join(", ")}.`;
  }
  if (typeof label !== "string" || label === "") return "label must be a text that is not empty.";
  if (typeof help !== "string") return "help must be a text.";
  const known = parameter as Parameter;
  return rangeProblem(known) ?? defaultProblem(known);
}

function rangeProblem(parameter: Parameter): string | null {
  if (parameter.kind === "choice") {
    return Array.isArray(parameter.choices) && parameter.choices.length > 0
      ? null
      : "choices must not be empty.";
  }
  if (parameter.kind === "boolean" || parameter.kind === "timeframe") return null;
  const { min, max, step } = parameter;
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max)
    return "min and max must be numbers, min not above max.";
  return Number.isFinite(step) && step > 0 ? null : "step must be a number above 0.";
}

function defaultProblem(parameter: Parameter): string | null {
  const problem = valueProblem(parameter, parameter.default);
  return problem === null ? null : `the default ${String(parameter.default)} ${problem}.`;
}

function presetsProblem(presets: unknown, table: ParameterTable): string | null {
  if (!Array.isArray(presets)) return "presets must be a list of { title, description, values }.";
  for (const preset of presets) {
    const problem = presetProblem(preset, table);
    if (problem !== null) return problem;
  }
  return null;
}

function presetProblem(preset: unknown, table: ParameterTable): string | null {
  if (!isRecord(preset) || !isRecord(preset["values"]))
    return "each of the presets needs a title, a description and values.";
  const { title, description, values, leverage } = preset;
  if (typeof title !== "string" || title === "" || typeof description !== "string")
    return "each of the presets needs a title and a description.";
  if (
    leverage !== undefined &&
    leverage !== null &&
    !(typeof leverage === "number" && leverage >= 1 && leverage <= 200)
  )
    return `preset "${title}": leverage must be from 1 to 200, or null for spot.`;
  const checked = checkParameters(table, values);
  const [problem] = checked.kind === "ok" ? [] : checked.problems;
  return problem ? `preset "${title}": ${problem.where} ${problem.message}.` : null;
}

function hookProblem(definition: Readonly<Record<string, unknown>>): string | null {
  const { onCandle, onCandles, decidesOn } = definition;
  if (onCandle === undefined && onCandles === undefined) {
    return "onCandle is missing: add onCandle(context) { … }, which is called on every closed candle.";
  }
  if (onCandle !== undefined && onCandles !== undefined)
    return "onCandle decides on one market, onCandles on several: leave one of them out.";
  if (onCandles !== undefined && decidesOn !== undefined)
    return "decidesOn says when onCandle is asked: leave it out beside onCandles.";
  const wrong = hooks.find(
    (hook) => definition[hook] !== undefined && typeof definition[hook] !== "function",
  );
  return wrong ? `${wrong} must be a function.` : null;
}

const belowProblem = (names: unknown): string | null =>
  Array.isArray(names) && names.every((name) => typeof name === "string")
    ? null
    : 'plotsBelow must list names of lines, such as ["RSI"].';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
