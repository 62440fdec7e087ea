import type { Parameter } from "@trading/contracts/strategies";
import { expect, test } from "vitest";
import { parameterText, plainNumber } from "./parameter-text.ts";

const words = { label: "x", help: "" };
const range = { default: 1, min: 0, max: 9, step: 1 };

test.each<[Parameter | undefined, number | boolean | string, string]>([
  [{ kind: "percent", ...words, ...range }, 0.025, "2.5 %"],
  [{ kind: "integer", ...words, ...range, unit: "candles" }, 1200, "1,200 candles"],
  [{ kind: "decimal", ...words, ...range }, 2.1, "2.1"],
  [{ kind: "boolean", ...words, default: false }, true, "yes"],
  [
    { kind: "choice", ...words, default: "l", choices: [{ value: "l", label: "long" }] },
    "l",
    "long",
  ],
  [{ kind: "timeframe", ...words, default: "1h" }, "4h", "4h"],
  [undefined, 0.5, "0.5"],
])("%j at %j reads %s", (parameter, value, text) => {
  expect(parameterText(parameter, value)).toBe(text);
});

test("a plain number shows the decimals it has", () => {
  expect([0.1 + 0.2, 1e-8, 10, 0].map(plainNumber)).toEqual(["0.3", "0.00000001", "10", "0"]);
});
