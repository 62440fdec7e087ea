import { expect, test } from "vitest";
import { type CheckedOrder, type PlannedOrder, runBacktest } from "../../src/index.ts";
import { candlesOf, inputOf, scripted } from "../support/runs.ts";

const candles = candlesOf([
  [100, 100, 100, 100],
  [100, 100, 100, 100],
]);
const market = { symbol: "TEST", tick: 0.5, lot: 0.1, notionalMin: 5 };
const settings = { capital: 1_000, makerFee: 0, takerFee: 0.001 };

/** What becomes of a plan on the first candle, or on both. */
function preflight(plan: readonly PlannedOrder[], times = 1) {
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
  const result = runBacktest(inputOf({ strategy: check, candles, market, settings }));
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
      at: candles.time[0],
      times: 2,
    },
  ]);
  expect(result.rejectedOrders).toEqual({});
});
