import { expect, test } from "vitest";
import smaCrossover from "../../../strategies/sma-crossover.ts";
import {
  CandlesError,
  type Columns,
  defineStrategy,
  describeRun,
  RunInputError,
  type RunSettings,
  runBacktest,
  StrategyError,
} from "../../src/index.ts";
import { candlesOf, inputOf, run, scripted, walk } from "../support/runs.ts";

const sound = walk(20, 1);
const spoiled = (column: keyof Columns, index: number, value: number): Columns => ({
  ...sound,
  [column]: sound[column].with(index, value),
});

test.each([
  ["open", 3, Number.NaN, /candle 3 has a price that is not a finite number/],
  ["high", 4, Number.POSITIVE_INFINITY, /candle 4 has a price that is not a finite number/],
  ["low", 5, 0, /candle 5 has a price that is not above 0/],
  ["close", 6, -1, /candle 6 has a price that is not above 0/],
  ["volume", 7, -1, /candle 7 has a volume/],
  ["volume", 8, Number.NaN, /candle 8 has a volume/],
  ["time", 9, Number.NaN, /candle 9 has no time/],
  ["time", 19, 1e300, /candle 19 has a time that is not in ms/],
  ["time", 19, Number.POSITIVE_INFINITY, /candle 19 has a time that is not in ms/],
  ["time", 0, -1e300, /candle 0 has a time that is not in ms/],
  ["time", 10, 0, /candle 10 is not later/],
  ["time", 10, 570_000, /candle 10 begins 0.5 minutes after the one before it, which is 1 long/],
] as const)("%s spoiled at %i names the candle", (column, index, value, message) => {
  const act = () => run({ strategy: scripted({}), candles: spoiled(column, index, value) });
  expect(act).toThrow(CandlesError);
  expect(act).toThrow(expect.objectContaining({ index, message: expect.stringMatching(message) }));
});

const perpetual = {
  leverage: 2,
  marginMode: "isolated",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 20 }],
  liquidationFee: 0.01,
  funding: null,
} as const;

test("columns of different length are refused", () => {
  const candles = { ...sound, high: sound.high.slice(1) };
  expect(() => run({ strategy: scripted({}), candles })).toThrow(/differ in length/);
});

test.each([
  [{ capital: 0 }, /capital/],
  [{ capital: Number.NaN }, /capital/],
  [{ takerFee: -0.1 }, /fees/],
  [{ makerFee: 1 }, /fees/],
  [{ slippageBps: 10_000 }, /slippageBps/],
  [{ feeAsset: "received", perpetual }, /a perpetual's fees/],
  [{ perpetual: { ...perpetual, marginMode: "shared" as "cross" } }, /marginMode/],
] as const)("settings %o are refused", (settings, message) => {
  const act = () => run({ strategy: scripted({}), candles: sound, settings });
  expect(act).toThrow(RunInputError);
  expect(act).toThrow(message);
});

test.each([
  ["a policy that there is not", { fillPolicy: "lucky" }],
  ["a moment that there is not", { fillOn: "yesterday" }],
  ["a fee asset that there is not", { feeAsset: "gold" }],
  ["a slippage model that there is not", { slippageModel: "none" }],
  ["a share that is no share", { slippageShare: 2 }],
  ["no volume at all", { volumeShareMax: 0 }],
  ["half a candle", { latencyCandles: 0.5 }],
  ["time that runs back", { latencyMs: -1 }],
  ["no number", { slippageShare: Number.NaN }],
])("%s is refused", (_, settings) => {
  const act = () =>
    run({ strategy: scripted({}), candles: sound, settings: settings as Partial<RunSettings> });
  expect(act).toThrow(RunInputError);
});

test("market rules and timeframes that make no sense are refused", () => {
  expect(() => run({ strategy: scripted({}), candles: sound, market: { tick: 0 } })).toThrow(
    /tick/,
  );
  expect(() =>
    runBacktest({ ...inputOf({ strategy: scripted({}), candles: sound }), timeframe: "x" }),
  ).toThrow(/timeframe/);
});

test("parameters out of range are refused before anything runs", () => {
  expect(() => run({ strategy: smaCrossover, candles: sound, parameters: { fast: 0 } })).toThrow(
    /fast must lie between/,
  );
});

test("no candles, and fewer than the warm-up, run to an empty result", () => {
  for (const candles of [candlesOf([]), candlesOf([[1, 1, 1, 1]])]) {
    const input = inputOf({ strategy: smaCrossover, candles });
    const result = runBacktest(input);
    const description = describeRun(input, result);
    expect(result.trades).toEqual([]);
    expect(result.finalEquity).toBe(1_000);
    expect(description.metrics).toMatchObject({
      netProfit: 0,
      closedTrades: 0,
      sharpe: null,
      cagr: null,
      maxDrawdown: 0,
    });
    expect(
      Object.values(description.metrics).every((one) => one === null || Number.isFinite(one)),
    ).toBe(true);
  }
});

test("indicators and warm-ups that make no sense are the strategy's failure", () => {
  const about = {
    name: "bad",
    title: "Bad",
    description: "Bad.",
    category: "test",
    risk: "low",
    timeframes: ["1m"],
    documentation: "Bad.",
  } as const;
  const warmup = defineStrategy({
    ...about,
    parameters: {},
    warmup: () => -1,
    onCandle: () => undefined,
  });
  const indicators = defineStrategy({
    ...about,
    parameters: {},
    indicators: () => ({ line: 5 as never }),
    onCandle: () => undefined,
  });
  expect(() => run({ strategy: warmup, candles: sound })).toThrow(StrategyError);
  expect(() => run({ strategy: indicators, candles: sound })).toThrow(StrategyError);
});
