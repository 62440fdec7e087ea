import { expect, test } from "vitest";
import { columnsOf, minute } from "../test/support/runs.ts";
import { resample } from "./resample.ts";

const hour = 60 * minute;
const day = 24 * hour;

const minutes = (...numbers: readonly number[]) =>
  columnsOf(numbers.map((n) => [n * minute, 10 + n, 20 + n, 5 + n, 11 + n, 1]));

test("a coarse candle opens with the first, closes with the last and holds the extremes", () => {
  const coarse = resample(minutes(0, 1, 2, 3, 4), minute, 5 * minute);
  expect([...coarse.time]).toEqual([0]);
  expect([
    coarse.open[0],
    coarse.high[0],
    coarse.low[0],
    coarse.close[0],
    coarse.volume[0],
  ]).toEqual([10, 24, 5, 15, 5]);
});

test("a candle still forming does not come out", () => {
  expect(resample(minutes(0, 1, 2, 3), minute, 5 * minute).time.length).toBe(0);
  expect([...resample(minutes(0, 1, 2, 3, 4, 5, 9), minute, 5 * minute).time]).toEqual([
    0,
    5 * minute,
  ]);
});

test("a candle whose beginning is not known does not come out", () => {
  expect([...resample(minutes(3, 4, 5, 6, 7, 8, 9), minute, 5 * minute).time]).toEqual([
    5 * minute,
  ]);
});

test("a span without candles stays absent", () => {
  const coarse = resample(minutes(0, 4, 15, 19), minute, 5 * minute);
  expect([...coarse.time]).toEqual([0, 15 * minute]);
  expect(coarse.volume[0]).toBe(2);
});

test("weeks begin on Monday, UTC", () => {
  const monday = 1_704_067_200_000; // 2024-01-01
  const days = columnsOf(Array.from({ length: 14 }, (_, i) => [monday + i * day, 1, 1, 1, 1, 1]));
  expect([...resample(days, day, 7 * day).time]).toEqual([monday, monday + 7 * day]);
});

test("the same timeframe is the same candles; one that does not divide is an error", () => {
  const source = minutes(0, 1);
  expect(resample(source, minute, minute)).toBe(source);
  expect(() => resample(source, 2 * minute, 3 * minute)).toThrow(RangeError);
});
