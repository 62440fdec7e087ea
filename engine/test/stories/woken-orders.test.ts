import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Context, Order } from "../../src/index.ts";
import { flat, type Row, run, scripted, seeded, walk } from "../support/runs.ts";
import { play, type Script } from "../support/stories.ts";

const fillsOf = (...given: Parameters<typeof play>) =>
  play(...given).fills.map(({ side, price }) => [side, price]);

const policies = ["pessimistic", "path"] as const;
const dip: Row = [100, 101, 94, 96];
const rise: Row = [100, 106, 99, 104];

/** An entry at a limit that triggers an exit. */
const triggered =
  (side: "buy" | "sell", price: number, exit: (context: Context) => Order) => (context: Context) =>
    context.oneTriggersOther(context.limit({ side, price, quantity: 1 }), exit(context));
const out = (side: "buy" | "sell") => ({ side, quantity: 1, reduceOnly: true }) as const;

describe.each(policies)("under %s", (fillPolicy) => {
  test.each<[string, Row, ReturnType<typeof triggered>, readonly unknown[]]>([
    [
      "a stop that the entry lies beyond sells where the entry bought",
      dip,
      triggered("buy", 95, (context) => context.stop({ ...out("sell"), price: 99 })),
      [
        ["buy", 95],
        ["sell", 95],
      ],
    ],
    [
      "the same for a short",
      rise,
      triggered("sell", 105, (context) => context.stop({ ...out("buy"), price: 101 })),
      [
        ["sell", 105],
        ["buy", 105],
      ],
    ],
    [
      "a stop-limit whose limit the market has left behind rests",
      dip,
      triggered("buy", 95, (context) =>
        context.stopLimit({ ...out("sell"), price: 99, limit: 98 }),
      ),
      [["buy", 95]],
    ],
    [
      "a limit that what woke it has passed buys where that sold",
      [100, 100, 98.5, 99.8],
      (context) =>
        context.oneTriggersOther(
          context.stopLimit({ side: "sell", price: 99, limit: 99.5, quantity: 1 }),
          context.limit({ side: "buy", price: 105, quantity: 1 }),
        ),
      [
        ["sell", 99.5],
        ["buy", 99.5],
      ],
    ],
    [
      "a trailing stop begins where its entry filled",
      dip,
      triggered("buy", 95, (context) => context.trailingStop({ ...out("sell"), by: 0.01 })),
      [
        ["buy", 95],
        ["sell", 94.05],
      ],
    ],
    [
      "a take-profit that is reached already takes no more than the market gives",
      dip,
      triggered("buy", 95, (context) => context.takeProfit({ ...out("sell"), price: 90 })),
      [
        ["buy", 95],
        ["sell", 95],
      ],
    ],
  ])("%s", (_what, row, script, fills) => {
    expect(fillsOf([flat(100), row], { 0: script }, { fillPolicy })).toEqual(fills);
  });

  test.each(["ioc", "fok"] as const)("what is %s takes what woke it, or nothing", (timeInForce) => {
    const woken = (price: number) => (context: Context) =>
      context.oneTriggersOther(
        context.stop({ side: "buy", price: 101, quantity: 1 }),
        context.limit({ side: "sell", price, quantity: 1, timeInForce }),
      );
    const row: Row = [100, 103, 99, 99];
    const fills = (price: number) =>
      fillsOf([flat(100), row, flat(105)], { 0: woken(price) }, { fillPolicy });
    expect(fills(102)).toEqual([["buy", 101]]);
    expect(fills(100.5)).toEqual([
      ["buy", 101],
      ["sell", 101],
    ]);
  });
});

test("a trailing stop that had followed before it was held begins anew", () => {
  let trail: Order;
  const script: Script = {
    0: (context) => {
      trail = context.trailingStop({ ...out("sell"), by: 0.01, from: 105 });
    },
    1: (context) =>
      context.oneTriggersOther(context.limit({ side: "buy", price: 95, quantity: 1 }), trail),
  };
  expect(fillsOf([flat(100), [109.5, 110, 109.4, 110], [110, 110, 94, 94]], script)).toEqual([
    ["buy", 95],
  ]);
});

describe("what is amended while it waits", () => {
  const entry = (context: Context) =>
    context.bracket({ side: "buy", limit: 95, stop: 90, target: 99, quantity: 1 });
  const amend = (kind: string, side: string, price: number) => (context: Context) => {
    const order = context.openOrders.find((one) => one.kind === kind && one.side === side);
    if (order === undefined || context.amend(order, { price })) return;
    expect(order.price).not.toBe(price);
  };

  test.each([
    ["a stop above its entry", amend("stop", "sell", 120), { "wrong-side-stop": 1 }],
    ["a stop below its entry", amend("stop", "sell", 94), {}],
    ["a target below its entry", amend("limit", "sell", 94), { "wrong-side-target": 1 }],
    ["an entry below its stop", amend("limit", "buy", 85), { "wrong-side-stop": 1 }],
    ["an entry above its target", amend("limit", "buy", 99), { "wrong-side-target": 1 }],
    ["an entry between them", amend("limit", "buy", 94), {}],
  ])("%s", (_what, script, causes) => {
    expect(play([flat(100), flat(100)], { 0: entry, 1: script }).rejectedOrders).toEqual(causes);
  });
});

test("whatever triggers a stop, it fills no better in that candle than what triggered it", () => {
  let woken = 0;
  const check = (seed: number, fillPolicy: (typeof policies)[number], by: number) => {
    const random = seeded(seed);
    const triggerOf = new Map<number, number>();
    const strategy = scripted(
      Object.fromEntries(
        Array.from({ length: 60 }, (_, i) => [
          i,
          (context: Context) => {
            const side = random() < 0.5 ? "buy" : "sell";
            const at = () => context.close * (1 + (random() - 0.5) * 0.012);
            const other = side === "buy" ? "sell" : "buy";
            const first =
              random() < 0.5
                ? context.limit({ side, price: at(), quantity: 1 })
                : context.stop({ side, price: at(), quantity: 1 });
            const stop = context.stop({ side: other, price: at(), quantity: 1 });
            if (context.oneTriggersOther(first, stop)) triggerOf.set(stop.id, first.id);
            for (const order of context.openOrders)
              if (random() < by) context.amend(order, { price: at() });
          },
        ]),
      ),
    );
    const { fills } = run({ strategy, candles: walk(61, seed), settings: { fillPolicy } });
    for (const fill of fills) {
      const trigger = fills.find(({ orderId }) => orderId === triggerOf.get(fill.orderId));
      if (trigger?.index !== fill.index) continue;
      woken++;
      if (fill.side === "sell") expect(fill.price).toBeLessThanOrEqual(trigger.price);
      else expect(fill.price).toBeGreaterThanOrEqual(trigger.price);
    }
  };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.constantFrom(...policies),
      fc.constantFrom(0, 0.3),
      check,
    ),
    { numRuns: 60, seed: 42 },
  );
  expect(woken).toBeGreaterThan(100);
});
