import { describe, expect, test } from "vitest";
import {
  defineStrategy,
  type PerpetualTerms,
  type RunSettings,
  runBacktest,
  runMarkets,
  sma,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, flat, inputOf, scripted, walk } from "../support/runs.ts";
import { about, inputWith, market, planned, rows } from "../support/wallets.ts";

describe("one wallet", () => {
  test("money is shared, and equity holds every position at its last close", () => {
    const result = runMarkets(
      inputWith(
        planned({
          1: (wallet) => {
            wallet.market("A").market({ side: "buy", quantity: 6 });
            wallet.market("B").market({ side: "buy", quantity: 6 });
          },
          2: (wallet) => wallet.market("B").market({ side: "buy", quantity: 4 }),
        }),
        [market("A", rows(100, 100, 110, 110)), market("B", rows(100, 100, 100, 90))],
      ),
    );
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
    expect(result.fills.map(({ market: name, index }) => [name, index])).toEqual([
      ["A", 1],
      ["B", 2],
    ]);
    expect([...result.equity]).toEqual([1_000, 1_000, 1_060, 1_020]);
    expect(result.trades.map(({ market: name, pnl }) => [name, pnl])).toEqual([
      ["A", 60],
      ["B", -40],
    ]);
  });

  test.each([
    ["A", "B"],
    ["B", "A"],
  ] as const)("what %s sells inside a candle pays for no open of %s before it", (held, wanted) => {
    const plan = planned({
      1: (wallet) => wallet.market(held).market({ side: "buy", quantity: 10 }),
      2: (wallet) => {
        wallet.market(held).limit({ side: "sell", quantity: 10, price: 110, reduceOnly: true });
        wallet.market(wanted).market({ side: "buy", quantity: 10 });
      },
    });
    const rising = candlesOf([flat(100), flat(100), [100, 115, 100, 112], flat(112)]);
    const markets = [market(held, rising), market(wanted, rows(100, 100, 100, 100))];
    const { fills, rejectedOrders } = runMarkets(inputWith(plan, markets));
    expect(fills.map(({ market: name, price }) => [name, price])).toEqual([
      [held, 100],
      [held, 110],
    ]);
    expect(rejectedOrders).toEqual({ "beyond-funds": 1 });
  });

  test("a strategy of one market trades each of them with the same money", () => {
    const strategy = scripted({
      0: (context) => context.market({ side: "buy", quote: context.symbol === "A" ? 400 : 700 }),
    });
    const markets = [market("B", rows(100, 100)), market("A", rows(50, 50))];
    const result = runMarkets(inputWith(strategy, markets));
    expect(result.fills.map((fill) => fill.market)).toEqual(["A"]);
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
  });

  test("one market gives what a run of one market gives", () => {
    const candles = walk(400, 5);
    const crossing = defineStrategy({
      ...about,
      indicators: () => ({ fast: sma(5), slow: sma(20) }),
      onCandle(context) {
        const { fast, slow } = context.indicators;
        if (fast.crossesAbove(slow))
          context.bracket({ side: "buy", share: 1, stop: context.close * 0.99 });
        else if (fast.crossesBelow(slow)) context.exit();
      },
    });
    const one = runBacktest(
      inputOf({ strategy: crossing, candles, settings: { takerFee: 0.001 } }),
    );
    const several = runMarkets(inputWith(crossing, [market("TEST", candles)], { takerFee: 0.001 }));
    expect(several.trades).toEqual(one.trades);
    expect(several.equity).toEqual(one.equity);
    expect(several.rejectedOrders).toEqual(one.rejectedOrders);
    expect(several.warmup).toBe(one.warmup);
  });
});

test("limits refuse positions and exposure beyond them", () => {
  const buy = (quantity: number) => (symbol: string, wallet: WalletContext) =>
    wallet.market(symbol).market({ side: "buy", quantity });
  const plan = planned({
    1: (wallet) => {
      for (const symbol of ["A", "B", "C"]) buy(3)(symbol, wallet);
    },
    2: (wallet) => buy(1)("A", wallet),
  });
  const markets = ["A", "B", "C"].map((symbol) => market(symbol, rows(100, 100, 100)));
  const causes = (limits: RunSettings["limits"]) =>
    runMarkets(inputWith(plan, markets, { limits })).rejectedOrders;
  expect(causes({})).toEqual({});
  expect(causes({ positionsMax: 2 })).toEqual({ "too-many-positions": 1 });
  expect(causes({ exposureMax: 0.7 })).toEqual({ "beyond-exposure": 1 });
  expect(causes({ positionExposureMax: 0.3 })).toEqual({ "beyond-exposure": 1 });
  expect(() => causes({ positionsMax: 0 })).toThrow(/limits.positionsMax/);
});

const cross: PerpetualTerms = {
  leverage: 10,
  marginMode: "cross",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }],
  liquidationFee: 0,
  funding: null,
};

test("what one market loses brings the other nearer to its liquidation", () => {
  const result = runMarkets(
    inputWith(
      planned({
        1: (wallet) => {
          for (const one of wallet.markets) one.market({ side: "buy", quantity: 20 });
        },
      }),
      [
        market("A", candlesOf([flat(100), flat(100), flat(70), flat(70)])),
        market("B", candlesOf([flat(100), flat(100), flat(100), [100, 100, 75, 90]])),
      ],
      { perpetual: cross },
    ),
  );
  // 1000 − 20 × 30 of A leaves 400: 400 + 20 × (P − 100) = 1 % of 20 × P + 1 % of 20 × 70.
  const fell = result.fills.at(-1);
  expect(fell).toMatchObject({ market: "B", reason: "liquidation", index: 3 });
  expect(fell?.price).toBeCloseTo((2_000 - 400 + 14) / 19.8, 9);
});
