import type { Parameter, StrategyView } from "@trading/contracts/strategies";
import { timeframes } from "@trading/contracts/timeframes";
import { missing } from "../../ui/format.ts";
import { parameterText, plainNumber } from "../../ui/parameter-text.ts";
import { texts } from "./texts.ts";

type Described = Readonly<{ initial: string; range: string; step: string }>;

/** The timeframes a strategy is meant for, in words. */
export const timeframesText = ({ timeframes: own }: StrategyView): string =>
  own.length === 0 || own.length === timeframes.length ? texts.anyTimeframe : own.join(" · ");

/** A parameter's default, range and step in words and units. */
export function describeParameter(parameter: Parameter): Described {
  return { initial: parameterText(parameter, parameter.default), ...reachOf(parameter) };
}

function reachOf(parameter: Parameter): Pick<Described, "range" | "step"> {
  switch (parameter.kind) {
    case "boolean":
      return {
        range: [true, false].map((one) => parameterText(parameter, one)).join(", "),
        step: missing,
      };
    case "choice":
      return { range: parameter.choices.map(({ label }) => label).join(", "), step: missing };
    case "timeframe":
      return { range: missing, step: missing };
    case "percent":
      return {
        range: `${plainNumber(parameter.min * 100)} – ${parameterText(parameter, parameter.max)}`,
        step: parameterText(parameter, parameter.step),
      };
    case "integer":
    case "decimal":
      return {
        range: `${plainNumber(parameter.min)} – ${parameterText(parameter, parameter.max)}`,
        step: plainNumber(parameter.step),
      };
  }
}
