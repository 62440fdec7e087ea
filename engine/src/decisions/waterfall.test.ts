import { describe, expect, test } from "vitest";
import { candlesOf, inputOf, scripted } from "../../test/support/runs.ts";
import { inputWith, market, perpetualOf, planned, rows } from "../../test/support/wallets.ts";
import {
  type Context,
  explainRun,
  type MarketRules,
  type RunSettings,
  runBacktest,
  runMarkets,
  type WalletContext,
} from "../index.ts";

const candles = candlesOf([
  [100, 101, 99, 100],
  [100, 101, 99, 100],
  [100, 111, 99, 110],
  [110, 111, 109, 110],
  [110, 111, 109, 110],
]);

/** Buys at 100 and sells at 110. */
const trip = (quantity: number) =>
  scripted({
    0: (context) => void context.market({ side: "buy", quantity }),
    2: (context) => void context.exit(),
  });

function explained(
  quantity: number,
  settings: Partial<RunSettings>,
  market: Partial<MarketRules> = {},
) {
  const input = inputOf({ strategy: trip(quantity), candles, settings, market });
  return explainRun(input, runBacktest(input)).waterfall;
}
const amounts = (waterfall: ReturnType<typeof explained>) =>
  Object.fromEntries(waterfall?.steps.map(({ kind, amount }) => [kind, amount]) ?? []);

describe("each cost takes what it took", () => {
  test("nothing where there are no costs", () => {
    const waterfall = explained(1, {});
    expect(waterfall).toMatchObject({ gross: 10, net: 10 });
    expect(waterfall?.steps.every(({ amount, isUsed }) => amount === 0 && !isUsed)).toBe(true);
  });

  test("fees on both fills, and slippage with the fees on it", () => {
    const waterfall = explained(1, { takerFee: 0.001, slippageBps: 10 });
    expect(waterfall?.gross).toBeCloseTo(10, 9);
    const { fees, slippage } = amounts(waterfall);
    expect(fees).toBeCloseTo(-0.21, 9);
    expect(slippage).toBeCloseTo(-0.21 - 0.001 * (0.1 - 0.11), 9);
  });

  test("an order below the minimum is missed profit", () => {
    const waterfall = explained(1, {}, { notionalMin: 150 });
    expect(waterfall).toMatchObject({ gross: 10, net: 0 });
    expect(amounts(waterfall).missed).toBeCloseTo(-10, 9);
  });

  test("lots that round down are rounding", () => {
    expect(amounts(explained(1.5, {}, { lot: 1 })).rounding).toBeCloseTo(-5, 9);
  });

  test("an order that was refused as nonsense is not placed in any of the runs", () => {
    const waterfall = explained(50, { takerFee: 0.001 });
    expect(waterfall).toMatchObject({ gross: 0, net: 0 });
  });
});

test("a strategy that decides differently each time cannot be taken apart, and that is said", () => {
  let runs = 0;
  const strategy = scripted(
    { 1: (context: Context) => void (runs > 1 && context.market({ side: "buy", quantity: 1 })) },
    { onStart: () => void runs++ },
  );
  const input = inputOf({ strategy, candles });
  const { waterfall, reasons } = explainRun(input, runBacktest(input));
  expect(waterfall).toBeNull();
  expect(reasons.waterfall).toMatch(/decided differently/);
});

test("what is placed after the last candle fills in none of the runs", () => {
  const strategy = scripted(
    { 0: (context) => void context.market({ side: "buy", quantity: 1 }) },
    { onStop: (context) => void context.exit() },
  );
  const settings = { fillOn: "signal-close", takerFee: 0.001 } as const;
  const input = inputOf({ strategy, candles, settings });
  const { waterfall, reasons } = explainRun(input, runBacktest(input));
  expect(reasons).toEqual({});
  expect(waterfall?.net).toBeCloseTo(9.9, 9);
});

test.each([1, 1e-8])(
  "among several markets what was refused counts where others lost their money by it, in a unit of %d",
  (unit) => {
    const plan = {
      1: (wallet: WalletContext) => {
        wallet.market("A").market({ side: "buy", quantity: 90 });
        wallet.market("B").limit({ side: "buy", quantity: 100, price: 95 * unit });
      },
      4: (wallet: WalletContext) => wallet.market("B").market({ side: "buy", quantity: 10 }),
    };
    const markets = [
      market("A", rows(...[100, 100, 98, 98, 98, 98, 98].map((price) => price * unit))),
      market("B", rows(...[100, 100, 100, 100, 100, 94, 97].map((price) => price * unit))),
    ];
    const perpetual = perpetualOf("cross", 20);
    const settings = { capital: 1_000 * unit, perpetual, takerFee: 0.0001 };
    const input = inputWith(planned(plan), markets, settings);
    const result = runMarkets(input);
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 2 });
    expect(explainRun(input, result).waterfall).toMatchObject({
      net: result.finalEquity - settings.capital,
    });
  },
);

test("funding takes what it took, with the fees that follow from it", () => {
  const input = inputOf({
    strategy: trip(1),
    candles,
    settings: {
      perpetual: {
        leverage: 2,
        marginMode: "isolated",
        tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 20 }],
        liquidationFee: 0.01,
        funding: { kind: "series", everyHours: 1 / 60, points: [{ at: 120_000, rate: 0.01 }] },
      },
    },
  });
  const { waterfall } = explainRun(input, runBacktest(input));
  expect(waterfall?.gross).toBeCloseTo(10, 9);
  expect(amounts(waterfall).funding).toBeCloseTo(-1, 9);
});
