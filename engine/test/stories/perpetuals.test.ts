import { describe, expect, test } from "vitest";
import {
  type Context,
  type PerpetualTerms,
  RunInputError,
  type RunSettings,
  runBacktest,
} from "../../src/index.ts";
import { candlesOf, inputOf, minute, run, scripted } from "../support/runs.ts";

const terms: PerpetualTerms = {
  leverage: 10,
  marginMode: "isolated",
  tiers: [
    { notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 20 },
    { notionalFrom: 50_000, maintenanceRate: 0.02, leverageMax: 5 },
  ],
  liquidationFee: 0.01,
  funding: null,
};

type Row = readonly [number, number, number, number];
const play = (
  rows: readonly Row[],
  script: Readonly<Record<number, (context: Context) => void>>,
  change: Partial<PerpetualTerms> = {},
  settings: Partial<RunSettings> = {},
) =>
  run({
    strategy: scripted(script),
    candles: candlesOf(rows),
    settings: { ...settings, perpetual: { ...terms, ...change } },
  });

const still: Row = [100, 100, 100, 100];
const buy = (quantity: number) => (context: Context) => context.market({ side: "buy", quantity });
const sell = (quantity: number) => (context: Context) => context.market({ side: "sell", quantity });

describe("leverage", () => {
  test("a share of the equity is put up as margin, its fee included", () => {
    const { fills } = play(
      [still, still],
      { 0: (context) => context.market({ side: "buy", share: 1 }) },
      {},
      { takerFee: 0.001 },
    );
    expect(fills[0]?.quantity).toBeCloseTo(10_000 / (100 * 1.01), 9);
  });

  test("more than the margin carries is refused, as is more than its tier allows", () => {
    expect(play([still, still], { 0: buy(101) }).rejectedOrders).toEqual({ "beyond-funds": 1 });
    const rich = { capital: 1e6 };
    const { rejectedOrders } = play([still, still], { 0: buy(500) }, {}, rich);
    expect(rejectedOrders).toEqual({ "leverage-above-tier": 1 });
    expect(play([still, still], { 0: buy(499) }, {}, rich).fills).toHaveLength(1);
  });

  test.each([{ marginMode: "isolated" }, { marginMode: "cross" }] as const)(
    "a position that is turned over pays like one that is opened: %o",
    (change) => {
      const fallen: Row = [92, 92, 92, 92];
      const turn = (quantity: number) =>
        play([still, still, fallen, fallen], { 0: buy(99), 1: sell(99 + quantity) }, change, {
          capital: 1_000,
        });
      expect(turn(99).rejectedOrders).toEqual({ "beyond-funds": 1 });
      expect(turn(22).fills).toHaveLength(2);
    },
  );

  test.each([
    [{ leverage: 25 }, /leverage 25 is above the 20/],
    [{ leverage: 0.5 }, /leverage must be 1 or more/],
    [{ liquidationFee: -1 }, /liquidationFee/],
    [{ tiers: [] }, /first margin tier/],
    [{ tiers: [{ notionalFrom: 0, maintenanceRate: 0.1, leverageMax: 10 }] }, /as they are opened/],
    [{ funding: { kind: "constant", rate: 2, everyHours: 8 } }, /funding rate/],
    [{ funding: { kind: "constant", rate: 0, everyHours: 0 } }, /once a minute/],
    [
      { funding: { kind: "series", everyHours: 8, points: [0, 0].map((at) => ({ at, rate: 0 })) } },
      /funding point 1/,
    ],
  ] as const)("terms %o are refused", (change, message) => {
    const act = () => play([still], {}, change as Partial<PerpetualTerms>);
    expect(act).toThrow(RunInputError);
    expect(act).toThrow(message);
  });
});

describe("liquidation", () => {
  // 10 at 100 with 100 of margin: 100 + 10 × (P − 100) = 1 % of 10 × P at P = 90.909…
  const price = 900 / 9.9;

  test("a long is taken at the price at which its margin is used up, and loses no more than that", () => {
    const result = play([still, still, [100, 101, 80, 85], still], { 0: buy(10) });
    const [, end] = result.fills;
    expect(end).toMatchObject({ index: 2, reason: "liquidation", orderId: 0, side: "sell" });
    expect(end?.price).toBeCloseTo(price, 9);
    expect(end?.fee).toBeCloseTo(Math.min(10 * price * 0.01, 100 + 10 * (price - 100)), 9);
    expect(result.finalEquity).toBeGreaterThanOrEqual(900);
    expect(result.trades[0]).toMatchObject({ exitReason: "liquidation", side: "long" });
  });

  test("a market that opens beyond ruin costs the margin and not more", () => {
    const result = play([still, still, [50, 50, 50, 50]], { 0: buy(10) });
    expect(result.finalEquity).toBeCloseTo(900, 9);
    expect(result.fills[1]).toMatchObject({ fee: 0 });
  });

  test("a level at the edge of two tiers is one of both", () => {
    // 15 at 6,640, half of it margin: the level lies where 15 × P = 50,000.
    const tiers = [
      { notionalFrom: 0, maintenanceRate: 0.004, leverageMax: 125 },
      { notionalFrom: 50_000, maintenanceRate: 0.005, leverageMax: 100 },
    ];
    const at: Row = [6_640, 6_640, 6_640, 6_640];
    const change = { leverage: 2, tiers } as const;
    const fallen: Row = [6_640, 6_640, 66, 66];
    const { fills } = play([at, at, fallen], { 0: buy(15) }, change, { capital: 60_000 });
    expect(fills[1]).toMatchObject({ reason: "liquidation" });
    expect(fills[1]?.price).toBeCloseTo(50_000 / 15, 6);
  });

  test("a short is taken above its entry", () => {
    const result = play([still, still, [100, 120, 100, 100]], { 0: sell(10) });
    expect(result.fills[1]?.price).toBeCloseTo(1_100 / 10.1, 9);
    expect(result.trades[0]).toMatchObject({ side: "short", exitReason: "liquidation" });
  });

  test("a cross position lives on all that the wallet has", () => {
    const cross = { marginMode: "cross" } as const;
    const survives = play([still, still, [100, 101, 80, 85]], { 0: buy(10) }, cross);
    expect(survives.fills).toHaveLength(1);
    const ruined = play([still, still, [100, 100, 1, 1]], { 0: buy(50) }, cross);
    // 1000 + 50 × (P − 100) = 1 % of 50 × P.
    expect(ruined.fills[1]?.price).toBeCloseTo(4_000 / 49.5, 9);
    expect(ruined.finalEquity).toBeGreaterThanOrEqual(0);
  });

  test("a stop that waits nearer is passed first, one that waits farther too late", () => {
    const stopped = (stop: number) =>
      play([still, still, [100, 101, 80, 85]], {
        0: (context) => context.bracket({ side: "buy", quantity: 10, stop }),
      }).trades[0];
    expect(stopped(95)).toMatchObject({ exitReason: "stop", exitPrice: 95 });
    expect(stopped(85)).toMatchObject({ exitReason: "liquidation" });
  });

  test("what is bought on the way down moves the price, and a target in the same candle is ambiguous", () => {
    const result = play([still, still, [100, 101, 91, 95], still], {
      0: (context) => {
        context.bracket({ side: "buy", quantity: 10, target: 105 });
        context.limit({ side: "buy", quantity: 10, price: 92 });
      },
    });
    // 20 at 96 with 192 of margin.
    expect(result.liquidationLevels[1]?.price).toBeCloseTo((1_920 - 192) / 19.8, 9);
    const fell = play([still, still, [100, 106, 85, 95]], {
      0: (context) => context.bracket({ side: "buy", quantity: 10, target: 105 }),
    });
    expect(fell).toMatchObject({ ambiguousCandles: 1 });
    expect(fell.trades[0]?.exitReason).toBe("liquidation");
  });

  test("takes every order of the market with it, is no order of the strategy, and leaves room for the next", () => {
    const seen: number[] = [];
    const result = play([still, still, [100, 100, 80, 85], still, still], {
      0: (context) => {
        context.market({ side: "buy", quantity: 10 });
        context.limit({ side: "buy", quantity: 1, price: 50 });
      },
      1: (context) => {
        seen.push(context.openOrders.length, context.position.liquidationPrice);
        context.cancelAll();
      },
      2: (context) => {
        seen.push(context.openOrders.length);
        context.market({ side: "sell", quantity: 1 });
      },
    });
    expect(seen).toEqual([1, price, 0]);
    expect(result.fills.map((fill) => fill.reason)).toEqual(["signal", "liquidation", "signal"]);
    expect(result.liquidationLevels.map((level) => level.price === null)).toEqual([
      false,
      true,
      false,
    ]);
  });
});

test("the distance to liquidation is that of each trade's own position, in a reversal too", () => {
  const reverse = (context: Context) => {
    context.exit();
    context.market({ side: context.position.isLong ? "sell" : "buy", quantity: 10 });
  };
  const script = { 0: buy(10), 1: reverse, 2: reverse, 3: sell(20), 4: sell(10) };
  const { trades } = play([still, still, still, still, still, still], script);
  expect(trades.map(({ side }) => side)).toEqual(["long", "short", "long", "short"]);
  const prices = { long: 900 / 9.9, short: 1_100 / 10.1 };
  for (const { side, liquidationPrice, liquidationDistance } of trades) {
    expect(liquidationPrice).toBeCloseTo(prices[side], 9);
    expect(liquidationDistance).toBeCloseTo(Math.abs(1 - prices[side] / 100), 9);
  }
});

describe("funding", () => {
  const eight = 8 * 60;
  const hours = (count: number) => Array.from({ length: count * 60 + 1 }, () => still);
  const constant = { kind: "constant", rate: 0.001, everyHours: 8 } as const;

  test("is paid by longs and received by shorts at its hours, on what is held", () => {
    const long = play(hours(17), { 0: buy(10) }, { funding: constant });
    expect(long.fundingPayments.map(({ index, amount }) => [index, amount])).toEqual([
      [eight, -1],
      [2 * eight, -1],
    ]);
    expect(long.trades[0]).toMatchObject({ funding: -2, pnl: -2 });
    expect(long.equity[eight - 1]).toBe(1_000);
    expect(long.equity[eight]).toBe(999);
    expect(long.finalEquity).toBe(998);
    expect(play(hours(17), { 0: sell(10) }, { funding: constant }).finalEquity).toBe(1_002);
  });

  test("a position that is opened at the hour pays nothing, one that is closed then pays", () => {
    const result = play(
      hours(17),
      { [eight - 1]: buy(10), [2 * eight - 1]: (context) => context.exit() },
      { funding: constant },
    );
    expect(result.fundingPayments.map(({ index }) => index)).toEqual([2 * eight]);
  });

  test("a series is paid at its mark prices, and its holes are reported", () => {
    const hour = 60 * minute;
    const points = [
      { at: 0, rate: 0.001 },
      { at: 8 * hour, rate: -0.002, markPrice: 110 },
      { at: 32 * hour, rate: 0.001 },
    ];
    const result = play(
      hours(41),
      { 0: buy(10) },
      { funding: { kind: "series", everyHours: 8, points } },
    );
    expect(result.fundingPayments.map(({ amount }) => amount)).toEqual([2.2, -1]);
    expect(result.fundingGaps).toEqual([
      { fromMs: 16 * hour, toMs: 32 * hour, missing: 2 },
      { fromMs: 40 * hour, toMs: 48 * hour, missing: 1 },
    ]);
  });

  describe("that is due inside candles", () => {
    const day = 24 * 60 * minute;
    const points = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => ({
      at: (i * day) / 3,
      rate: i < 3 ? 0.01 : i < 6 ? 0.001 : 0.0001,
    }));
    const days = (
      script: Readonly<Record<number, (context: Context) => void>>,
      settings: Partial<RunSettings> = {},
    ) => {
      const candles = candlesOf([still, still, still, still]);
      const funding = { kind: "series", everyHours: 8, points } as const;
      const perpetual = { ...terms, leverage: 1, funding };
      const input = inputOf({
        strategy: scripted(script),
        candles: { ...candles, time: candles.time.map((_, i) => i * day) },
        settings: { ...settings, perpetual },
      });
      const result = runBacktest({ ...input, timeframe: "1d" });
      expect(result.finalEquity).toBeCloseTo(
        result.trades.reduce((sum, { funding: paid }) => sum + paid, 1_000),
        9,
      );
      return result;
    };
    const paid = (...given: Parameters<typeof days>) =>
      days(...given).fundingPayments.map(({ index, rate }) => [index, rate]);

    test("is paid by who holds when the candle closes, not by who left at its open", () => {
      const leaving = { 0: buy(1), 1: (context: Context) => context.exit() };
      expect(paid(leaving)).toEqual([
        [1, 0.001],
        [1, 0.001],
        [2, 0.0001],
      ]);
      expect(days(leaving).trades[0]?.funding).toBeCloseTo(-0.21, 9);
    });

    test("goes to the position that a reversal opened", () => {
      const turning = { 0: buy(1), 1: sell(2) };
      const { trades } = days(turning);
      expect(trades[0]?.funding).toBeCloseTo(-0.21, 9);
      expect(trades[1]?.funding).toBeCloseTo(0.02, 9);
    });

    test("is not known before: what it takes is gone only once the candle has closed", () => {
      const seen: number[] = [];
      const watching = { 0: buy(1), 1: (context: Context) => seen.push(context.equity) };
      const { equity } = days(watching);
      expect(seen).toEqual([equity[1]]);
      expect(equity[1]).toBeCloseTo(1_000 - 0.2, 9);
    });
  });

  test("paid out of an isolated margin it brings the liquidation nearer", () => {
    const { liquidationLevels } = play(hours(9), { 0: buy(10) }, { funding: constant });
    expect(liquidationLevels).toHaveLength(2);
    expect(liquidationLevels[1]?.price).toBeCloseTo((1_000 - 99) / 9.9, 9);
  });
});
