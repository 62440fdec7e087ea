import { expect, test } from "vitest";
import type { RunTrade } from "../result/shown.ts";
import { breakEvenFee, exitCounts, monthlyReturns, tradedNotional } from "./breakdown.ts";
import { sortTrades } from "./sort-trades.ts";

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
const trade = (number: number, pnl: number, exitReason = "signal") =>
  ({
    number,
    pnl,
    exitReason,
    quantity: 2,
    entryPrice: 100,
    exitPrice: 110,
    candles: 1,
  }) as RunTrade;

test("a month's return starts from the last equity of the month before", () => {
  const time = Float64Array.from(["2023-12-30", "2023-12-31", "2024-01-15", "2024-03-01"].map(day));
  const years = monthlyReturns(time, Float64Array.from([105, 110, 121, 60.5]), 100);
  expect(years.map(({ year }) => year)).toEqual([2023, 2024]);
  expect(years[0]?.months[11]).toBeCloseTo(0.1);
  expect(years[1]?.months[0]).toBeCloseTo(0.1);
  expect(years[1]?.months[1]).toBeNull();
  expect(years[1]?.months[2]).toBeCloseTo(-0.5);
  expect(years[1]?.total).toBeCloseTo(-0.45);
});

test("exits are counted by reason, the most frequent first", () => {
  const counts = exitCounts([trade(1, 5), trade(2, -3, "stop"), trade(3, -1)]);
  expect(counts).toEqual([
    { reason: "signal", trades: 2, won: 1, pnl: 4 },
    { reason: "stop", trades: 1, won: 0, pnl: -3 },
  ]);
});

test("a trade still open has only been entered", () => {
  expect(tradedNotional([trade(1, 0), trade(2, 0, "end-of-data")])).toBe(420 + 200);
});

test("the break-even fee spreads the profit before fees over what was traded", () => {
  expect(breakEvenFee(80, 20, 10_000)).toBe(0.01);
  expect(breakEvenFee(-30, 20, 10_000)).toBeNull();
});

test("trades sort by profit, equal ones in the order they happened", () => {
  const sorted = sortTrades([trade(1, 5), trade(2, 9), trade(3, 5)], { by: "pnl", order: "desc" });
  expect(sorted.map(({ number }) => number)).toEqual([2, 1, 3]);
});
