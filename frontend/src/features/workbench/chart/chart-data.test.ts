import { expect, test } from "vitest";
import { drawdownOf, gapsOf, holdOf } from "./curves.ts";
import { type ChartTrade, tradeAt, tradesBetween } from "./draw-trades.ts";
import { extent, pixelColumns } from "./pixel-columns.ts";

const f64 = (...values: number[]) => Float64Array.from(values);

test("points on one column of pixels keep their first, last, lowest and highest", () => {
  const columns = pixelColumns(f64(5, 9, 1, 4, 6, 7), 0, 6, 10, 0.25);
  expect(columns).toEqual([
    { x: 10, first: 5, last: 4, min: 1, max: 9 },
    { x: 11, first: 6, last: 7, min: 6, max: 7 },
  ]);
});

test("a line that begins with nothing has columns only where it has values", () => {
  const columns = pixelColumns(f64(Number.NaN, Number.NaN, 3, 1), 0, 4, 0, 0.5);
  expect(columns).toEqual([{ x: 1, first: 3, last: 1, min: 1, max: 3 }]);
});

test("the extent leaves out what is not a number and is null for nothing", () => {
  expect(extent(f64(Number.NaN, 2, -1), 0, 3)).toEqual({ min: -1, max: 2 });
  expect(extent(f64(Number.NaN), 0, 1)).toBeNull();
});

test("drawdown is the share lost since the highest equity", () => {
  expect([...drawdownOf(f64(100, 120, 60, 120))]).toEqual([0, 0, -0.5, 0]);
});

test("buy and hold ends where the engine's benchmark ends", () => {
  const close = f64(10, 20, 15);
  const candles = { time: close, open: close, high: close, low: close, close, volume: close };
  expect([...holdOf(candles, 149.85)]).toEqual([99.9, 199.8, 149.85]);
});

test("a gap lies between two candles and counts what is missing", () => {
  expect(gapsOf(f64(0, 60, 240, 300), 60)).toEqual([{ before: 1, after: 2, missing: 2 }]);
});

const trade = (number: number, entryIndex: number, exitIndex: number): ChartTrade => ({
  number,
  side: "long",
  entryIndex,
  exitIndex,
  entryPrice: 100,
  exitPrice: 110,
  won: true,
  open: false,
  stopPrice: null,
  targetPrice: null,
});

test("a trade that spans the view belongs to it", () => {
  const trades = [trade(1, 0, 5), trade(2, 10, 100), trade(3, 200, 210)];
  expect(tradesBetween(trades, 20, 60).map(({ number }) => number)).toEqual([2]);
});

test("a click near a triangle finds its trade, one far away finds none", () => {
  const scale = { x: (index: number) => index * 10, y: (price: number) => price, from: 0, to: 300 };
  const trades = [trade(1, 1, 5), trade(2, 8, 20)];
  expect(tradeAt(trades, scale, 82, 103)?.number).toBe(2);
  expect(tradeAt(trades, scale, 150, 300)).toBeNull();
});
