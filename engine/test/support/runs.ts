import {
  type Columns,
  type Context,
  defineStrategy,
  type Fill,
  type MarketRules,
  type RunInput,
  type RunResult,
  type RunSettings,
  runBacktest,
  type Strategy,
} from "../../src/index.ts";

export const minute = 60_000;

export type Row = readonly [open: number, high: number, low: number, close: number];

export const flat = (price: number): Row => [price, price, price, price];

/** Candles of one minute that trade one each. */
export const candlesOf = (rows: readonly Row[]): Columns =>
  columnsOf(rows.map((row, index) => [index * minute, ...row, 1]));

/** Candles from rows of time, open, high, low, close and volume. */
export function columnsOf(rows: readonly (readonly number[])[]): Columns {
  const column = (field: number) => Float64Array.from(rows, (row) => row[field] as number);
  return {
    time: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}

/** A strategy that does what is written for each candle. */
export const scripted = (
  script: Readonly<Record<number, (context: Context) => void>>,
  hooks: Readonly<{
    onFill?: (context: Context, fill: Fill) => void;
    onStart?: (context: Context) => void;
    onStop?: (context: Context) => void;
  }> = {},
): Strategy =>
  defineStrategy({
    ...about,
    onCandle: (context) => script[context.index]?.(context as unknown as Context),
    ...(hooks as object),
  });

/** A strategy that does the same on every candle. */
export const always = (act: (context: Context) => void): Strategy =>
  defineStrategy({ ...about, onCandle: (context) => act(context as unknown as Context) });

/** A strategy that does the same whenever it holds nothing. */
export const whenFlat = (act: (context: Context) => void): Strategy =>
  always((context) => {
    if (context.position.isFlat) act(context);
  });

const about = {
  name: "scripted",
  title: "Scripted",
  description: "Does what a test says.",
  category: "test",
  risk: "low",
  timeframes: ["1m"],
  documentation: "For tests.",
  parameters: {},
} as const;

export type Asked = Readonly<{
  strategy: Strategy;
  candles: Columns;
  parameters?: RunInput["parameters"];
  market?: Partial<MarketRules>;
  settings?: Partial<RunSettings>;
}>;

/** Coins are lent for nothing, so that tests may sell first on spot too. */
const lent = { capital: 1_000, makerFee: 0, takerFee: 0, slippageBps: 0, borrowRate: 0 };

export const inputOf = ({ strategy, candles, parameters, market, settings }: Asked): RunInput => ({
  strategy,
  strategyVersion: "test",
  parameters: parameters ?? {},
  market: { symbol: "TEST", tick: null, lot: null, notionalMin: null, ...market },
  timeframe: "1m",
  candles,
  dataRevision: "test",
  settings: { ...lent, ...settings },
});

export const run = (asked: Asked): RunResult => runBacktest(inputOf(asked));

/** A seeded stream of numbers from 0 to below 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A random walk of one-minute candles with prices on a grid of 0.01. */
export function walk(rows: number, seed: number, start = 100): Columns {
  const random = seeded(seed);
  let close = Math.round(start * 100);
  const rowsMade = Array.from({ length: rows }, (): [number, number, number, number] => {
    const open = Math.max(1_000, close + Math.round((random() - 0.5) * 10));
    close = Math.max(1_000, open + Math.round((random() - 0.5) * 80));
    const high = Math.max(open, close) + Math.round(random() * 30);
    const low = Math.min(open, close) - Math.round(random() * 30);
    return [open / 100, high / 100, low / 100, close / 100];
  });
  return candlesOf(rowsMade);
}

/** A walk of many steps without direction: what a strategy gains on it before fees is false. */
export function aimless(rows: number, seed: number): Columns {
  const random = seeded(seed);
  let price = 100;
  return candlesOf(
    Array.from({ length: rows }, () => {
      const open = price;
      let [high, low] = [price, price];
      for (let step = 0; step < 30; step++) {
        price *= 1 + (random() < 0.5 ? -0.0007 : 0.0007);
        high = Math.max(high, price);
        low = Math.min(low, price);
      }
      return [open, high, low, price];
    }),
  );
}
