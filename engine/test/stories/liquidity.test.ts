import { describe, expect, test } from "vitest";
import type { Context, Order } from "../../src/index.ts";
import { type Asked, candlesOf, run, scripted } from "../support/runs.ts";

type Row = readonly [open: number, high: number, low: number, close: number];
type Script = Readonly<Record<number, (context: Context) => void>>;

const flat = (price: number): Row => [price, price, price, price];
const play = (rows: readonly Row[], script: Script, settings: Asked["settings"] = {}) =>
  run({ strategy: scripted(script), candles: candlesOf(rows), settings });
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

describe("latency", () => {
  const rows = [flat(100), flat(100), flat(100), flat(100), flat(98), flat(98)];
  const all = (act: (context: Context, order: Order) => unknown) => (context: Context) => {
    for (const order of context.openOrders) act(context, order);
  };

  test("holds changes up as it does orders", () => {
    const amending: Script = {
      0: (context) => context.limit({ side: "buy", price: 50, quantity: 1 }),
      2: all((context, order) => context.amend(order, { price: 150 })),
    };
    expect(fillsOf(rows, amending, { latencyCandles: 3 })).toEqual([]);
    expect(fillsOf(rows, amending, late)).toEqual([["buy", 98, "taker"]]);
  });

  test("lets an order fill that was taken back too late", () => {
    const cancelling: Script = {
      0: (context) => context.limit(below),
      3: all((context, order) => context.cancel(order)),
    };
    expect(fillsOf(rows, cancelling, late)).toEqual([["buy", 98, "maker"]]);
    expect(fillsOf(rows, cancelling)).toEqual([]);
  });

  test("counts a change that comes after the fill", () => {
    const amending: Script = {
      0: (context) => context.limit(below),
      3: all((context, order) => context.amend(order, { price: 97 })),
    };
    expect(play(rows, amending, late).rejectedOrders).toEqual({ "not-waiting": 1 });
  });
});
