import { describe, expect, test } from "vitest";
import type { Context } from "../../src/index.ts";
import type { Row } from "../support/runs.ts";
import { buy, fillsOf, play, quiet, type Script } from "../support/stories.ts";

const out = { side: "sell", quantity: 1, reduceOnly: true } as const;

describe("one order cancels the other", () => {
  const straddle = (context: Context) =>
    context.oneCancelsOther(
      context.stop({ side: "buy", quantity: 1, price: 102 }),
      context.stop({ side: "sell", quantity: 1, price: 98 }),
    );

  test("whichever fills first", () => {
    const rows: Row[] = [quiet, [100, 103, 99, 102], [102, 102, 90, 91]];
    expect(fillsOf(rows, { 0: straddle })).toEqual([[1, "buy", 102]]);
  });

  test("a candle that reaches both is counted as ambiguous", () => {
    const result = play([quiet, [100, 103, 97, 100]], { 0: straddle });
    expect(result.fills).toHaveLength(1);
    expect(result.ambiguousCandles).toBe(1);
  });

  test("a stop-limit that waits the other way comes before a rival farther that way", () => {
    const tie = (limit: number) => (context: Context) =>
      context.oneCancelsOther(
        context.limit({ ...out, price: 105 }),
        context.stopLimit({ ...out, price: 95, limit }),
      );
    const sold = (limit: number) =>
      play([quiet, quiet, [100, 106, 94, 95]], { 0: buy, 1: tie(limit) });
    expect(sold(96)).toMatchObject({ fills: [{}, { price: 96 }], ambiguousCandles: 1 });
    expect(sold(105.5)).toMatchObject({ fills: [{}, { price: 105 }], ambiguousCandles: 1 });
  });

  test("one that is held ends with its rivals, too", () => {
    const script: Script = {
      0: (context) => {
        const rival = context.stop({ side: "buy", quantity: 1, price: 102 });
        const held = context.limit({ side: "buy", quantity: 1, price: 98 });
        context.oneTriggersOther(context.limit({ side: "buy", quantity: 1, price: 90 }), held);
        context.oneCancelsOther(rival, held);
      },
      1: (context) => expect(context.openOrders.map(({ price }) => price)).toEqual([90]),
    };
    expect(play([quiet, [100, 103, 99, 102], quiet], script).fills).toHaveLength(1);
  });

  test("where one was refused, the others are taken back", () => {
    const result = play([quiet, [100, 103, 97, 100]], {
      0: (context) =>
        expect(
          context.oneCancelsOther(
            context.stop({ side: "buy", quantity: 1, price: 102 }),
            context.stop({ side: "sell", quantity: 1, price: 105 }),
          ),
        ).toBe(false),
    });
    expect(result.fills).toEqual([]);
    expect(result.rejectedOrders).toEqual({ "wrong-side-stop": 1, "not-waiting": 1 });
  });
});

describe("one triggers other", () => {
  const pair = (context: Context) =>
    context.oneTriggersOther(
      context.limit({ side: "buy", quantity: 1, price: 98 }),
      context.limit({ side: "sell", quantity: 1, price: 101 }),
    );

  test("holds the others until the first has filled", () => {
    const rows: Row[] = [quiet, quiet, [99, 100, 97, 99], [100, 102, 100, 101]];
    expect(fillsOf(rows, { 0: pair })).toEqual([
      [2, "buy", 98],
      [3, "sell", 101],
    ]);
  });

  test("ends the others with the first", () => {
    const orders: string[] = [];
    const script: Script = {
      0: (context) => {
        pair(context);
        const [first, second] = context.openOrders;
        if (first) context.cancel(first);
        orders.push(String(first?.status), String(second?.status));
      },
    };
    play([quiet, quiet], script);
    expect(orders).toEqual(["cancelled", "cancelled"]);
  });

  test.each([
    { expiresAfter: 1 },
    { expiresAt: 120_000 },
    { expiresAt: 120_000, timeInForce: "ioc" },
  ] as const)("what is held ends with its time: %o", (time) => {
    const held: string[] = [];
    const script: Script = {
      0: (context) => {
        const entry = context.limit({ side: "buy", quantity: 1, price: 98 });
        const exit = context.limit({ ...out, price: 101, ...time });
        context.oneTriggersOther(entry, exit);
        held.push(exit.status);
      },
      2: (context) => held.push(...context.openOrders.map(({ price }) => String(price))),
    };
    const rows: Row[] = [quiet, quiet, quiet, [99, 100, 97, 99], [100, 102, 100, 101]];
    const { fills, orderCounts } = play(rows, script);
    expect(held).toEqual(["held", "98"]);
    expect([fills.length, orderCounts.expiredExits + orderCounts.expiredEntries]).toEqual([1, 1]);
  });

  test("takes all back where one waits no more", () => {
    const script: Script = {
      0: (context) => {
        const limit = context.limit({ side: "buy", quantity: 1, price: 98 });
        context.oneTriggersOther(limit, limit);
      },
    };
    const { rejectedOrders, fills } = play([quiet, [98, 98, 97, 97]], script);
    expect([rejectedOrders, fills]).toEqual([{ "not-waiting": 1 }, []]);
  });
});
