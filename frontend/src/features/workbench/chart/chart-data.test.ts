import { expect, test } from "vitest";
import { drawdownOf, gapsOf, holdOf } from "./curves.ts";
import { decimate, extent } from "./decimate.ts";
import { type ChartTrade, tradeAt, tradesBetween } from "./draw-trades.ts";

const f64 = (...values: number[]) => Float64Array.from(values);

test("thinning a line keeps first, lowest, highest and last of every bucket, in order", () => {
  expect(decimate(f64(5, 9, 1, 4, 6, 7, 8, 2), 0, 8, 4)).toEqual([0, 1, 2, 3, 4, 6, 7]);
});

test("thinning keeps a line that begins with nothing", () => {
  const kept = decimate(f64(Number.NaN, Number.NaN, 3, 1), 0, 4, 4);
  expect(kept).toContain(2);
  expect(kept).toContain(3);
});

test("few points are all kept", () => {
  expect(decimate(f64(1, 2, 3), 1, 3, 1)).toEqual([1, 2]);
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
