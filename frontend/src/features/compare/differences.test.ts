import type { BacktestDetail } from "@trading/contracts/backtests";
import type { ParameterValues } from "@trading/contracts/strategies";
import { expect, test } from "vitest";
import { bestOf, differences, normalised } from "./differences.ts";
import { idsOf } from "./search.ts";

const backtest = (parameters: ParameterValues, changed: Partial<BacktestDetail> = {}) =>
  ({
    strategy: "cross",
    version: "aaaaaaaaaaaa",
    strategyTitle: "SMA crossover",
    symbol: "BTC/USDT",
    exchange: "x",
    quote: "USDT",
    timeframe: "1h",
    from: null,
    to: null,
    candles: { kind: "market", exchange: "x", symbol: "BTC/USDT" },
    parameters: { slow: 200, ...parameters },
    settings: { capital: 100, makerFee: 0, takerFee: 0.001, slippageBps: 0 },
    ...changed,
  }) as unknown as BacktestDetail;

const words = { help: "", default: 0, min: 0, max: 1, step: 0.01 };
const tables = {
  cross: {
    fast: { kind: "integer", label: "Fast average", unit: "candles", ...words },
    stopLoss: { kind: "percent", label: "Stop loss", ...words },
  },
} as const;
const rowsOf = (...backtests: BacktestDetail[]) => differences(backtests, tables);

test("only settings that differ are listed", () => {
  expect(rowsOf(backtest({}), backtest({}))).toEqual([]);
  expect(rowsOf(backtest({}), backtest({}, { timeframe: "4h" }))).toEqual([
    { name: "Timeframe", values: ["1h", "4h"] },
  ]);
});

test("further markets of the wallet and its limits are settings too", () => {
  const { candles, settings } = backtest({});
  const others = [{ kind: "market" as const, exchange: "x", symbol: "ETH/USDT" }];
  const together = backtest({}, { candles: { ...candles, others } });
  const limited = backtest({}, { settings: { ...settings, limits: { positionsMax: 1 } } });
  expect(rowsOf(backtest({}), together)).toEqual([
    { name: "Further markets", values: ["none", "ETH/USDT"] },
  ]);
  expect(rowsOf(backtest({}), limited)).toEqual([
    { name: "Positions at most", values: ["no limit", "1"] },
  ]);
});

test("two versions of one strategy differ, two strategies differ in more than that", () => {
  const other = { version: "bbbbbbbbbbbb" };
  expect(rowsOf(backtest({}), backtest({}, other))).toEqual([
    { name: "Version", values: ["aaaaaaaa", "bbbbbbbb"] },
  ]);
  const another = backtest({}, { ...other, strategy: "orphan", strategyTitle: "The Orphan" });
  expect(rowsOf(backtest({}), another).map(({ name }) => name)).toEqual(["Strategy"]);
});

test("parameters carry the label and the unit of their table", () => {
  expect(rowsOf(backtest({ fast: 10, stopLoss: 0.025 }), backtest({ fast: 20 }))).toEqual([
    { name: "Fast average", values: ["10 candles", "20 candles"] },
    { name: "Stop loss", values: ["2.5 %", "–"] },
  ]);
});

test("a parameter that no table knows keeps its name", () => {
  expect(rowsOf(backtest({ gone: true }), backtest({ gone: false }))).toEqual([
    { name: "gone", values: ["yes", "no"] },
  ]);
});

test("money and fees carry their unit", () => {
  const settings = { capital: 2500, makerFee: 0, takerFee: 0.00075, slippageBps: 0 };
  expect(rowsOf(backtest({}), backtest({}, { settings }))).toEqual([
    { name: "Capital", values: ["100 USDT", "2,500 USDT"] },
    { name: "Taker fee", values: ["0.1 %", "0.075 %"] },
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
