import { expect, expectTypeOf, test } from "vitest";
import * as engine from "./index.ts";
import {
  boolean,
  choice,
  DefinitionError,
  defineStrategy,
  describeStrategy,
  evaluateStrategy,
  integer,
  macd,
  sma,
} from "./index.ts";

const about = {
  name: "a-strategy",
  title: "A strategy",
  description: "Does nothing.",
  category: "test",
  risk: "low",
  timeframes: ["1h"],
  documentation: "Nothing to say.",
} as const;
const length = integer({
  label: "Length",
  help: "Candles.",
  default: 20,
  min: 2,
  max: 100,
  step: 1,
});
const whole = { ...about, parameters: { length }, onCandle: () => undefined };

test("parameters and indicators are typed in the context", () => {
  defineStrategy({
    ...about,
    parameters: {
      length,
      short: boolean({ label: "Short", help: "", default: false }),
      mode: choice({
        label: "Mode",
        help: "",
        default: "a",
        choices: [
          { value: "a", label: "A" },
          { value: "b", label: "B" },
        ],
      }),
    },
    indicators: (parameters) => ({ average: sma(parameters.length), trend: macd() }),
    state: () => ({ seen: 0 }),
    onCandle(context) {
      expectTypeOf(context.parameters.length).toEqualTypeOf<number>();
      expectTypeOf(context.parameters.short).toEqualTypeOf<boolean>();
      expectTypeOf(context.parameters.mode).toEqualTypeOf<"a" | "b">();
      expectTypeOf(context.indicators.average.value).toEqualTypeOf<number>();
      expectTypeOf(context.indicators.trend.signal.value).toEqualTypeOf<number>();
      expectTypeOf(context.state.seen).toEqualTypeOf<number>();
    },
  });
});

test("a description is plain data and survives JSON", () => {
  const presets = [{ title: "Long", description: "", values: { length: 50 } }];
  const description = describeStrategy(defineStrategy({ ...whole, presets }));
  expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  expect(description.parameters.length).toEqual({ ...length });
  expect(description.presets).toEqual(presets);
});

test.each([
  ["no object", 5, /one object/],
  ["no name", { ...whole, name: "A Name" }, /lower-case words/],
  ["an empty title", { ...whole, title: "" }, /title must be a text/],
  ["an unknown risk", { ...whole, risk: "none" }, /low, medium or high/],
  ["no timeframes", { ...whole, timeframes: [] }, /at least one timeframe/],
  ["a wrong timeframe", { ...whole, timeframes: ["hourly"] }, /"hourly"/],
  ["no table", { ...whole, parameters: undefined }, /parameters must be a table/],
  [
    "an unknown kind",
    { ...whole, parameters: { length: { ...length, kind: "whole" } } },
    /parameters.length: the kind "whole"/,
  ],
  [
    "a default above max",
    { ...whole, parameters: { length: { ...length, default: 101 } } },
    /default 101 must lie between 2 and 100/,
  ],
  [
    "a fractional integer",
    { ...whole, parameters: { length: { ...length, default: 2.5 } } },
    /whole number/,
  ],
  [
    "min above max",
    { ...whole, parameters: { length: { ...length, min: 200 } } },
    /min not above max/,
  ],
  ["a step of 0", { ...whole, parameters: { length: { ...length, step: 0 } } }, /step must be/],
  ["no onCandle", { ...whole, onCandle: undefined }, /onCandle is missing/],
  ["presets that are no list", { ...whole, presets: {} }, /presets must be a list/],
  [
    "a preset with a leverage that there is not",
    { ...whole, presets: [{ title: "Long", description: "", values: {}, leverage: 0.5 }] },
    /preset "Long": leverage must be from 1 to 200/,
  ],
  ["a preset without values", { ...whole, presets: [{ title: "A" }] }, /title, a description and/],
  [
    "a preset outside its table",
    { ...whole, presets: [{ title: "Long", description: "", values: { length: 101 } }] },
    /preset "Long": length must lie between 2 and 100/,
  ],
  ["names of lines that are no list", { ...whole, plotsBelow: "RSI" }, /plotsBelow must list/],
  ["a hook that is no function", { ...whole, onFill: 3 }, /onFill must be a function/],
])("a definition with %s is refused with what to do", (_, definition, message) => {
  expect(() => defineStrategy(definition as typeof whole)).toThrow(DefinitionError);
  expect(() => defineStrategy(definition as typeof whole)).toThrow(message);
});

const script = (code: string) => () => evaluateStrategy(code, engine);

test("a bundled script gives its strategy", () => {
  const strategy = script(`
    const { defineStrategy } = require("@trading/engine");
    module.exports = { default: defineStrategy({ ...${JSON.stringify(about)}, parameters: {}, onCandle() {} }) };
  `)();
  expect(strategy.name).toBe("a-strategy");
});

test.each([
  ["exports nothing", "", /not a strategy/],
  ["exports something else", "exports.default = { onCandle() {} };", /not a strategy/],
  ["requires more", 'require("fs");', /not "fs"/],
  ["throws", 'throw new Error("oh");', /failed while it was loaded: oh/],
  ["is no JavaScript", "const = 3", /failed while it was loaded/],
])("a script that %s is refused", (_, code, message) => {
  expect(script(code)).toThrow(DefinitionError);
  expect(script(code)).toThrow(message);
});
