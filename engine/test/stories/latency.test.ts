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
