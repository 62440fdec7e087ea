import { describe, expect, test } from "vitest";
import { candlesOf, inputOf, scripted, walk } from "../test/support/runs.ts";
import { buyAndHold } from "./benchmark.ts";
import { curveOf } from "./curve.ts";
import { dailyEquity, type EquityCurve } from "./daily-equity.ts";
import { measureEquity } from "./equity-metrics.ts";
import {
  type Columns,
  type Context,
  describeRun,
  metricConventions,
  type RunSettings,
  runBacktest,
} from "./index.ts";
import { Measures } from "./measures.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Equity at the close of one candle a day, the first at `firstAt`. */
const daily = (equity: readonly number[], capital = 100, firstAt = 0): EquityCurve => ({
  time: Float64Array.from(equity, (_, day) => firstAt + day * dayMs),
  equity: Float64Array.from(equity),
  capital,
  timeframeMs: dayMs,
});
const measured = (curve: EquityCurve) => {
  const measures = new Measures();
  measureEquity(curve, measures);
  return measures;
};

describe("daily equity", () => {
  test("a candle that closes at midnight belongs to the day that ends", () => {
    const time = Float64Array.from({ length: 48 }, (_, hour) => hour * hourMs);
    const equity = Float64Array.from({ length: 48 }, (_, hour) => hour);
    expect(dailyEquity(time, equity, hourMs, 7)).toEqual([7, 23, 47]);
  });

  test("a day without candles keeps the day before", () => {
    const time = Float64Array.of(0, 3 * dayMs);
    expect(dailyEquity(time, Float64Array.of(10, 20), dayMs, 7)).toEqual([7, 10, 10, 10, 20]);
  });

  test("days that are begun count", () => {
    const time = Float64Array.of(20 * hourMs, 26 * hourMs);
    expect(dailyEquity(time, Float64Array.of(10, 20), hourMs, 7)).toEqual([7, 10, 20]);
  });
});

describe("equity metrics equal their formulas", () => {
  const equity = [101, 103, 102, 99, 104, 110, 108, 107, 111, 109, 113, 112, 118, 117, 116, 121];
  const returns = equity.map((value, i) => value / (equity[i - 1] ?? 100) - 1);
  const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
  const deviation = Math.sqrt(
    returns.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (returns.length - 1),
  );
  const downside = Math.sqrt(
    returns.reduce((sum, one) => sum + Math.min(0, one) ** 2, 0) / returns.length,
  );
  const { metrics, reasons } = measured(daily(equity));

  test.each([
    ["finalEquity", 121],
    ["netProfit", 21],
    ["netProfitShare", 0.21],
    ["cagr", 1.21 ** (365 / 16) - 1],
    ["volatility", deviation * Math.sqrt(365)],
    ["sharpe", (mean / deviation) * Math.sqrt(365)],
    ["sortino", (mean / downside) * Math.sqrt(365)],
    ["maxDrawdown", 1 - 99 / 103],
    ["maxDrawdownAbsolute", 4],
    ["maxDrawdownDays", 3],
    ["calmar", (1.21 ** (365 / 16) - 1) / (1 - 99 / 103)],
    ["recovery", 21 / 4],
  ] as const)("%s", (name, wanted) => {
    expect(metrics[name]).toBeCloseTo(wanted, 9);
  });

  test("growth from few days is marked as extrapolated", () => {
    expect(reasons.cagr).toBe("extrapolated from 16 days");
  });
});

describe("where a figure would say nothing it is null, with the reason", () => {
  test("fewer than 14 days", () => {
    const { metrics, reasons } = measured(daily([101, 99, 103]));
    expect(metrics).toMatchObject({
      sharpe: null,
      sortino: null,
      volatility: null,
      cagr: null,
      calmar: null,
    });
    expect(reasons.sharpe).toBe("needs at least 14 days; there are 3");
  });

  test("equity that stands still", () => {
    const { metrics, reasons } = measured(daily(Array(20).fill(100)));
    expect(metrics).toMatchObject({
      sharpe: null,
      maxDrawdown: 0,
      calmar: null,
      recovery: null,
      cagr: 0,
    });
    expect(reasons.sharpe).toMatch(/did not move/);
    expect(reasons.calmar).toMatch(/no drawdown/);
  });

  test("no losing day", () => {
    const { metrics } = measured(daily(Array.from({ length: 20 }, (_, i) => 101 + i * i)));
    expect(metrics).toMatchObject({ sortino: null, omega: null });
    expect(metrics.sharpe).toBeGreaterThan(0);
  });

  test("equity below zero", () => {
    const { metrics, reasons } = measured(daily([...Array(19).fill(50), -10]));
    expect(metrics).toMatchObject({ cagr: null, sharpe: null, maxDrawdown: 1.1 });
    expect(reasons.cagr).toMatch(/fell to zero/);
  });

  test("fewer than 10 trades", () => {
    const candles = walk(50, 5);
    const buy = (context: Context) => void context.market({ side: "buy", quantity: 1 });
    const leave = (context: Context) => void context.exit();
    const input = inputOf({ strategy: scripted({ 1: buy, 5: leave, 8: buy, 20: leave }), candles });
    const { metrics, metricReasons } = describeRun(input, runBacktest(input));
    expect(metrics).toMatchObject({
      closedTrades: 2,
      winRate: null,
      profitFactor: null,
      sqn: null,
    });
    expect(metrics.bestTrade).not.toBeNull();
    expect(metricReasons.winRate).toBe("needs at least 10 closed trades; there are 2");
  });
});

describe("a described run", () => {
  const candles = walk(5_000, 9);
  const script: Record<number, (context: Context) => void> = {};
  for (let i = 0; i < 4_990; i += 10) {
    script[i] = (context) =>
      void context.market({ side: i % 20 === 0 ? "buy" : "sell", quantity: 1 });
  }
  const input = inputOf({ strategy: scripted(script), candles, settings: { takerFee: 0.001 } });
  const result = runBacktest(input);
  const description = describeRun(input, result);
  const profits = result.trades
    .filter((one) => one.exitReason !== "end-of-data")
    .map((one) => one.pnl);
  const won = profits.filter((one) => one > 0);
  const lost = profits.filter((one) => one < 0);
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

  test("has every metric of the conventions, in their order", () => {
    expect(new Set(Object.keys(description.metrics))).toEqual(
      new Set(Object.keys(metricConventions)),
    );
  });

  test("counts and averages its trades", () => {
    const { metrics } = description;
    expect(metrics.closedTrades).toBe(profits.length);
    expect(metrics.winRate).toBeCloseTo(won.length / profits.length, 12);
    expect(metrics.profitFactor).toBeCloseTo(sum(won) / -sum(lost), 9);
    expect(metrics.expectancy).toBeCloseTo(sum(profits) / profits.length, 9);
    expect(metrics.payoff).toBeCloseTo(sum(won) / won.length / (-sum(lost) / lost.length), 9);
    expect(metrics.fees).toBeCloseTo(sum(result.fills.map((one) => one.fee)), 9);
    expect(metrics.exposure).toBeCloseTo(0.498, 2);
  });

  test("draws at most 2,000 points and keeps the extremes", () => {
    const { curve } = description;
    expect(curve.time.length).toBeLessThanOrEqual(2_000);
    expect(Math.max(...curve.equity)).toBe(Math.max(...result.equity));
    expect(Math.min(...curve.equity)).toBe(Math.min(...result.equity));
    expect(curve.equity.at(-1)).toBe(result.finalEquity);
    expect(curve.time.toSorted((a, b) => a - b)).toEqual(curve.time);
    expect(-Math.min(...curve.drawdown)).toBeCloseTo(description.metrics.maxDrawdown ?? 0, 12);
  });

  test("compares with buying at the first open after one fee", () => {
    const quantity = 1_000 / ((candles.open[0] as number) * 1.001);
    expect(description.benchmark.finalEquity).toBeCloseTo(
      quantity * (candles.close.at(-1) as number),
      9,
    );
    expect(buyAndHold(candlesOf([]), 1_000, 0)).toHaveLength(0);
  });

  test("compares the same candles with what each capital and fee would have held", () => {
    const heldWith = (settings: Partial<RunSettings>) => {
      const asked = { ...input, settings: { ...input.settings, ...settings } };
      return describeRun(asked, runBacktest(asked)).benchmark.finalEquity ?? 0;
    };
    const held = heldWith({});
    expect(heldWith({ capital: 2_000 })).toBeCloseTo(2 * held, 9);
    expect(heldWith({ takerFee: 0 })).toBeCloseTo(1.001 * held, 9);
    expect(heldWith({})).toBe(held);
  });
});

test("a curve of few points is whole", () => {
  const values = Float64Array.of(1, 2, 3);
  expect(curveOf(Float64Array.of(0, 60, 120), values, (index) => index + 1, 1, 60)).toEqual({
    time: [60, 120, 180],
    equity: [1, 2, 3],
    drawdown: [0, 0, 0],
    benchmark: [1, 2, 3],
  });
});

test("a trade touches a gap that lies inside it, or right before its entry or exit", () => {
  const whole = walk(30, 2);
  const keep = [...whole.time.keys()].filter((index) => index !== 10);
  const candles = Object.fromEntries(
    Object.entries(whole).map(([name, values]) => [
      name,
      Float64Array.from(keep, (index) => values[index] ?? 0),
    ]),
  ) as Columns;
  const touched = (entry: number, exit: number) => {
    const script = {
      [entry - 1]: (context: Context) => void context.market({ side: "buy", quantity: 1 }),
      [exit - 1]: (context: Context) => void context.exit(),
    };
    const input = inputOf({ strategy: scripted(script), candles });
    return describeRun(input, runBacktest(input)).trades[0]?.touchedGap;
  };
  expect([touched(2, 9), touched(2, 10), touched(5, 15), touched(10, 12), touched(11, 15)]).toEqual(
    [false, true, true, true, false],
  );
});
