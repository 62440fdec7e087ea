import { describe, expect, test } from "vitest";
import { flat } from "../support/runs.ts";
import { play, type Script } from "../support/stories.ts";

const fillsOf = (...given: Parameters<typeof play>) =>
  play(...given).fills.map(({ side, price, liquidity }) => [side, price, liquidity]);

const below = { side: "buy", price: 99, quantity: 1 } as const;
const late = { latencyCandles: 1 };

describe("a limit takes", () => {
  test("where it must fill at once", () => {
    const script: Script = { 0: (context) => context.limit({ ...below, timeInForce: "ioc" }) };
    expect(fillsOf([flat(100), flat(98)], script)).toEqual([["buy", 98, "taker"]]);
  });

  test("where the market has passed it when it arrives", () => {
    const script: Script = { 0: (context) => context.limit(below) };
    const through = [flat(100), flat(95), flat(95)];
    expect(fillsOf(through, script, late)).toEqual([["buy", 95, "taker"]]);
    const after = [flat(100), flat(100), flat(100), flat(95)];
    expect(fillsOf(after, script, late)).toEqual([["buy", 95, "maker"]]);
  });

  test("where the market has passed it when it is woken", () => {
    const target: Script = {
      0: (context) => context.bracket({ side: "buy", quantity: 1, target: 102 }),
    };
    expect(fillsOf([flat(100), flat(105)], target).at(-1)).toEqual(["sell", 105, "taker"]);
  });

  test("where it is placed through the market, and slips up to its price", () => {
    const at = (price: number): Script => ({
      0: (context) => context.limit({ side: "buy", price, quantity: 1 }),
    });
    const slippage = { slippageBps: 50 };
    expect(fillsOf([flat(100), flat(100)], at(150), slippage)).toEqual([
      ["buy", 100 * 1.005, "taker"],
    ]);
    expect(fillsOf([flat(100), flat(100)], at(100.2), slippage)).toEqual([["buy", 100.2, "taker"]]);
    expect(fillsOf([flat(100), flat(99)], at(99.5), slippage)).toEqual([["buy", 99, "maker"]]);
  });
});

describe("an order that only makes", () => {
  const script: Script = { 0: (context) => context.limit({ ...below, postOnly: true }) };

  test("is refused where the market has passed it when it arrives", () => {
    const result = play([flat(100), flat(95), flat(95)], script, late);
    expect(result.fills).toEqual([]);
    expect(result.rejectedOrders).toEqual({ "would-take": 1 });
  });

  test("cannot be amended to take", () => {
    const amending: Script = {
      ...script,
      1: (context) => {
        const [order] = context.openOrders;
        expect(order && context.amend(order, { price: 105 })).toBe(false);
      },
    };
    expect(play([flat(100), flat(100), flat(100)], amending).rejectedOrders).toEqual({
      "would-take": 1,
    });
  });

  test("is refused where it is woken beyond the market", () => {
    const woken: Script = {
      0: (context) =>
        context.oneTriggersOther(
          context.market({ side: "buy", quantity: 1 }),
          context.limit({ side: "sell", price: 102, quantity: 1, postOnly: true }),
        ),
    };
    const result = play([flat(100), flat(105)], woken);
    expect(result.fills).toHaveLength(1);
    expect(result.rejectedOrders).toEqual({ "would-take": 1 });
  });

  test.each(["ioc", "fok"] as const)("cannot be %s", (timeInForce) => {
    const both: Script = {
      0: (context) => context.limit({ ...below, postOnly: true, timeInForce }),
    };
    expect(play([flat(100), flat(98)], both).rejectedOrders).toEqual({ "bad-request": 1 });
  });
});
