import { expect, test } from "vitest";
import {
  boolean,
  checkParameters,
  choice,
  decimal,
  integer,
  percent,
  timeframeParameter,
} from "./index.ts";

const table = {
  length: integer({ label: "Length", help: "", default: 20, min: 2, max: 100, step: 1 }),
  factor: decimal({ label: "Factor", help: "", default: 1.5, min: -2, max: 10, step: 0.5 }),
  stop: percent({ label: "Stop", help: "", default: 0.02, min: 0, max: 1, step: 0.001 }),
  short: boolean({ label: "Short", help: "", default: false }),
  mode: choice({
    label: "Mode",
    help: "",
    default: "fast",
    choices: [
      { value: "fast", label: "Fast" },
      { value: "slow", label: "Slow" },
    ],
  }),
  trend: timeframeParameter({ label: "Trend", help: "", default: "4h" }),
};

test("missing values take their defaults", () => {
  expect(checkParameters(table, { length: 30 })).toEqual({
    kind: "ok",
    values: { length: 30, factor: 1.5, stop: 0.02, short: false, mode: "fast", trend: "4h" },
  });
});

test("minus zero is zero", () => {
  const checked = checkParameters(table, { factor: -0 });
  expect(checked.kind === "ok" && Object.is(checked.values.factor, 0)).toBe(true);
});

test.each([
  ["length", 1],
  ["length", 101],
  ["length", 20.5],
  ["length", "20"],
  ["length", null],
  ["factor", Number.NaN],
  ["factor", Number.POSITIVE_INFINITY],
  ["stop", 1.01],
  ["short", 1],
  ["mode", "medium"],
  ["trend", "4 hours"],
  ["unknown", 1],
  ["toString", 1],
])("%s = %s is refused by name", (where, value) => {
  const checked = checkParameters(table, { [where]: value });
  expect(checked).toMatchObject({ kind: "refused", problems: [{ where }] });
});

test("a prototype is not a parameter", () => {
  const given = JSON.parse('{"__proto__": {"length": 5}}');
  expect(checkParameters(table, given)).toMatchObject({
    kind: "refused",
    problems: [{ where: "__proto__" }],
  });
});

test("all problems are named together", () => {
  const checked = checkParameters(table, { length: 0, mode: 3, other: true });
  expect(checked.kind === "refused" && checked.problems.map((one) => one.where)).toEqual([
    "other",
    "length",
    "mode",
  ]);
});
