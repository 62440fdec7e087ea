import { expect, test } from "vitest";
import {
  type Columns,
  type Context,
  type PerpetualTerms,
  type RunResult,
  runBacktest,
  runMarkets,
} from "../../src/index.ts";
import { candlesOf, inputOf, scripted } from "../support/runs.ts";

const hour = 3_600_000;
const day = 24 * hour;
type Row = readonly [number, number, number, number];
type Script = Parameters<typeof scripted>[0];

const spaced = (rows: readonly Row[], ms: number): Columns => {
  const candles = candlesOf(rows);
  return { ...candles, time: candles.time.map((_, i) => i * ms) };
};

/** Three days of hours at 100, but for the hours that are named. */
const hours = (changed: Readonly<Record<number, Row>>): Row[] =>
  Array.from({ length: 72 }, (_, i) => changed[i] ?? [100, 100, 100, 100]);

const dayOf = (rows: readonly Row[]): Row => [
  (rows[0] as Row)[0],
  Math.max(...rows.map(([, high]) => high)),
  Math.min(...rows.map(([, , low]) => low)),
  (rows.at(-1) as Row)[3],
];

/** Funding of 1 % at 8 and 16 o'clock, and nothing at midnight. */
const points = [0, 1, 2].flatMap((i) => [
  { at: i * day + 8 * hour, rate: 0.01 },
  { at: i * day + 16 * hour, rate: 0.01 },
]);

const terms: PerpetualTerms = {
  leverage: 1,
  marginMode: "isolated",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.005, leverageMax: 50 }],
  liquidationFee: 0,
  funding: { kind: "series", everyHours: 8, points },
};

function inputFor(script: Script, changed: Readonly<Record<number, Row>>, leverage = 1) {
  const fine = hours(changed);
  const input = inputOf({
    strategy: scripted(script),
    candles: spaced(
      [0, 1, 2].map((i) => dayOf(fine.slice(24 * i, 24 * i + 24))),
      day,
    ),
    settings: { fillPolicy: "detail", perpetual: { ...terms, leverage } },
  });
  const detail = { candles: spaced(fine, hour), timeframe: "1h", dataRevision: "finer" };
  return { ...input, timeframe: "1d", detail };
}

const paid = ({ fundingPayments }: RunResult) =>
  fundingPayments.map(({ at, amount }) => [at / hour, amount]);

const entry = (context: Context) => void context.limit({ side: "buy", quantity: 1, price: 95 });

/** The price falls to 95 at 10 o'clock of the second day, and stands at 110 from 12 on. */
const dip: Record<number, Row> = {
  34: [100, 100, 95, 100],
  36: [100, 110, 100, 110],
  ...Object.fromEntries(
    Array.from({ length: 35 }, (_, i) => [37 + i, [110, 110, 110, 110] as const]),
  ),
};

test("who enters between two payments of one candle pays the second, at the last finer close", () => {
  const result = runBacktest(inputFor({ 0: entry }, dip));
  expect(paid(result)).toEqual([
    [40, -1.1],
    [56, -1.1],
    [64, -1.1],
  ]);
});

test("who leaves between two payments of one candle pays the first", () => {
  const trip = (context: Context) => {
    context.market({ side: "buy", quantity: 1 });
    context.limit({ side: "sell", quantity: 1, price: 108, reduceOnly: true });
  };
  const result = runBacktest(inputFor({ 0: trip }, dip));
  expect(paid(result)).toEqual([[32, -1]]);
  expect(result.trades).toMatchObject([{ funding: -1, exitPrice: 108, pnl: 7 }]);
  expect(result.finalEquity).toBe(1_007);
});

test.each<readonly [string, number, number]>([
  ["what it holds then or after the open, whichever costs more", 0.01, -1],
  ["nothing to who was not in all the time", -0.01, 0],
])(
  "where no finer candles are read, a position that changes inside is paid %s",
  (_, rate, each) => {
    const trip = (context: Context) => {
      context.market({ side: "buy", quantity: 1 });
      context.limit({ side: "sell", quantity: 1, price: 108, reduceOnly: true });
    };
    const due = points.map((point) => ({ ...point, rate }));
    for (const act of [trip, entry]) {
      const { detail: _left, ...input } = inputFor({ 0: act }, dip);
      const funding = { kind: "series", everyHours: 8, points: due } as const;
      const settings = { ...input.settings, fillPolicy: "pessimistic" } as const;
      const result = runBacktest({
        ...input,
        settings: { ...settings, perpetual: { ...terms, funding } },
      });
      const second = result.fundingPayments.filter(({ at }) => at < 2 * day);
      expect(second.map(({ amount }) => amount)).toEqual(each === 0 ? [] : [each, each]);
      const left = result.fundingPayments.reduce((sum, { amount }) => sum + amount, 0);
      expect(result.trades[0]?.funding).toBeCloseTo(left, 9);
    }
  },
);

test("two trades in one candle pay what was due in each of them", () => {
  const both = (context: Context) => {
    context.market({ side: "buy", quantity: 1 });
    context.limit({ side: "sell", quantity: 3, price: 108 });
  };
  const result = runBacktest(inputFor({ 0: both }, dip));
  expect(result.trades.map(({ side, funding }) => [side, funding])).toEqual([
    ["long", -1],
    ["short", expect.closeTo(6.6, 9)],
  ]);
});

test("a payment moves the liquidation to where a later hour of the candle goes", () => {
  // At 40× a long from 100 has a margin of 2.5 and is taken at 97.99; after 1 % is paid at 98.99.
  const fall: Record<number, Row> = { 34: [100, 100, 98.5, 100] };
  const buy = { 0: (context: Context) => void context.market({ side: "buy", quantity: 1 }) };
  const { fills } = runBacktest(inputFor(buy, fall, 40));
  expect(fills.map(({ side, orderId }) => [side, orderId === 0])).toEqual([
    ["buy", false],
    ["sell", true],
  ]);
  expect(fills[1]?.price).toBeCloseTo(98.5 / 0.995, 9);
});

test("a wallet pays as one market does", () => {
  for (const script of [{ 0: entry }, { 1: entry }]) {
    const input = inputFor(script, dip);
    const alone = runBacktest(input);
    const together = runMarkets({ ...input, markets: [input] });
    expect(together.fundingPayments).toEqual(alone.fundingPayments);
    expect(together.fills.map(({ market: _, ...fill }) => fill)).toEqual(alone.fills);
    expect(together.finalEquity).toBe(alone.finalEquity);
  }
});

test("a fill is told once what is due in its candle is paid, by one market and in a wallet alike", () => {
  const heard: number[] = [];
  const input = inputFor({}, dip);
  const strategy = scripted({ 0: entry }, { onFill: ({ equity }) => void heard.push(equity) });
  const settings = { ...input.settings, fillPolicy: "pessimistic" } as const;
  const told = { ...input, strategy, settings };
  const { fundingPayments } = runBacktest(told);
  runMarkets({ ...told, markets: [told] });
  const due = fundingPayments.reduce(
    (sum, { index, amount }) => sum + (index === 1 ? amount : 0),
    0,
  );
  expect(due).toBeLessThan(0);
  expect(heard).toEqual([told.settings.capital + 15 + due, told.settings.capital + 15 + due]);
});
