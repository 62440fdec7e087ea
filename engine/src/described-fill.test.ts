import { expect, test } from "vitest";
import { candlesOf, flat, inputOf, minute, scripted } from "../test/support/runs.ts";
import { inputWith, later, market, planned, rows } from "../test/support/wallets.ts";
import { describeMarkets, describeRun, fillsIn, runBacktest, runMarkets } from "./index.ts";

test("every fill names the trades that it enters and leaves, both where it turns the position", () => {
  const input = inputOf({
    strategy: scripted({
      0: (context) => context.market({ side: "buy", quantity: 2, reason: "first" }),
      1: (context) => context.market({ side: "buy", quantity: 1 }),
      2: (context) => context.market({ side: "sell", quantity: 1 }),
      3: (context) => context.market({ side: "sell", quantity: 5 }),
    }),
    candles: candlesOf([100, 100, 110, 120, 90, 80].map(flat)),
    settings: { borrowRate: 0 },
  });
  const { fills, trades } = describeRun(input, runBacktest(input));
  const told = fillsIn(fills);
  expect(
    told.map(({ number, quantity, enters, leaves }) => [number, quantity, enters, leaves]),
  ).toEqual([
    [1, 2, 1, null],
    [2, 1, 1, null],
    [3, 1, null, 1],
    [4, 5, 2, 1],
  ]);
  expect(told[0]).toMatchObject({
    at: minute,
    market: "TEST",
    side: "buy",
    price: 100,
    liquidity: "taker",
    reason: "first",
    stopPrice: null,
  });
  expect(fillsIn(fills, 2).map(({ number }) => number)).toEqual([4]);
  expect(trades.map(({ entries, exits }) => [entries, exits])).toEqual([
    [2, 2],
    [1, 0],
  ]);
});

test("figures of a wallet are those of its markets", () => {
  const [a, b] = [rows(100, 100, 120), later(rows(10, 10, 30), 1)];
  const strategy = planned({
    2: (wallet) => {
      wallet.market("A").market({ side: "buy", quantity: 2 });
      wallet.market("B").market({ side: "buy", quantity: 3 });
    },
  });
  const traded = (volume: number) => new Float64Array(3).fill(volume);
  const input = inputWith(strategy, [
    market("A", { ...a, volume: traded(8) }),
    market("B", { ...b, volume: traded(6) }),
  ]);
  const { metrics, report, fills } = describeMarkets(input, runMarkets(input));
  expect(fillsIn(fills).map((fill) => [fill.market, fill.quantity, fill.enters])).toEqual([
    ["A", 2, 1],
    ["B", 3, 2],
  ]);
  // The two are 0.25 and 0.5 of the volume; 95 % of the way between them.
  expect(metrics.capacity).toBeCloseTo(0.4875, 12);
  // A rises by 20 %, B by 200 % from its own first candle.
  expect(metrics.marketChange).toBeCloseTo(1.1, 12);
  expect(report.freqtrade["market_change"]).toBe(metrics.marketChange);
});
