import type { BacktestDetail } from "@trading/contracts/backtests";
import { expect, test } from "vitest";
import { bestOf, differences, normalised } from "./differences.ts";
import { idsOf } from "./search.ts";

const backtest = (fast: number, timeframe = "1h") =>
  ({
    strategyTitle: "SMA crossover",
    symbol: "BTC/USDT",
    exchange: "x",
    timeframe,
    from: null,
    to: null,
    parameters: { fast, slow: 200 },
    settings: { capital: 100, makerFee: 0, takerFee: 0, slippageBps: 0 },
  }) as unknown as BacktestDetail;

const labels = { strategy: "Strategy", timeframe: "Timeframe", capital: "Capital" };

test("only settings that differ are listed", () => {
  expect(differences([backtest(10), backtest(20)], labels, "all")).toEqual([
    { name: "fast", values: ["10", "20"] },
  ]);
  expect(differences([backtest(10), backtest(10, "4h")], labels, "all")).toEqual([
    { name: "Timeframe", values: ["1h", "4h"] },
  ]);
});

test("the best of a metric follows whether more or less is better", () => {
  expect(bestOf("sharpe", [1, null, 2])).toEqual([2]);
  expect(bestOf("maxDrawdown", [0.4, 0.2])).toEqual([1]);
  expect(bestOf("closedTrades", [4, 9])).toEqual([]);
  expect(bestOf("sharpe", [1, 1])).toEqual([]);
});

test("curves of different capital start alike", () => {
  expect(normalised([50, 75], 50)).toEqual([100, 150]);
});

test("an address names each backtest once and at most four", () => {
  expect(idsOf({ ids: "a,b,a,,c,d,e" })).toEqual(["a", "b", "c", "d"]);
});
