import { describe, expect, test } from "vitest";
import { type Context, RunInputError } from "../../src/index.ts";
import { flat, type Row } from "../support/runs.ts";
import { play, type Script } from "../support/stories.ts";

const sell = (quantity: number) => (context: Context) => context.market({ side: "sell", quantity });
const buy = (quantity: number) => (context: Context) => context.market({ side: "buy", quantity });

describe("spot lends nothing", () => {
  const cash = { borrowRate: undefined };
  const rows = [flat(100), flat(100), flat(100), flat(100)];

  test("what is not held cannot be sold", () => {
    const { fills, rejectedOrders } = play(rows, { 0: sell(5) }, cash);
    expect(fills).toEqual([]);
    expect(rejectedOrders).toEqual({ "no-position": 1 });
  });

  test("no more than is held is sold, so that nothing turns", () => {
    const { fills, trades } = play(rows, { 0: buy(1), 1: sell(3) }, cash);
    expect(fills.map(({ side, quantity }) => [side, quantity])).toEqual([
      ["buy", 1],
      ["sell", 1],
    ]);
    expect(trades.map(({ side }) => side)).toEqual(["long"]);
  });

  test("of two sales of the same coins in one candle one is refused", () => {
    const script: Script = {
      0: buy(1),
      1: (context) => {
        context.stop({ side: "sell", quantity: 1, price: 98 });
        context.limit({ side: "sell", quantity: 1, price: 103 });
      },
    };
    const { fills, rejectedOrders } = play(
      [flat(100), flat(100), [100, 105, 95, 100]],
      script,
      cash,
    );
    expect(fills).toHaveLength(2);
    expect(rejectedOrders).toEqual({ "no-position": 1 });
  });

  test("a bracket cannot begin with a sale", () => {
    const script: Script = {
      0: (context) => context.bracket({ side: "sell", quantity: 1, stop: 105, target: 90 }),
    };
    expect(play(rows, script, cash).rejectedOrders).toEqual({ "no-position": 1 });
  });
});

describe("spot that lends", () => {
  const rows = (...prices: readonly number[]) => prices.map(flat);
  const day = 24 * 60;

  test("charges the rate of a year by the hour, to who sold short only", () => {
    const still = Array.from({ length: day + 2 }, () => flat(100));
    const short = play(still, { 0: sell(5) }, { borrowRate: 0.1 });
    expect(short.fundingPayments).toHaveLength(24);
    expect(short.finalEquity).toBeCloseTo(1_000 - (500 * 0.1) / 365, 9);
    expect(short.trades[0]?.pnl).toBeCloseTo((-500 * 0.1) / 365, 9);
    expect(play(still, { 0: buy(5) }, { borrowRate: 0.1 }).finalEquity).toBe(1_000);
  });

  test("buys in where nothing is left: equity is never below zero", () => {
    const inside: Row = [150, 250, 150, 200];
    const taken = play([flat(100), flat(100), inside, flat(100)], { 0: sell(10) }, {});
    expect(taken.fills.at(-1)).toMatchObject({ reason: "liquidation", price: 200, index: 2 });
    expect([...taken.equity]).toEqual([1_000, 1_000, 0, 0]);
    const gap = play(rows(100, 100, 250, 100), { 0: sell(10), 2: buy(1) }, {});
    expect([...gap.equity]).toEqual([1_000, 1_000, 0, 0]);
    expect(gap.rejectedOrders).toEqual({ "beyond-funds": 1 });
  });

  test.each([-0.1, Number.NaN, 101])("refuses a rate of %s", (borrowRate) => {
    expect(() => play(rows(100), {}, { borrowRate })).toThrow(RunInputError);
  });
});
