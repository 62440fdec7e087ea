import { describe, expect, test } from "vitest";
import {
  type Columns,
  type Context,
  type RunSettings,
  resample,
  runBacktest,
} from "../../src/index.ts";
import {
  always,
  candlesOf,
  flat,
  inputOf,
  minute,
  type Row,
  scripted,
  seeded,
} from "../support/runs.ts";
import { tOf } from "../support/wallets.ts";

type Act = (context: Context) => void;

const one = { quantity: 1 } as const;
const buyAt = (context: Context, price: number) => context.limit({ side: "buy", ...one, price });
const sellAt = (context: Context, price: number) =>
  context.limit({ side: "sell", ...one, price, reduceOnly: true });

/** Buys one at 100, then lets a candle meet what `act` places. */
function met(row: Row, capital: number, act: Act) {
  const strategy = scripted({ 0: (context) => context.market({ side: "buy", ...one }), 1: act });
  const candles = candlesOf([flat(100), flat(100), row, flat(row[3])]);
  const result = runBacktest(
    inputOf({ strategy, candles, settings: { capital, borrowRate: undefined } }),
  );
  const told = result.fills.slice(1).map(({ side, price }) => `${side} ${price}`);
  return { told, doubts: result.ambiguousCandles, equity: result.finalEquity };
}

describe("orders of one candle that need each other", () => {
  test.each([99.1, 100.9])(
    "what a sale would pay for is bought where that loses, and else not: close at %d",
    (close) => {
      const both: Act = (context) => [buyAt(context, 99), sellAt(context, 101)];
      const row: Row = [100, 102, 98, close];
      expect(met(row, 150, both)).toEqual({ told: ["sell 101"], doubts: 1, equity: 151 });
      const losing: Row = [100, 102, 96, 97];
      expect(met(losing, 150, both)).toMatchObject({ told: ["sell 101", "buy 99"], doubts: 1 });
      expect(met(row, 300, both)).toMatchObject({ doubts: 0 });
    },
  );

  test("exits that are covered one by one do not both sell what is bought between them", () => {
    const ladder: Act = (context) => [
      buyAt(context, 99.7),
      sellAt(context, 100.2),
      sellAt(context, 100.4),
    ];
    expect(met([100, 100.5, 99.6, 99.9], 1_000, ladder)).toMatchObject({
      told: ["sell 100.2", "buy 99.7"],
      doubts: 1,
    });
  });

  test("the nearer exit comes first, though the farther one asks for more than is held", () => {
    const greedy: Act = (context) => [
      sellAt(context, 100.2),
      context.limit({ side: "sell", quantity: 2, price: 100.4, reduceOnly: true }),
    ];
    expect(met([100, 100.5, 99.9, 100], 1_000, greedy)).toMatchObject({
      told: ["sell 100.2"],
      doubts: 0,
    });
  });

  test("earn nothing that the finest candles do not, where money is short", () => {
    const quotes = always((context) => {
      context.cancelAll();
      context.limit({ side: "buy", share: 0.5, price: context.close - 0.3 });
      const { isFlat, quantity } = context.position;
      if (!isFlat)
        context.limit({ side: "sell", quantity: quantity / 2, price: context.close + 0.3 });
    });
    const gains = Array.from({ length: 16 }, (_, seed) => {
      const fine = steps(6_000, seed);
      const candles = resample(fine, minute, 100 * minute);
      const ended = (change: Partial<RunSettings>, finer: object) => {
        const settings = { capital: 900, borrowRate: undefined, ...change };
        const input = inputOf({ strategy: quotes, candles, settings });
        return runBacktest({ ...input, timeframe: "100m", ...finer }).finalEquity;
      };
      const detail = { candles: fine, timeframe: "1m", dataRevision: "fine" };
      return ended({}, {}) - ended({ fillPolicy: "detail" }, { detail });
    });
    expect(tOf(gains)).toBeLessThan(0);
  });
});

/** Candles that go one step of 0.1 each, so that nothing is left open in them. */
function steps(count: number, seed: number): Columns {
  const random = seeded(seed);
  let tenths = 2_000;
  return candlesOf(
    Array.from({ length: count }, () => {
      const open = tenths / 10;
      tenths += random() < 0.5 ? -1 : 1;
      const close = tenths / 10;
      return [open, Math.max(open, close), Math.min(open, close), close];
    }),
  );
}
