import type { Parameter, StrategyView } from "@trading/contracts/strategies";
import { timeframes } from "@trading/contracts/timeframes";
import { missing, number } from "../../ui/format.ts";
import { texts } from "./texts.ts";

type Described = Readonly<{ initial: string; range: string; step: string }>;

/** The timeframes a strategy is meant for, in words. */
export const timeframesText = ({ timeframes: own }: StrategyView): string =>
  own.length === timeframes.length ? texts.anyTimeframe : own.join(" · ");

/** A parameter's default, range and step in words and units. */
export function describeParameter(parameter: Parameter): Described {
  switch (parameter.kind) {
    case "boolean":
      return {
        initial: parameter.default ? texts.yes : texts.no,
        range: `${texts.yes}, ${texts.no}`,
        step: missing,
      };
    case "choice": {
      const chosen = parameter.choices.find((choice) => choice.value === parameter.default);
      return {
        initial: chosen?.label ?? parameter.default,
        range: parameter.choices.map((choice) => choice.label).join(", "),
        step: missing,
      };
    }
    case "timeframe":
      return { initial: parameter.default, range: missing, step: missing };
    case "percent": {
      const show = (value: number) => `${plain(value * 100)} %`;
      return {
        initial: show(parameter.default),
        range: `${plain(parameter.min * 100)} – ${show(parameter.max)}`,
        step: show(parameter.step),
      };
    }
    case "integer":
    case "decimal": {
      const unit = parameter.unit === undefined ? "" : ` ${parameter.unit}`;
      return {
        initial: plain(parameter.default) + unit,
        range: `${plain(parameter.min)} – ${plain(parameter.max)}${unit}`,
        step: plain(parameter.step),
      };
    }
  }
}

const plain = (value: number): string => {
  const tidy = Number(value.toPrecision(10));
  return number(tidy, { decimals: Math.min(8, (String(tidy).split(".")[1] ?? "").length) });
};
