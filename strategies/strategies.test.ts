import {
  checkStrategy,
  describeStrategy,
  type RunResult,
  runMarkets,
  type Strategy,
} from "@trading/engine";
import { describe, expect, test } from "vitest";
import bollingerMeanReversion from "./bollinger-mean-reversion.ts";
import buyAndHold from "./buy-and-hold.ts";
import dca from "./dca.ts";
import donchianBreakout from "./donchian-breakout.ts";
import dualMomentum from "./dual-momentum.ts";
import emaCrossover from "./ema-crossover.ts";
import grid from "./grid.ts";
import macdForecast from "./macd-forecast.ts";
import rsiDivergence from "./rsi-divergence.ts";
import smaCrossover from "./sma-crossover.ts";
import supertrend from "./supertrend.ts";
import { candlesOf, inputOver, perpetualAt, runOver } from "./support/runs.ts";
import theOrphan from "./the-orphan.ts";

const shipped = [
  smaCrossover,
  emaCrossover,
  theOrphan,
  donchianBreakout,
  bollingerMeanReversion,
  supertrend,
  rsiDivergence,
  macdForecast,
  dca,
  grid,
  dualMomentum,
  buyAndHold,
];

const run = (strategy: Strategy, closes: readonly number[], parameters = {}): RunResult =>
  runOver(strategy, candlesOf(closes), parameters, { settings: { borrowRate: 0 } });

const still = (count: number) => Array.from({ length: count }, (_, i) => 100 + 0.05 * (i % 2));
const climb = (from: number, share: number, count: number) =>
  Array.from({ length: count }, (_, i) => from * (1 + share) ** (i + 1));

test("each explains itself and keeps its defaults in range", () => {
  expect(shipped.map((one) => one.name)).toEqual([
    "sma-crossover",
    "ema-crossover",
    "the-orphan",
    "donchian-breakout",
    "bollinger-mean-reversion",
    "supertrend",
    "rsi-divergence",
    "macd-forecast",
    "dca",
    "grid",
    "dual-momentum",
    "buy-and-hold",
  ]);
  for (const strategy of shipped)
    expect(describeStrategy(strategy).documentation.length).toBeGreaterThan(150);
});

test.each(shipped.map((one) => [one.name, one] as const))(
  "%s passes its own check: it does not look ahead, and decides the same again",
  (_, strategy) => {
    const closes = Array.from(
      { length: 360 },
      (_, i) =>
        100 * (1 + 0.2 * Math.sin(i / 40) + 0.012 * Math.sin(i / 3) + 0.01 * Math.sin(i * i)),
    );
    const { findings } = checkStrategy(inputOver(strategy, candlesOf(closes)));
    expect(findings.filter(({ severity }) => severity === "failure")).toEqual([]);
  },
);

describe("presets", () => {
  // A wave that rises and falls by a fifth, with a ripple on it.
  const wave = Array.from(
    { length: 900 },
    (_, i) => 100 * (1 + 0.2 * Math.sin(i / 40) + 0.012 * Math.sin(i / 3)),
  );
  const all = shipped.flatMap((strategy) =>
    (strategy.presets ?? []).map((preset) => ({ strategy, preset })),
  );

  test("begin with one that lends nothing", () => {
    const first = all.filter(({ strategy, preset }) => strategy.presets?.[0] === preset);
    expect(first.length).toBeGreaterThan(6);
    for (const { preset } of first)
      expect(preset).toMatchObject({ title: "Spot 1×", values: {}, leverage: null });
  });

  const lent = all.flatMap(({ strategy, preset }) =>
    preset.leverage == null ? [] : [[strategy.name, preset.title, strategy, preset] as const],
  );

  test.each(lent)(
    "%s, %s trades a perpetual and tells how near it came to liquidation",
    (...row) => {
      const [, , strategy, { values, leverage }] = row;
      const settings = { perpetual: perpetualAt(leverage ?? 1) };
      const around = strategy === macdForecast ? { trendBy: "zero" } : {};
      const { trades, rejectedOrders } = runOver(
        strategy,
        candlesOf(wave),
        { ...values, ...around },
        { settings },
      );
      expect(trades.length).toBeGreaterThan(0);
      // A long position without leverage cannot be liquidated.
      for (const { side, liquidationDistance } of trades) {
        if (side === "short" || leverage !== 1) expect(liquidationDistance).toBeGreaterThan(0);
        else expect(liquidationDistance).toBeNull();
      }
      expect(rejectedOrders).toEqual({});
    },
  );

  test("the stake of MACD forecast is the position, that of The Orphan its margin", () => {
    const notionalOf = (strategy: Strategy, parameters = {}) => {
      const settings = { perpetual: perpetualAt(10) };
      const [trade] = runOver(strategy, candlesOf(wave), parameters, { settings }).trades;
      return (trade?.quantity ?? 0) * (trade?.entryPrice ?? 0);
    };
    expect(notionalOf(macdForecast, { trendBy: "zero", allowShort: true })).toBeCloseTo(100, 6);
    expect(notionalOf(theOrphan, { allowShort: true })).toBeCloseTo(1_000, 0);
  });
});

describe("SMA crossover", () => {
  const closes = [10, 10, 10, 12, 13, 13, 9, 8, 8];

  test("buys after a cross up and sells after a cross down, at the next open", () => {
    const { trades } = run(smaCrossover, closes, { fast: 1, slow: 3 });
    expect(trades).toHaveLength(1);
    expect(trades[0]).toMatchObject({
      entryIndex: 4,
      entryPrice: 12,
      exitIndex: 7,
      exitPrice: 9,
      exitReason: "signal",
    });
    expect(trades[0]?.quantity).toBeCloseTo(10_000 / 12, 9);
  });

  test("measures stop and target from the close of the signal", () => {
    const stopped = run(smaCrossover, closes, { fast: 1, slow: 3, quantity: 2, stopLoss: 0.2 });
    const taken = run(smaCrossover, closes, { fast: 1, slow: 3, quantity: 2, takeProfit: 0.05 });
    expect(stopped.trades[0]).toMatchObject({
      quantity: 2,
      exitPrice: 12 * 0.8,
      exitReason: "stop",
    });
    expect(taken.trades[0]).toMatchObject({ exitPrice: 12 * 1.05, exitReason: "target" });
  });
});

describe("EMA crossover", () => {
  const rise = [...still(30), ...climb(100, 0.004, 40)];
  const fall = [...still(30), ...climb(100, -0.004, 40)];

  test("buys so much that a hit stop loses 1 % of the equity", () => {
    const entry = run(emaCrossover, rise).fills[0];
    expect(entry).toMatchObject({ side: "buy" });
    expect((entry?.quantity ?? 0) * (entry?.price ?? 0) * 0.02).toBeCloseTo(100, 0);
  });

  test("takes its target 4 % above the close of the signal", () => {
    const trade = run(emaCrossover, rise).trades.find((one) => one.exitReason === "target");
    const signal = rise[(trade?.entryIndex ?? 0) - 1] ?? 0;
    expect(trade?.exitPrice).toBeCloseTo(signal * 1.04, 9);
  });

  test("sells short only where that is switched on", () => {
    const sides = (parameters: object) =>
      run(emaCrossover, fall, parameters).trades.map((one) => one.side);
    expect(sides({})).not.toContain("short");
    expect(sides({ allowShort: true })).toContain("short");
  });
});

describe("The Orphan", () => {
  const breakout = [...still(230), ...climb(100.1, 0.01, 6)];

  test("buys a breakout for its stake", () => {
    const [fill] = run(theOrphan, breakout).fills;
    expect(fill).toMatchObject({ side: "buy" });
    expect((fill?.quantity ?? 0) * (fill?.price ?? 0)).toBeCloseTo(100, 6);
  });

  test("trails the best close by 1 % once it earned 1 %", () => {
    // Candles narrower than the distance, so that none of them can have met the stop on its way up.
    const before = breakout.slice(0, run(theOrphan, breakout).fills[0]?.index);
    const rise = climb(before.at(-1) ?? 0, 0.004, 10);
    const last = rise.at(-1) ?? 0;
    const { trades } = run(theOrphan, [...before, ...rise, last * 0.985, last * 0.98]);
    expect(trades[0]?.exitReason).toBe("trailing stop");
    expect(trades[0]?.pnl).toBeGreaterThan(0);
  });

  test("sells short only where that is switched on", () => {
    const breakdown = [...still(230), ...climb(100, -0.01, 6)];
    expect(run(theOrphan, breakdown).trades).toEqual([]);
    expect(run(theOrphan, breakdown, { allowShort: true }).trades[0]?.side).toBe("short");
  });
});

describe("Donchian breakout", () => {
  const rise = [...still(30), ...climb(100, 0.01, 10)];
  const fall = climb(rise.at(-1) ?? 0, -0.004, 30);

  test("buys the first new high and leaves at a new low of fewer candles", () => {
    const { trades } = run(donchianBreakout, [...rise, ...fall], { ranges: 10 });
    expect(trades[0]).toMatchObject({ entryIndex: 31, entryReason: "new high" });
    expect(trades[0]?.exitReason).toBe("new low");
  });

  test("loses 1 % of the equity where its stop is hit", () => {
    const crash = climb(rise.at(-1) ?? 0, -0.05, 3);
    const [trade] = run(donchianBreakout, [...rise.slice(0, 32), ...crash], { ranges: 5 }).trades;
    expect(trade?.exitReason).toBe("stop");
    expect(trade?.pnl).toBeCloseTo(-100, -1);
  });

  test("sells new lows short only where that is switched on", () => {
    const closes = [...still(30), ...climb(100, -0.01, 10)];
    expect(run(donchianBreakout, closes).trades).toEqual([]);
    expect(run(donchianBreakout, closes, { allowShort: true }).trades[0]?.side).toBe("short");
  });
});

describe("Bollinger mean reversion", () => {
  const dip = [...still(30), 99, 98];

  test("buys below the band and sells back at its middle", () => {
    const { trades } = run(bollingerMeanReversion, [...dip, 99, 100, 100.2, 100.2]);
    expect(trades[0]).toMatchObject({ entryReason: "below the band", exitReason: "middle" });
    expect(trades[0]?.pnl).toBeGreaterThan(0);
  });

  test("gives up what does not come back, and stops what falls on", () => {
    const lies = run(bollingerMeanReversion, [...dip, ...still(9).map((one) => one - 2.5)], {
      patience: 3,
    });
    expect(lies.trades[0]).toMatchObject({ exitReason: "out of patience", candles: 4 });
    const falls = run(bollingerMeanReversion, [...dip, ...climb(98, -0.02, 5)]);
    expect(falls.trades[0]?.exitReason).toBe("stop");
  });
});

describe("Supertrend", () => {
  const swing = [...climb(100, -0.01, 20), ...climb(82, 0.01, 40), ...climb(122, -0.01, 30)];

  test("buys when the line changes to below the price; its stop follows the line", () => {
    const { trades, rejectedOrders } = run(supertrend, swing);
    expect(trades).toHaveLength(1);
    expect(trades[0]).toMatchObject({ side: "long", exitReason: "stop" });
    expect(trades[0]?.pnl).toBeGreaterThan(0);
    expect(rejectedOrders).toEqual({});
  });

  test("sells short only where that is switched on", () => {
    const sides = run(supertrend, swing, { allowShort: true }).trades.map((trade) => trade.side);
    expect(sides).toContain("short");
  });
});

describe("RSI divergence", () => {
  // A hard fall, a bounce, and a slow fall to a lower low: the index does not follow.
  const bounce = [...climb(100, -0.03, 8), ...climb(78.4, 0.01, 5)];
  const lower = climb(bounce.at(-1) ?? 0, -0.007, 12);
  const turn = climb(lower.at(-1) ?? 0, 0.004, 12);
  const closes = [...still(30), ...bounce, ...lower, ...turn];

  test("buys on the candle that confirms the higher low of the index, not before", () => {
    const [trade] = run(rsiDivergence, closes).trades;
    const lowest = 30 + bounce.length + lower.length - 1;
    expect(trade).toMatchObject({ side: "long", entryReason: "bullish divergence" });
    expect(trade?.entryIndex).toBe(lowest + 2);
    expect(trade?.exitReason).toBe("target");
  });

  test("finds nothing where the lows lie further apart than its lookback", () => {
    expect(run(rsiDivergence, closes, { lookback: 10 }).trades).toEqual([]);
  });
});

describe("Dual momentum rotation", () => {
  const rotate = (markets: Readonly<Record<string, readonly number[]>>, parameters = {}) =>
    runMarkets({
      strategy: dualMomentum,
      strategyVersion: "test",
      parameters: { lookback: 5, every: "candle", ...parameters },
      settings: { capital: 10_000, makerFee: 0.001, takerFee: 0.001, slippageBps: 0 },
      markets: Object.entries(markets).map(([symbol, closes]) => ({
        market: { symbol, tick: null, lot: null, notionalMin: null },
        timeframe: "1h",
        candles: candlesOf(closes),
        dataRevision: "test",
      })),
    });
  const up = climb(100, 0.01, 30);
  const down = climb(100, -0.01, 30);
  const turning = [...climb(100, 0.03, 15), ...climb(150, -0.03, 15)];

  test("holds the strongest with all it has, and moves on when another leads", () => {
    const { trades, rejectedOrders } = rotate({ DOWN: down, TURNING: turning, UP: up });
    expect(trades.map(({ market, exitReason }) => [market, exitReason])).toEqual([
      ["TURNING", "weaker"],
      ["UP", "end-of-data"],
    ]);
    expect(rejectedOrders).toEqual({});
    const [first] = trades;
    expect((first?.quantity ?? 0) * (first?.entryPrice ?? 0) * 1.001).toBeCloseTo(10_000, 6);
  });

  test("shares its money among several, and stays in cash where nothing rises", () => {
    const { trades } = rotate({ A: up, B: climb(50, 0.008, 30), C: down }, { hold: 2 });
    expect(trades.map(({ market }) => market)).toEqual(["A", "B"]);
    expect(rotate({ A: down, B: down.map((close) => close / 2) }).fills).toEqual([]);
  });
});

describe("MACD forecast", () => {
  // Swings around a rise: the hours cross often, the four hours point up.
  const closes = Array.from(
    { length: 600 },
    (_, i) => 100 + 0.2 * i + (3 * (i % 24 < 12 ? i % 12 : 12 - (i % 12))) / 12,
  );

  const byZero = { trendBy: "zero" };

  test("buys crosses that agree with the higher timeframe, for its stake", () => {
    const { trades, rejectedOrders } = run(macdForecast, closes, byZero);
    expect(trades.length).toBeGreaterThan(2);
    expect((trades[0]?.quantity ?? 0) * (trades[0]?.entryPrice ?? 0)).toBeCloseTo(100, 6);
    expect(rejectedOrders).toEqual({});
  });

  test("draws where past trends stood at the same age", () => {
    const { plots } = run(macdForecast, closes);
    const [upper, middle, lower] = plots.map(({ values }) => values);
    expect(plots.map(({ name }) => name)).toEqual([
      "80th percentile",
      "50th percentile",
      "20th percentile",
    ]);
    const known = closes.findIndex((_, i) => Number.isFinite(upper?.[i]));
    expect(upper?.[known]).toBeGreaterThanOrEqual(middle?.[known] ?? Number.NaN);
    expect(middle?.[known]).toBeGreaterThanOrEqual(lower?.[known] ?? Number.NaN);
  });

  test("sells short only where that is switched on", () => {
    const falling = closes.map((close) => 400 - close);
    expect(run(macdForecast, falling, byZero).trades).toEqual([]);
    expect(run(macdForecast, falling, { ...byZero, allowShort: true }).trades[0]?.side).toBe(
      "short",
    );
  });
});

test("Buy and hold buys once, with everything", () => {
  const result = run(buyAndHold, climb(100, 0.01, 50));
  expect(result.fills).toHaveLength(1);
  expect(result.trades[0]).toMatchObject({ entryIndex: 1, exitReason: "end-of-data" });
  expect(result.rejectedOrders).toEqual({});
});
