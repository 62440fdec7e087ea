import { describe, expect, test } from "vitest";
import { type Context, describeRun, type EngineTrade, runBacktest } from "../../src/index.ts";
import { Measures } from "../../src/measures.ts";
import { measureStability } from "../../src/stability-metrics.ts";
import { candlesOf, inputOf, scripted } from "../support/runs.ts";

const still = (count: number) =>
  candlesOf(Array.from({ length: count }, () => [100, 101, 99, 100] as const));

test("orders that were cancelled, expired, amended, filled in part or too small are counted", () => {
  const strategy = scripted({
    0: (context) => {
      const waiting = context.limit({ side: "buy", price: 90, quantity: 1 });
      context.amend(waiting, { price: 91 });
      context.limit({ side: "buy", price: 80, quantity: 1, expiresAfter: 1 });
      context.market({ side: "buy", quantity: 0.01 });
    },
    2: (context) => {
      context.cancelAll();
      // There is volume for half of it.
      context.limit({ side: "buy", price: 105, quantity: 1, timeInForce: "ioc" });
    },
    3: (context) => {
      const exit = context.limit({ side: "sell", price: 120, quantity: 0.5, reduceOnly: true });
      context.cancel(exit);
    },
    4: (context) => void context.limit({ side: "buy", price: 80, quantity: 1 }),
    // The data end with this candle.
    5: (context) => void context.market({ side: "buy", quantity: 1 }),
  });
  const settings = { volumeShareMax: 0.5 };
  const input = inputOf({ strategy, candles: still(6), settings, market: { notionalMin: 5 } });
  const result = runBacktest(input);
  expect(result.orderCounts).toEqual({
    cancelledEntries: 1,
    cancelledExits: 1,
    expiredEntries: 2,
    expiredExits: 0,
    amendedEntries: 1,
    amendedExits: 0,
    openEntries: 2,
    openExits: 0,
    filledInPart: 1,
  });
  const { metrics, report } = describeRun(input, result);
  expect(metrics).toMatchObject({
    cancelledOrders: 2,
    expiredOrders: 2,
    openOrders: 2,
    amendedOrders: 1,
    partlyFilledOrders: 1,
    belowMinimumOrders: 1,
    rejectedOrders: 1,
  });
  expect(report.freqtrade).toMatchObject({
    rejected_signals: 1,
    timedout_entry_orders: 2,
    timedout_exit_orders: 0,
    canceled_entry_orders: 1,
    replaced_entry_orders: 1,
  });
});

describe("trades with and without stops", () => {
  const prices = [100, 101, 99, 102, 100, 97, 103, 100, 104, 98, 101, 99, 103, 100];
  const candles = candlesOf(prices.flatMap((p) => [[p, p, p, p] as const, [p, p, p, p] as const]));
  const play = (stopOf: (i: number) => number | undefined) => {
    const script: Record<number, (context: Context) => void> = {};
    for (let i = 0; i + 2 < candles.close.length; i += 2) {
      const stop = stopOf(i);
      const quantity = i + 1;
      script[i] = (context) =>
        stop === undefined
          ? void context.market({ side: "buy", quantity })
          : void context.bracket({ side: "buy", quantity, stop });
      script[i + 1] = (context) => void context.exit();
    }
    const input = inputOf({ strategy: scripted(script), candles, settings: { capital: 1e5 } });
    return describeRun(input, runBacktest(input));
  };
  const sqnOf = (results: readonly number[]) => {
    const mean = results.reduce((a, b) => a + b) / results.length;
    const squares = results.map((one) => (one - mean) ** 2).reduce((a, b) => a + b);
    return (Math.sqrt(results.length) * mean) / Math.sqrt(squares / (results.length - 1));
  };

  test("SQN is of R where the risk of every trade is known", () => {
    const { metrics, metricReasons, trades } = play((i) => 90 - i / 10);
    expect(metrics.sqn).toBeCloseTo(
      sqnOf(
        trades.map((one) => one.pnl / ((one.entryPrice - (one.stopPrice ?? 0)) * one.quantity)),
      ),
      9,
    );
    expect(metricReasons.sqn).toBe("of profit over the risk to the stop of the entry");
  });

  test("SQN is of the profit where one trade had no stop", () => {
    const { metrics, metricReasons, trades } = play((i) => (i === 4 ? undefined : 90));
    expect(metrics.sqn).toBeCloseTo(sqnOf(trades.map(({ pnl }) => pnl)), 9);
    expect(metricReasons.sqn).toContain("not every trade");
  });

  test("leverage is the exposure of the candles with a position", () => {
    const { metrics } = play(() => 90);
    expect(metrics.leverage).toBeCloseTo(
      (metrics.grossExposure ?? 0) / (metrics.exposure ?? 0),
      12,
    );
    expect(metrics.longestWinDays).toBeCloseTo(1 / 1_440, 12);
    expect(metrics.medianLossDays).toBeCloseTo(1 / 1_440, 12);
  });
});

test("the concentration of three quarters in one market and a quarter in another is 0.625", () => {
  const measures = new Measures();
  const closed = [
    { market: "A", pnl: 30 },
    { market: "B", pnl: -10 },
  ] as EngineTrade[];
  const days = { equity: [], returns: [], reason: "too few" };
  measureStability({ days, months: [], closed, capital: 100 }, measures);
  expect(measures.metrics.marketConcentration).toBeCloseTo(0.625, 12);
});
