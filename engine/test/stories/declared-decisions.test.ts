import { describe, expect, test } from "vitest";
import emaCrossover from "../../../strategies/ema-crossover.ts";
import smaCrossover from "../../../strategies/sma-crossover.ts";
import theOrphan from "../../../strategies/the-orphan.ts";
import {
  type Condition,
  type Context,
  crosses,
  defineStrategy,
  ema,
  type Fill,
  higher,
  type IndicatorSet,
  type Line,
  price,
  type RunInput,
  type RunResult,
  type RunSettings,
  resample,
  rsi,
  runBacktest,
  runMarkets,
  type Strategy,
  sma,
} from "../../src/index.ts";
import { inputOf, minute, walk } from "../support/runs.ts";
import { gapped, inputWith, later, market } from "../support/wallets.ts";

const candles = walk(6_000, 5);
const asked = (strategy: Strategy): Strategy => ({ ...strategy, decidesOn: undefined });

/** Everything that a result says. */
const told = (result: RunResult) => ({ ...result, equity: [...result.equity] });

function expectAlike(input: RunInput): RunResult {
  const declared = runBacktest(input);
  expect(told(declared)).toEqual(told(runBacktest({ ...input, strategy: asked(input.strategy) })));
  return declared;
}

const shipped = [
  {
    strategy: smaCrossover,
    parameters: { fast: 10, slow: 30, stopLoss: 0.003, takeProfit: 0.006 },
  },
  { strategy: smaCrossover, parameters: { fast: 5, slow: 9, quantity: 1 } },
  { strategy: emaCrossover, parameters: { allowShort: true, stop: 0.004, target: 0.008 } },
  {
    strategy: theOrphan,
    parameters: { allowShort: true, stop: 0.004, target: 0.02, trailFrom: 0.002, trailBy: 0.002 },
  },
];
const funding = { kind: "constant", rate: 0.0001, everyHours: 1 } as const;
const perpetual: RunSettings["perpetual"] = {
  leverage: 5,
  marginMode: "isolated",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }],
  liquidationFee: 0.01,
  funding,
};
const settings: Readonly<Record<string, Partial<RunSettings>>> = {
  plain: { makerFee: 0.0005, takerFee: 0.001, slippageBps: 2 },
  "filled on the close of the signal": { fillOn: "signal-close" },
  "with interest by the hour": { borrowRate: 0.1 },
  "with funding of a perpetual": { perpetual, borrowRate: undefined },
  "with orders that take their time": { latencyCandles: 2, fillPolicy: "path" },
};
const cases = shipped.flatMap((one) =>
  Object.entries(settings).map(
    ([name, around]) =>
      [`${one.strategy.name} ${JSON.stringify(one.parameters)}, ${name}`, one, around] as const,
  ),
);

describe("what a strategy declares changes nothing but the time it takes", () => {
  test.each(cases)("%s", (_, one, around) => {
    const { fills, trades } = expectAlike(inputOf({ ...one, candles, settings: around }));
    expect(fills.length).toBeGreaterThan(20);
    // Brackets end trades between decisions.
    if (one.parameters.stop !== undefined)
      expect(trades.some(({ exitReason }) => /stop|target/.test(exitReason))).toBe(true);
  });

  test.each(shipped)("$strategy.name with finer candles where orders could be touched", (one) => {
    const input = inputOf({
      ...one,
      candles: resample(candles, minute, 5 * minute),
      settings: { fillPolicy: "detail" },
    });
    const detail = { candles, timeframe: "1m", dataRevision: "finer" };
    expectAlike({ ...input, timeframe: "5m", detail });
  });

  test.each(shipped)("$strategy.name in several markets", ({ strategy, parameters }) => {
    const markets = [
      market("A", candles),
      market("B", later(gapped(walk(3_000, 9), 1_000), 100)),
      market("C", walk(4_500, 11)),
    ];
    const run = (one: Strategy) =>
      told(runMarkets({ ...inputWith(one, markets, { borrowRate: 0.1 }), parameters }));
    expect(run(strategy)).toEqual(run(asked(strategy)));
  });
});

/** Notes the candles on which it is asked, and which crosses it finds there. */
function noting<Set extends IndicatorSet>(
  indicators: () => Set,
  decidesOn: (lines: Set) => readonly Condition[],
  onCandle: (index: number, lines: Set) => void,
  hooks: object = {},
): Strategy {
  return defineStrategy({
    name: "noting",
    title: "Noting",
    description: "Notes when it is asked.",
    category: "test",
    risk: "low",
    documentation: "For tests.",
    parameters: {},
    indicators,
    decidesOn,
    onCandle: (context) => onCandle(context.index, context.indicators),
    ...hooks,
  });
}

describe("it is asked where a condition holds, and nowhere else", () => {
  const lines = () => ({
    fast: sma(3),
    slow: ema(40),
    strength: rsi(14),
    hour: higher("1h", sma(2)),
    close: price(),
  });
  type Lines = ReturnType<typeof lines>;
  const pairs: readonly [string, (lines: Lines) => readonly [Line, Line | number]][] = [
    ["two lines", ({ fast, slow }) => [fast, slow]],
    ["a line and a number", ({ strength }) => [strength, 50]],
    ["a line and a number on its grid", ({ close }) => [close, 100]],
    ["a line of a higher timeframe", ({ close, hour }) => [close, hour]],
    ["a line and itself", ({ fast }) => [fast, fast]],
    ["a line and no number", ({ fast }) => [fast, Number.NaN]],
  ];
  const crossed = (line: Line, other: Line | number) =>
    line.crossesAbove(other) || line.crossesBelow(other);
  const allOf = (wanted: readonly ((lines: Lines) => readonly [Line, Line | number])[]) => {
    const found: number[] = [];
    const noted: number[] = [];
    const every = noting(
      lines,
      () => [],
      (index, own) => {
        if (wanted.some((pair) => crossed(...pair(own)))) found.push(index);
      },
    );
    const where = noting(
      lines,
      (own) => wanted.map((pair) => crosses(...pair(own))),
      (index) => noted.push(index),
    );
    runBacktest(inputOf({ strategy: asked(every), candles }));
    runBacktest(inputOf({ strategy: where, candles }));
    return { found, noted };
  };

  test.each(pairs)("%s", (name, pair) => {
    const { found, noted } = allOf([pair]);
    expect(noted).toEqual(found);
    expect(noted.length > 0).toBe(!/itself|no number/.test(name));
  });

  test("any of several, once", () => {
    const { found, noted } = allOf(pairs.map(([, pair]) => pair));
    expect(noted).toEqual(found);
    expect(new Set(noted).size).toBe(noted.length);
  });

  test("a line that only the condition names is computed, and delays no start", () => {
    const noted: number[] = [];
    const strategy = noting(
      () => ({ fast: sma(3) }),
      ({ fast }) => [crosses(fast, sma(50))],
      (index) => noted.push(index),
    );
    const { warmup } = runBacktest(inputOf({ strategy, candles }));
    expect(warmup).toBe(2);
    expect(noted.length).toBeGreaterThan(100);
    expect(noted[0]).toBeGreaterThanOrEqual(50);
  });

  test("fills, start and stop are told all the same", () => {
    const heardBy = (change: (strategy: Strategy) => Strategy): readonly string[] => {
      const heard: string[] = [];
      const strategy = noting(
        () => ({ fast: sma(3), slow: sma(200) }),
        ({ fast, slow }) => [crosses(fast, slow)],
        () => undefined,
        {
          onStart: (context: Context) => {
            heard.push(`start ${context.index}`);
            context.limit({ side: "buy", quantity: 1, price: context.close * 0.99 });
          },
          onFill: (context: Context, fill: Fill) =>
            heard.push(`${fill.side} ${fill.index} told on ${context.index}`),
          onStop: (context: Context) => heard.push(`stop ${context.index}`),
        },
      );
      runBacktest(inputOf({ strategy: change(strategy), candles }));
      return heard;
    };
    const heard = heardBy((strategy) => strategy);
    expect(heard).toEqual(heardBy(asked));
    expect(heard).toEqual(["start 199", expect.stringMatching(/^buy/), "stop 5999"]);
  });
});

describe("what is no condition is refused", () => {
  const fails = (decidesOn: unknown) => () =>
    runBacktest(
      inputOf({
        strategy: noting(
          () => ({ fast: sma(3) }),
          decidesOn as () => Condition[],
          () => undefined,
        ),
        candles,
      }),
    );

  test.each([
    ["nothing", () => undefined, /must return a list such as/],
    ["an empty list", () => [], /must return a list such as/],
    ["a line", ({ fast }: { fast: Line }) => [fast], /crosses takes a line/],
    ["a text", ({ fast }: { fast: Line }) => [crosses(fast, "0" as never)], /crosses takes a line/],
  ])("%s", (_, decidesOn, said) => {
    expect(fails(decidesOn)).toThrow(said);
  });

  test("it belongs to onCandle alone, and is a function", () => {
    const { onCandle: _, ...bare } = smaCrossover;
    const define = (more: object) => () => defineStrategy({ ...bare, ...more } as never);
    const timeframes = ["1m"];
    expect(define({ timeframes, onCandles() {} })).toThrow(/says when onCandle is asked/);
    expect(define({ timeframes, onCandle() {}, decidesOn: [] })).toThrow(/must be a function/);
  });
});
