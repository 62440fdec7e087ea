import { describe, expect, test } from "vitest";
import type { Context, Order } from "../../src/index.ts";
import { flat, minute, type Row } from "../support/runs.ts";
import { buy, fillsOf, play, quiet, type Script } from "../support/stories.ts";

const below = { side: "buy", price: 99, quantity: 1 } as const;
const late = { latencyCandles: 1 };

describe("latency", () => {
  const rows: Row[] = [quiet, [100, 101, 97, 100], [102, 103, 97, 102], [104, 105, 97, 104]];
  test.each([
    ["candles", { latencyCandles: 1 }, [2, "buy", 102]],
    ["part of a candle: the next open counts", { latencyMs: 1 }, [2, "buy", 102]],
    ["more than a candle", { latencyMs: minute + 1 }, [3, "buy", 104]],
  ] as const)("of %s", (_what, settings, fill) => {
    expect(fillsOf(rows, { 0: buy }, settings)).toEqual([fill]);
  });

  test("holds for orders with a price, and their expiry waits for them", () => {
    const limit: Script = {
      0: (context) => context.limit({ side: "buy", quantity: 1, price: 98, expiresAfter: 1 }),
    };
    expect(fillsOf(rows, limit, { latencyCandles: 1 })).toEqual([[2, "buy", 98]]);
  });
});

describe("latency of what is tied", () => {
  const decoy = (context: Context) => context.limit({ side: "buy", quantity: 0.001, price: 99.5 });
  const stop = { side: "sell", quantity: 1, price: 99 } as const;
  const rows: Row[] = [
    flat(100),
    flat(100),
    flat(100),
    [100, 100, 98, 98.2],
    flat(98.2),
    flat(98.2),
  ];
  const late2 = { latencyMs: 90_000, borrowRate: 0 };

  test("an order that arrives later is not woken before", () => {
    let first: Order;
    const script: Script = {
      0: (context) => {
        first = decoy(context);
      },
      1: (context) => context.oneTriggersOther(first, context.stop(stop)),
    };
    // The request to tie them arrives with the stop, when the first has filled already.
    const { fills, rejectedOrders } = play(rows, script, late2);
    expect(fills.map(({ index, quantity }) => [index, quantity])).toEqual([[3, 0.001]]);
    expect(rejectedOrders).toEqual({ "not-waiting": 1 });
  });

  test("orders of one decision are tied from the start", () => {
    const script: Script = {
      1: (context) => context.oneTriggersOther(decoy(context), context.stop(stop)),
    };
    const falls: Row[] = [...rows.slice(0, 3), flat(100), [100, 100, 98, 98.2], flat(98.2)];
    const { fills } = play(falls, script, late2);
    expect(fills.map(({ index, price }) => [index, price])).toEqual([
      [4, 99.5],
      [4, 99],
    ]);
  });
});

describe("latency of changes", () => {
  const howFilled = (...given: Parameters<typeof play>) =>
    play(...given).fills.map(({ side, price, liquidity }) => [side, price, liquidity]);

  const rows = [flat(100), flat(100), flat(100), flat(100), flat(98), flat(98)];
  const all = (act: (context: Context, order: Order) => unknown) => (context: Context) => {
    for (const order of context.openOrders) act(context, order);
  };

  test("holds changes up as it does orders", () => {
    const amending: Script = {
      0: (context) => context.limit({ side: "buy", price: 50, quantity: 1 }),
      2: all((context, order) => context.amend(order, { price: 150 })),
    };
    expect(howFilled(rows, amending, { latencyCandles: 3 })).toEqual([]);
    expect(howFilled(rows, amending, late)).toEqual([["buy", 98, "taker"]]);
  });

  test("lets an order fill that was taken back too late", () => {
    const cancelling: Script = {
      0: (context) => context.limit(below),
      3: all((context, order) => context.cancel(order)),
    };
    expect(howFilled(rows, cancelling, late)).toEqual([["buy", 98, "maker"]]);
    expect(howFilled(rows, cancelling)).toEqual([]);
  });

  test("counts a change that comes after the fill", () => {
    const amending: Script = {
      0: (context) => context.limit(below),
      3: all((context, order) => context.amend(order, { price: 97 })),
    };
    expect(play(rows, amending, late).rejectedOrders).toEqual({ "not-waiting": 1 });
  });
});
