import { expect, test } from "vitest";
import { describeParameter } from "./describe-parameter.ts";

const words = { label: "x", help: "" };

test("ranges and defaults carry their unit", () => {
  expect(
    describeParameter({
      kind: "integer",
      ...words,
      unit: "candles",
      default: 10,
      min: 2,
      max: 1000,
      step: 1,
    }),
  ).toEqual({
    initial: "10 candles",
    range: "2 – 1,000 candles",
    step: "1",
  });
  expect(
    describeParameter({ kind: "percent", ...words, default: 0.02, min: 0, max: 0.07, step: 0.001 }),
  ).toEqual({
    initial: "2 %",
    range: "0 – 7 %",
    step: "0.1 %",
  });
});

test("choices and switches are told in words", () => {
  const choices = [
    { value: "l", label: "long" },
    { value: "b", label: "both" },
  ];
  expect(describeParameter({ kind: "choice", ...words, default: "b", choices }).initial).toBe(
    "both",
  );
  expect(describeParameter({ kind: "boolean", ...words, default: false }).initial).toBe("no");
});
