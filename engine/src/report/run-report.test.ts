import { describe, expect, test } from "vitest";
import { candlesOf, flat, inputOf, scripted, walk } from "../../test/support/runs.ts";
import type { Days, EquityCurve } from "../daily-equity.ts";
import { type Context, describeRun, type EngineTrade, runBacktest } from "../index.ts";
import { Measures } from "../measures.ts";
import { measureRelative } from "../relative-metrics.ts";
import { measureReturns } from "../return-metrics.ts";
import { normalProbability } from "../statistics.ts";
import {
  dateKey,
  dayOf,
  firstOfMonth,
  firstOfYear,
  hourOf,
  monthKey,
  weekdayOf,
} from "./calendar.ts";
import { distributionsOf } from "./distributions.ts";
import { fallsOf } from "./drawdowns.ts";
import { periodReturns } from "./period-returns.ts";
import { rollingSharpe } from "./rolling-sharpe.ts";

const dayMs = 86_400_000;
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const deviation = (values: readonly number[]) =>
  Math.sqrt(sum(values.map((one) => (one - mean(values)) ** 2)) / (values.length - 1));

test("the calendar counts days, months and leap years as one does on paper", () => {
  let [year, month, day] = [1970, 1, 1];
  let [monthFrom, yearFrom] = [0, 0];
  for (let days = 0; days < 50_000; days++) {
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    const text = [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
    const found = [dateKey(days), firstOfMonth(days), firstOfYear(days), weekdayOf(days * dayMs)];
    // 1970 began on a Thursday.
    if (found.join() !== [text, monthFrom, yearFrom, ((days + 3) % 7) + 1].join()) {
      expect(found).toEqual([text, monthFrom, yearFrom, ((days + 3) % 7) + 1]);
    }
    day++;
    if (day > (lengths[month - 1] ?? 0)) [month, day, monthFrom] = [month + 1, 1, days + 1];
    if (month > 12) [year, month, yearFrom] = [year + 1, 1, days + 1];
  }
  expect([dateKey(-1), hourOf(-1), dayOf(-1)]).toEqual(["1969-12-31", 23, -1]);
});

test.each([
  [0, 0.5],
  [1, 0.8413447460685429],
  [-1.959963984540054, 0.025],
  [5, 0.9999997133484281],
  [-9, 0],
])("the normal probability of %d is %d", (x, wanted) => {
  expect(normalProbability(x)).toBeCloseTo(wanted, 14);
});

test("trades whose sizes differ by rounding only have no distribution, and that ends", () => {
  const trade = { pnlShare: 5e-324, mae: 0, mfe: 0, entryPrice: 1, quantity: 1, pnl: 1 };
  expect(distributionsOf([trade as EngineTrade]).profit).toEqual([]);
});

describe("falls", () => {
  const equity = [110, 99, 105, 111, 100, 90, 95];
  const curve: EquityCurve = {
    time: Float64Array.from(equity, (_, day) => day * dayMs),
    equity: Float64Array.from(equity),
    capital: 100,
    timeframeMs: dayMs,
  };
  const falls = fallsOf(curve);

  test("are listed with peak, trough and recovery, the deepest first", () => {
    expect(falls.deepest).toEqual([
      {
        startAt: 4 * dayMs,
        troughAt: 6 * dayMs,
        recoveredAt: null,
        depth: expect.closeTo(21 / 111, 12),
        money: 21,
        days: 3,
        daysToTrough: 2,
      },
      {
        startAt: dayMs,
        troughAt: 2 * dayMs,
        recoveredAt: 4 * dayMs,
        depth: expect.closeTo(0.1, 12),
        money: 11,
        days: 3,
        daysToTrough: 1,
      },
    ]);
  });

  test("are counted whole where the list is cut", () => {
    const many = Float64Array.from({ length: 100 }, (_, i) => 100 + i - (i % 2) * (3 + i / 50));
    const all = fallsOf({ ...curve, time: many.map((_, i) => i * dayMs), equity: many });
    expect(all).toMatchObject({ count: 50, candlesUnder: 50 });
    expect(all.deepest).toHaveLength(20);
    const depths = all.deepest.map((one) => one.depth);
    expect(depths).toEqual(depths.toSorted((a, b) => b - a));
    expect(depths[0]).toBe(all.depthMax);
  });
});

test("months and years add up to the whole, and those in part are marked", () => {
  const own = Array.from({ length: 61 }, (_, day) => 100 * 1.01 ** day);
  const held = own.map((_, day) => 100 + day);
  const firstAt = 19_732 * dayMs; // 2024-01-10
  const months = periodReturns(monthKey, { firstAt, endAt: firstAt + 60 * dayMs }, own, held);
  expect(months.map(({ key, isWhole }) => [key, isWhole])).toEqual([
    ["2024-01", false],
    ["2024-02", true],
    ["2024-03", false],
  ]);
  const growth = months.reduce((product, { share }) => product * (1 + (share ?? 0)), 1);
  expect(growth).toBeCloseTo(1.01 ** 60, 9);
  expect(months[1]?.share).toBeCloseTo(1.01 ** 29 - 1, 9);
  expect(months[2]?.benchmark).toBeCloseTo(160 / 151 - 1, 9);
});

test("the rolling Sharpe ends with the last day and equals the formula", () => {
  const returns = Array.from({ length: 2_500 }, (_, i) => Math.sin(i * 1.7) / 100 + 0.001);
  const { windowDays, time, sharpe } = rollingSharpe(0, returns);
  expect([windowDays, time.at(-1), time.length <= 1_000]).toEqual([90, 2_500 * dayMs, true]);
  const last = returns.slice(-90);
  expect(sharpe.at(-1)).toBeCloseTo((mean(last) / deviation(last)) * Math.sqrt(365), 9);
  expect(rollingSharpe(0, returns.slice(0, 29)).time).toEqual([]);
  expect(rollingSharpe(0, Array(40).fill(0)).sharpe).toEqual(Array(11).fill(null));
});

describe("daily returns", () => {
  const returns = Array.from({ length: 200 }, (_, i) => Math.sin(i * 2.3) / 50 + (i % 7) / 900);
  const market = returns.map((one, i) => one / 2 + Math.cos(i) / 90);
  const daysOf = (values: readonly number[]): Days => {
    const equity = [100];
    for (const one of values) equity.push((equity.at(-1) as number) * (1 + one));
    return { equity, returns: values, reason: null };
  };
  const measures = new Measures();
  measureReturns(daysOf(returns), measures);
  const traded = { symbol: "TEST", candles: candlesOf([flat(2), flat(3)]), lengthMs: dayMs };
  measureRelative(daysOf(returns), daysOf(market), [traded], new Measures(), measures);
  const { metrics } = measures;
  const moment = (power: number) => mean(returns.map((one) => (one - mean(returns)) ** power));
  const covariance =
    sum(returns.map((one, i) => (one - mean(returns)) * ((market[i] ?? 0) - mean(market)))) / 199;
  const beta = covariance / deviation(market) ** 2;
  const excess = returns.map((one, i) => one - (market[i] ?? 0));
  const rising = returns.toSorted((a, b) => a - b);
  const low = (rising[9] ?? 0) + 0.95 * ((rising[10] ?? 0) - (rising[9] ?? 0));

  test.each([
    ["twr", returns.reduce((product, one) => product * (1 + one), 1) - 1],
    ["bestDay", Math.max(...returns)],
    ["skewness", moment(3) / moment(2) ** 1.5],
    ["kurtosis", moment(4) / moment(2) ** 2],
    ["valueAtRisk95", -low],
    ["conditionalValueAtRisk95", -mean(rising.slice(0, 10))],
    ["marketChange", 0.5],
    ["beta", beta],
    ["alpha", (mean(returns) - beta * mean(market)) * 365],
    ["correlation", covariance / deviation(returns) / deviation(market)],
    ["trackingError", deviation(excess) * Math.sqrt(365)],
    ["informationRatio", (mean(excess) / deviation(excess)) * Math.sqrt(365)],
    ["treynor", (mean(returns) * 365) / beta],
    [
      "upCapture",
      sum(returns.filter((_, i) => (market[i] ?? 0) > 0)) / sum(market.filter((one) => one > 0)),
    ],
  ] as const)("%s", (name, wanted) => {
    expect(metrics[name]).toBeCloseTo(wanted, 9);
  });
});

describe("a run with trades", () => {
  const script: Record<number, (context: Context) => void> = {};
  for (let i = 5; i < 4_900; i += 20) {
    const side = i % 3 === 0 ? ("sell" as const) : ("buy" as const);
    script[i] = (context) =>
      void context.market({ side, quantity: 1, reason: i % 2 === 0 ? "even" : "odd" });
    script[i + 11] = (context) => void context.exit("time");
  }
  const candles = walk(30_000, 12);
  const input = inputOf({
    strategy: scripted(script),
    candles,
    settings: { takerFee: 0.0005, capital: 1_000 },
  });
  const result = runBacktest(input);
  const { metrics, report } = describeRun(input, result);
  const profits = result.trades.map((trade) => trade.pnl);

  test("falls into groups that each hold every closed trade once", () => {
    for (const groups of Object.values(report.groupings)) {
      expect(sum(groups.map((one) => one.trades))).toBe(result.trades.length);
      expect(sum(groups.map((one) => one.net))).toBeCloseTo(sum(profits), 8);
    }
    expect(report.groupings.entryAndExit.map(({ key }) => key)).toEqual(["odd → time"]);
    expect(report.groupings.side.map(({ key }) => key).toSorted()).toEqual(["long", "short"]);
    const longs = result.trades.filter((trade) => trade.side === "long").map(({ pnl }) => pnl);
    const group = report.groupings.side.find(({ key }) => key === "long");
    const wins = longs.filter((pnl) => pnl > 0);
    expect(group?.winShare).toBeCloseTo(wins.length / longs.length, 12);
    expect(group?.profitFactor).toBeCloseTo(sum(wins) / -sum(longs.filter((pnl) => pnl < 0)), 9);
  });

  test("shows where its trades lie: every bucket list holds each of them once", () => {
    for (const buckets of Object.values(report.distributions)) {
      expect(buckets.length).toBeLessThanOrEqual(40);
      expect(sum(buckets.map(({ won, lost }) => won + lost))).toBe(result.trades.length);
    }
  });

  test("has freqtrade's figures by freqtrade's formulas", () => {
    const days = Math.floor(29_999 / 1_440);
    const shares = profits.map((pnl) => pnl / 1_000);
    const perDay = sum(shares) / days;
    const spread = Math.sqrt(mean(shares.map((one) => (one - mean(shares)) ** 2)));
    expect(report.freqtrade).toMatchObject({
      total_trades: profits.length,
      profit_total_abs: expect.closeTo(sum(profits), 8),
      sharpe: expect.closeTo((perDay / spread) * Math.sqrt(365), 8),
      sqn: expect.closeTo((Math.sqrt(shares.length) * mean(shares)) / deviation(shares), 8),
      backtest_days: days,
      draw_days: expect.any(Number),
    });
  });

  test("has excursions and gross exposure that agree with its trades", () => {
    const { trades } = result;
    const best = sum(trades.map((trade) => trade.mfe));
    expect(metrics.exitEfficiency).toBeCloseTo(sum(profits) / best, 9);
    expect(metrics.edgeRatio).toBeCloseTo(best / -sum(trades.map((trade) => trade.mae)), 9);
    let held = 0;
    let next = 0;
    const shares = Array.from(candles.close, (close, i) => {
      for (; result.fills[next]?.index === i; next++) {
        const fill = result.fills[next];
        held += fill?.side === "buy" ? fill.quantity : -(fill?.quantity ?? 0);
      }
      return (Math.abs(held) * close) / (result.equity[i] ?? 1);
    });
    expect(metrics.grossExposure).toBeCloseTo(mean(shares), 12);
    expect(metrics.grossExposureMax).toBeCloseTo(Math.max(...shares), 12);
  });
});

test("freqtrade's ratio is over the open value with its fee, times leverage; its stake is the margin", () => {
  const candles = candlesOf([
    [100, 100, 100, 100],
    [100, 100, 100, 100],
    [110, 110, 110, 110],
    [110, 110, 110, 110],
    [99, 99, 99, 99],
  ]);
  const fee = 0.001;
  const strategy = scripted({
    0: (context) => void context.market({ side: "buy", quantity: 2 }),
    // Turns from two long to one short in one fill.
    1: (context) => void context.market({ side: "sell", quantity: 3 }),
    2: (context) => void context.limit({ side: "sell", price: 130, quantity: 1 }),
    3: (context) => {
      context.cancelAll();
      context.exit();
    },
  });
  const tiers = [{ notionalFrom: 0, maintenanceRate: 0.005, leverageMax: 20 }];
  const terms = {
    leverage: 5,
    marginMode: "cross",
    tiers,
    liquidationFee: 0,
    funding: null,
  } as const;
  const settings = { makerFee: fee, takerFee: fee, perpetual: terms };
  const input = inputOf({ strategy, candles, settings });
  const { report } = describeRun(input, runBacktest(input));
  const long = (110 * (1 - fee)) / (100 * (1 + fee)) - 1;
  const short = 1 - (99 * (1 + fee)) / (110 * (1 - fee));
  expect(report.freqtrade).toMatchObject({
    profit_mean: expect.closeTo(((long + short) / 2) * 5, 12),
    avg_stake_amount: expect.closeTo((200 + 110) / 2 / 5, 12),
    best_pair: "TEST",
    worst_pair: "TEST",
    rejected_signals: 0,
    canceled_entry_orders: 1,
    timedout_entry_orders: 0,
  });
});

test("a run without candles still has a report", () => {
  const input = inputOf({ strategy: scripted({}), candles: candlesOf([]) });
  const { report, metrics } = describeRun(input, runBacktest(input));
  expect(report).toMatchObject({ months: [], drawdowns: [], groupings: { hour: [] } });
  expect(metrics.longestIdleDays).toBeNull();
});
