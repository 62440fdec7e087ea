import { describe, expect, test } from "vitest";
import bollingerMeanReversion from "../../strategies/bollinger-mean-reversion.ts";
import buyAndHold from "../../strategies/buy-and-hold.ts";
import dca from "../../strategies/dca.ts";
import donchianBreakout from "../../strategies/donchian-breakout.ts";
import emaCrossover from "../../strategies/ema-crossover.ts";
import grid from "../../strategies/grid.ts";
import rsiDivergence from "../../strategies/rsi-divergence.ts";
import smaCrossover from "../../strategies/sma-crossover.ts";
import supertrend from "../../strategies/supertrend.ts";
import theOrphan from "../../strategies/the-orphan.ts";
import {
  type Columns,
  defineStrategy,
  type Fill,
  type RunInput,
  runBacktest,
  sma,
} from "../src/index.ts";
import { inputOf, seeded, walk } from "./support/runs.ts";

const rows = 6_000;
const candles = walk(rows, 3);
const settings = { makerFee: 0.0005, takerFee: 0.001, slippageBps: 2 };
const shipped = [
  {
    strategy: smaCrossover,
    parameters: { fast: 10, slow: 30, stopLoss: 0.003, takeProfit: 0.006 },
  },
  { strategy: smaCrossover, parameters: { fast: 10, slow: 30 } },
  { strategy: emaCrossover, parameters: { allowShort: true } },
  { strategy: theOrphan, parameters: { allowShort: true, stop: 0.01, target: 0.02 } },
  { strategy: donchianBreakout, parameters: { allowShort: true } },
  { strategy: bollingerMeanReversion, parameters: { allowShort: true, oversold: 100 } },
  { strategy: supertrend, parameters: { allowShort: true } },
  { strategy: rsiDivergence, parameters: { allowShort: true } },
  { strategy: dca, parameters: { step: 0.002, target1: 0.002, stop: 0.01 } },
  { strategy: grid, parameters: { below: 0.02, above: 0.02, stop: 0.005 } },
  { strategy: buyAndHold, parameters: {} },
];
const cases = shipped.map(
  (one) => [`${one.strategy.name} ${JSON.stringify(one.parameters)}`, one] as const,
);

/** Everything after `last` replaced by prices that have nothing to do with what came before. */
function poisoned(columns: Columns, last: number): Columns {
  const random = seeded(last);
  const copy = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, values.slice()]),
  ) as Columns;
  for (let i = last + 1; i < rows; i++) {
    const level = 1 + random() * 1_000;
    copy.open[i] = level;
    copy.close[i] = level * (0.5 + random());
    copy.high[i] = Math.max(level, copy.close[i] as number) * (1 + random());
    copy.low[i] = Math.min(level, copy.close[i] as number) * random();
    copy.volume[i] = random() * 1e9;
  }
  return copy;
}

const upTo = (fills: readonly Fill[], last: number) => fills.filter((fill) => fill.index <= last);

describe.each(cases)("%s", (_, one) => {
  const input: RunInput = inputOf({ ...one, candles, settings });

  test("trades, and gives the same fingerprint twice", () => {
    const first = runBacktest(input);
    expect(first.fills.length).toBeGreaterThan(0);
    expect(runBacktest({ ...input, onProgress: () => undefined }).fingerprint).toBe(
      first.fingerprint,
    );
  });

  test("decides the same whatever the future holds", () => {
    const whole = runBacktest(input);
    for (const last of [500, 2_345, 4_000, 5_998]) {
      const other = runBacktest({ ...input, candles: poisoned(candles, last) });
      expect(upTo(other.fills, last)).toEqual(upTo(whole.fills, last));
      expect(other.equity.slice(0, last + 1)).toEqual(whole.equity.slice(0, last + 1));
    }
  });
});

describe("the fingerprint", () => {
  // Candles of five minutes are candles of one minute with gaps, too.
  const apart = { ...candles, time: candles.time.map((at) => 5 * at) };
  const input = inputOf({
    strategy: smaCrossover,
    parameters: { fast: 10, slow: 30 },
    candles: apart,
    settings: { ...settings, borrowRate: undefined },
  });
  const { fingerprint } = runBacktest(input);

  test.each<[string, Partial<RunInput>]>([
    ["strategy version", { strategyVersion: "other" }],
    ["a parameter that changes no fill", { parameters: { fast: 10, slow: 30, quantity: 1e-9 } }],
    ["settings", { settings: { ...input.settings, capital: 1_001 } }],
    ["market rules", { market: { ...input.market, notionalMin: 0 } }],
    ["timeframe", { timeframe: "5m" }],
    ["data revision", { dataRevision: "other" }],
  ])("changes with %s", (_, change) => {
    expect(runBacktest({ ...input, ...change }).fingerprint).not.toBe(fingerprint);
  });

  test("does not depend on the order of names or on defaults being written out", () => {
    const parameters = { takeProfit: 0, slow: 30, stopLoss: 0, fast: 10, quantity: 0 };
    const { capital, makerFee, takerFee, slippageBps } = input.settings;
    const again = { ...input, parameters, settings: { slippageBps, takerFee, makerFee, capital } };
    expect(runBacktest(again).fingerprint).toBe(fingerprint);
  });

  test("does not depend on the name of the market", () => {
    const market = { ...input.market, symbol: "OTHER" };
    expect(runBacktest({ ...input, market }).fingerprint).toBe(fingerprint);
  });

  test("is what it was when this engine version was cut", () => {
    expect(fingerprint).toBe("ac596ec0ea9f6c89e76241a2f0f83cfcfd0c83b12718d9447a7cc7e507fd5002");
  });
});

test("a strategy that reads past the last candle finds nothing", () => {
  const seen: number[] = [];
  const curious = defineStrategy({
    name: "curious",
    title: "Curious",
    description: "Tries to look ahead.",
    category: "test",
    risk: "low",
    timeframes: ["1m"],
    documentation: "For tests.",
    parameters: {},
    indicators: () => ({ average: sma(2) }),
    onCandle(context) {
      seen.push(
        context.ago("close", -1) - context.close,
        context.indicators.average.ago(-5) - context.indicators.average.value,
      );
    },
  });
  runBacktest(inputOf({ strategy: curious, candles }));
  expect(new Set(seen)).toEqual(new Set([0]));
});
