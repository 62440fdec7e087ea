import { expect, test } from "vitest";
import { barOf, barsOf, candleOf, isOutgrown, wholeWindow, windowAround } from "./view-window.ts";

const columns = (rows: number) => {
  const ramp = Float64Array.from({ length: rows }, (_, index) => index);
  return {
    time: ramp.map((index) => index * 60_000),
    open: ramp,
    high: ramp.map((index) => index + 2),
    low: ramp.map((index) => index - 2),
    close: ramp.map((index) => index + 1),
    volume: ramp,
  };
};

test("a short series is held whole, one bar per candle", () => {
  expect(wholeWindow(45_031)).toEqual({ from: 0, to: 45_031, factor: 1 });
  expect(isOutgrown(wholeWindow(45_031), 45_031, 100, 110)).toBe(false);
});

test("a long series is joined to as many bars as fit", () => {
  const window = wholeWindow(500_000);
  expect(window.factor).toBe(9);
  expect(barsOf(columns(500_000), window).time.length).toBeLessThanOrEqual(60_000);
});

test("a joined bar opens with its first candle, closes with its last and spans them all", () => {
  const bars = barsOf(columns(10), { from: 0, to: 10, factor: 4 });
  expect([...bars.open]).toEqual([0, 4, 8]);
  expect([...bars.close]).toEqual([4, 8, 10]);
  expect([...bars.high]).toEqual([5, 9, 11]);
  expect([...bars.low]).toEqual([-2, 2, 6]);
});

test("looking closely at a long series asks for single candles around the view", () => {
  const rows = 500_000;
  expect(isOutgrown(wholeWindow(rows), rows, 250_000, 251_000)).toBe(true);
  const close = windowAround(rows, 250_000, 251_000);
  expect(close.factor).toBe(1);
  expect(close.from).toBeLessThan(250_000);
  expect(close.to).toBeGreaterThan(251_000);
  expect(isOutgrown(close, rows, 250_000, 251_000)).toBe(false);
});

test("scrolling to the edge of what is held asks for more, the ends of the series do not", () => {
  const rows = 500_000;
  const close = windowAround(rows, 250_000, 251_000);
  expect(isOutgrown(close, rows, close.to - 1_000, close.to)).toBe(true);
  const start = windowAround(rows, 0, 1_000);
  expect(isOutgrown(start, rows, 0, 1_000)).toBe(false);
});

test("a candle maps to its bar and back", () => {
  const window = { from: 900, to: 9_900, factor: 9 };
  expect(candleOf(window, barOf(window, 900 + 9 * 7 + 4))).toBe(900 + 9 * 7);
  const single = { from: 5, to: 50, factor: 1 };
  expect(barOf(single, 12)).toBe(7);
  expect(candleOf(single, 7)).toBe(12);
});
