import { describe, expect, test } from "vitest";
import {
  type CheckedOrder,
  type PerpetualTerms,
  type PlannedOrder,
  type RunSettings,
  runBacktest,
} from "../../src/index.ts";
import { candlesOf, inputOf, scripted } from "../support/runs.ts";

const candles = candlesOf([
  [100, 100, 100, 100],
  [100, 100, 100, 100],
]);
const market = { symbol: "TEST", tick: 0.5, lot: 0.1, notionalMin: 5 };
const settings = { capital: 1_000, makerFee: 0, takerFee: 0.001 };

/** What becomes of a plan on the first candle, or on both. */
function preflight(plan: readonly PlannedOrder[], times = 1, more: Partial<RunSettings> = {}) {
  let checked: readonly CheckedOrder[] = [];
  const check = scripted(
    Object.fromEntries(
      Array.from({ length: times }, (_, i) => [
        i,
        (context) => {
          checked = context.preflight(plan);
        },
      ]),
    ),
  );
  const result = runBacktest(
    inputOf({ strategy: check, candles, market, settings: { ...settings, ...more } }),
  );
  return { checked, result };
}

const buy = (name: string, price: number, quantity: number): PlannedOrder => ({
  name,
  side: "buy",
  price,
  quantity,
});

test("a plan comes back on the market's grid, with what would be refused", () => {
  const { checked } = preflight([
    buy("one", 98.74, 1.19),
    buy("two", 98.6, 1),
    buy("three", 90, 0.09),
    buy("four", 40, 0.1),
    buy("five", Number.NaN, 1),
    { name: "six", side: "sell", price: 98.5, quantity: 1 },
    { name: "seven", side: "up" as "buy", price: 98.5, quantity: 1 },
  ]);
  expect(checked.map(({ price, quantity, cause }) => [price, quantity, cause])).toEqual([
    [98.5, 1.1, null],
    [98.5, 1, "bad-price"],
    [90, 0, "below-lot"],
    [40, 0.1, "below-minimum"],
    [Number.NaN, 1, "bad-price"],
    [98.5, 1, null],
    [98.5, 1, "bad-request"],
  ]);
});

test("funds go to the first lines, fees and what is sold included", () => {
  const sell = { name: "sell", side: "sell", price: 120, quantity: 5 } as const;
  const { checked } = preflight([buy("a", 98, 4), sell, buy("b", 97, 2), buy("c", 10, 1)]);
  expect(checked.map(({ cause }) => cause)).toEqual([null, null, "beyond-funds", null]);
});

test("a result names each refused line once and counts how often", () => {
  const { result } = preflight([buy("small", 90, 0.05)], 2);
  expect(result.refusedLines).toEqual([
    {
      name: "small",
      side: "buy",
      price: 90,
      quantity: 0,
      cause: "below-lot",
      why: "is less than one lot of 0.1",
      at: candles.time[0],
      times: 2,
    },
  ]);
  expect(result.rejectedOrders).toEqual({});
});

describe("with leverage", () => {
  const terms: PerpetualTerms = {
    leverage: 5,
    marginMode: "isolated",
    tiers: [
      { notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 20 },
      { notionalFrom: 3_000, maintenanceRate: 0.05, leverageMax: 4 },
    ],
    liquidationFee: 0,
    funding: null,
  };
  const told = (plan: readonly PlannedOrder[], more: Partial<RunSettings>) =>
    preflight(plan, 1, { takerFee: 0, ...more }).checked.map(({ cause, why }) => [cause, why]);

  test("a line needs its margin, and says how much of it is missing", () => {
    const perpetual = { ...terms, tiers: terms.tiers.slice(0, 1) };
    expect(told([buy("a", 99, 30), buy("b", 98, 22), buy("c", 97, 1)], { perpetual })).toEqual([
      [null, null],
      ["beyond-funds", "needs 431.20 of margin at 5× and fees, 406.00 are left"],
      [null, null],
    ]);
  });

  test("a line that the position would not live to see is refused, by margin mode", () => {
    const plan = [buy("a", 100, 5), buy("b", 81, 5), buy("c", 80, 5), buy("d", 60, 5)];
    const far = "comes after 80.808081, where the lines before it would be liquidated";
    expect(told(plan, { perpetual: terms })).toEqual([
      [null, null],
      [null, null],
      [null, null],
      ["beyond-liquidation", "comes after 70.30303, where the lines before it would be liquidated"],
    ]);
    expect(told([buy("a", 100, 5), buy("c", 80, 5)], { perpetual: terms })[1]).toEqual([
      "beyond-liquidation",
      far,
    ]);
    const perpetual: PerpetualTerms = { ...terms, marginMode: "cross" };
    expect(told(plan, { perpetual }).map(([cause]) => cause)).toEqual([null, null, null, null]);
  });

  test("a position too large for the leverage, or for the limits of the wallet, is refused", () => {
    const plan = [buy("a", 99, 20), buy("b", 98, 12)];
    expect(told(plan, { perpetual: terms })[1]).toEqual([
      "leverage-above-tier",
      "makes the position worth 3136.00, for which the market does not allow 5×",
    ]);
    const limits = { positionExposureMax: 1.9 };
    expect(told(plan, { perpetual: terms, limits })[0]?.[0]).toBe("beyond-exposure");
  });

  test("what is accepted can fill from top to bottom", () => {
    const fall = candlesOf([
      [100, 100, 100, 100],
      [100, 100, 82, 82],
      [82, 82, 60, 60],
    ]);
    const plan = [98, 92, 86, 80, 74, 68].map((price, i) => buy(`line ${i}`, price, 2));
    const accepted: string[] = [];
    const strategy = scripted({
      0: (context) => {
        for (const { name, side, price, quantity, cause } of context.preflight(plan)) {
          if (cause === null) accepted.push(name);
          if (cause === null) context.limit({ side, price, quantity, reason: name });
        }
      },
    });
    const { fills } = runBacktest(
      inputOf({ strategy, candles: fall, market, settings: { ...settings, perpetual: terms } }),
    );
    expect(accepted).toEqual(plan.slice(0, 5).map(({ name }) => name));
    expect(fills.map(({ reason }) => reason)).toEqual([...accepted, "liquidation"]);
  });
});

test.each([null, {}, "lines", [null]])("what is no plan ends the run in words: %o", (plan) => {
  expect(() => preflight(plan as never)).toThrow(/preflight takes a list of orders/);
});
