import { expect, test } from "vitest";
import { shareIn, spanOf, ticksOf } from "./ticks.ts";

test("ticks are round numbers inside the span", () => {
  expect(ticksOf({ min: -3.2, max: 9.9 })).toEqual([0, 5]);
  expect(ticksOf({ min: 0, max: 0.04 })).toEqual([0, 0.01, 0.02, 0.03, 0.04]);
  expect(ticksOf({ min: -120, max: 310 })).toEqual([-100, 0, 100, 200, 300]);
});

test("a span leaves out what is no number, and a flat one gets room", () => {
  expect(spanOf([Number.NaN, 3, -1], [0])).toEqual({ min: -1, max: 3 });
  expect(spanOf([50])).toEqual({ min: 45, max: 55 });
  expect(spanOf([])).toEqual({ min: 0, max: 1 });
});

test("a value's place in a span is a share of it", () => {
  expect(shareIn({ min: -1, max: 3 }, 0)).toBe(0.25);
});
