import { describe, expect, test } from "vitest";
import { type Context, StrategyError } from "../../src/index.ts";
import { type Asked, candlesOf, run, scripted } from "../support/runs.ts";

const candles = candlesOf(Array.from({ length: 6 }, () => [100, 101, 99, 100] as const));
const play = (act: (context: Context) => void, more: Partial<Asked> = {}) =>
  run({ strategy: scripted({ 0: act }), candles, ...more });

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
type Act = (context: Context) => unknown;
const cases: [cause: string, act: Act, more?: Partial<Asked>][] = [
  ["zero-quantity", (context) => context.market({ side: "buy", quantity: 0 })],
  ["negative-quantity", (context) => context.market({ side: "buy", quantity: -1 })],
  ["not-a-number", (context) => context.market({ side: "buy", quantity: nan })],
  ["infinite", (context) => context.market({ side: "buy", share: infinity })],
  ["infinite", (context) => context.market({ side: "buy", quote: -infinity })],
  ["bad-request", (context) => context.market({ side: "hold" as "buy", quantity: 1 })],
  ["bad-request", (context) => context.market({ side: "buy" } as never)],
  ["bad-request", (context) => context.market({ side: "buy", quantity: 1, share: 1 })],
  ["bad-request", (context) => context.market({ side: "buy", quantity: "1" } as never)],
  ["bad-request", (context) => context.market(undefined as never)],
  ["bad-request", (context) => context.bracket(null as never)],
  [
    "unknown-field",
    (context) => context.market({ side: "sell", quantity: 1, reduceonly: true } as never),
  ],
  [
    "unknown-field",
    (context) => context.market({ side: "buy", quantity: 1, timeInForce: "fok" } as never),
  ],
  [
    "unknown-field",
    (context) => context.limit({ side: "buy", quantity: 1, price: 99, PostOnly: true } as never),
  ],
  [
    "unknown-field",
    (context) => context.bracket({ side: "buy", quantity: 1, stop: 90, reduceOnly: true } as never),
  ],
  ["bad-price", (context) => context.limit({ side: "buy", quantity: 1, price: 0 })],
  ["bad-price", (context) => context.limit({ side: "buy", quantity: 1, price: nan })],
  ["bad-price", (context) => context.stop({ side: "buy", quantity: 1, price: infinity })],
  ["bad-price", (context) => context.bracket({ side: "buy", quantity: 1, stop: -1 })],
  ["wrong-side-stop", (context) => context.bracket({ side: "buy", quantity: 1, stop: 100 })],
  ["wrong-side-stop", (context) => context.bracket({ side: "sell", quantity: 1, stop: 99 })],
  ["wrong-side-stop", (context) => context.stop({ side: "buy", quantity: 1, price: 99 })],
  ["wrong-side-target", (context) => context.bracket({ side: "buy", quantity: 1, target: 99 })],
  [
    "wrong-side-target",
    (context) => context.bracket({ side: "sell", quantity: 1, limit: 101, target: 102 }),
  ],
  ["no-stop", (context) => context.market({ side: "buy", risk: 0.01 })],
  ["no-stop", (context) => context.bracket({ side: "buy", risk: 0.01, target: 110 })],
  ["no-position", (context) => context.exit()],
  [
    "would-take",
    (context) => context.limit({ side: "buy", quantity: 1, price: 100, postOnly: true }),
  ],
  [
    "bad-expiry",
    (context) => context.limit({ side: "buy", quantity: 1, price: 99, expiresAfter: 0 }),
  ],
  ["bad-expiry", (context) => context.stop({ side: "buy", quantity: 1, price: 101, expiresAt: 0 })],
  [
    "bad-expiry",
    (context) =>
      context.limit({ side: "buy", quantity: 1, price: 99, timeInForce: "day" as "gtc" }),
  ],
  ["bad-trail", (context) => context.trailingStop({ side: "sell", quantity: 1 })],
  ["bad-trail", (context) => context.trailingStop({ side: "sell", quantity: 1, by: 1 })],
  [
    "bad-trail",
    (context) => context.trailingStop({ side: "sell", quantity: 1, by: 0.1, byAmount: 1 }),
  ],
  ["bad-trail", (context) => context.bracket({ side: "buy", quantity: 1, trail: { by: nan } })],
  ["no-stop", (context) => context.trailingStop({ side: "sell", risk: 0.1, by: 0.1 })],
  [
    "bad-price",
    (context) => context.stopLimit({ side: "buy", quantity: 1, price: 101, limit: nan }),
  ],
  [
    "wrong-side-stop",
    (context) => context.stopLimit({ side: "buy", quantity: 1, price: 99, limit: 99 }),
  ],
  ["bad-price", (context) => context.takeProfit({ side: "sell", quantity: 1, price: -1 })],
  ["no-position", (context) => context.market({ side: "sell", quantity: 1, reduceOnly: true })],
  [
    "below-lot",
    (context) => context.market({ side: "buy", quantity: 0.05 }),
    { market: { lot: 0.1 } },
  ],
  [
    "below-minimum",
    (context) => context.market({ side: "buy", quantity: 0.09 }),
    { market: { notionalMin: 10 } },
  ],
  ["beyond-funds", (context) => context.market({ side: "buy", quantity: 10.01 })],
  ["beyond-funds", (context) => context.market({ side: "sell", quantity: 10.01 })],
  [
    "beyond-funds",
    (context) => context.market({ side: "buy", quantity: 10 }),
    { settings: { takerFee: 0.001 } },
  ],
  ["beyond-funds", (context) => context.market({ side: "buy", quantity: 1e308 })],
];

test.each<[string, Act, Partial<Asked>?]>(cases)(
  "%s is counted, on the order and in the result",
  (cause, act, more = {}) => {
    let order: unknown;
    const result = play((context) => {
      order = act(context);
    }, more);
    expect(result.rejectedOrders).toEqual({ [cause]: 1 });
    expect(order).toMatchObject({ status: "refused", cause });
    expect(result.fills).toEqual([]);
    expect(result.finalEquity).toBe(1_000);
  },
);

test("a share of nothing left is refused, not filled with dust", () => {
  const allIn = (context: Context) => context.market({ side: "buy", share: 1 });
  const result = run({ strategy: scripted({ 0: allIn, 2: allIn }), candles });
  expect(result.fills).toHaveLength(1);
  expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
});

test("orders without end are refused from the thousandth on", () => {
  const result = play((context) => {
    for (let i = 0; i < 1_100; i++) context.limit({ side: "buy", quantity: 1, price: 1 });
  });
  expect(result.rejectedOrders).toEqual({ "too-many-orders": 100 });
});

test("cancelling what waits no more does nothing, what is no order is counted", () => {
  const answers: boolean[] = [];
  const { rejectedOrders } = play((context) => {
    const order = context.limit({ side: "buy", quantity: 1, price: 50 });
    answers.push(context.cancel(order), context.cancel(order), context.cancel(null as never));
  });
  expect(answers).toEqual([true, false, false]);
  expect(rejectedOrders).toEqual({ "bad-request": 1 });
});

test("what an order is to be is read once: it may answer differently each time", () => {
  let asked = 0;
  const shifty = {
    get side() {
      return asked++ === 0 ? "buy" : "foo";
    },
    quantity: 1,
    price: 50,
  };
  const { rejectedOrders } = play((context) => {
    const order = context.limit(shifty as never);
    expect([order.side, order.status]).toEqual(["buy", "open"]);
  });
  expect([asked, rejectedOrders]).toEqual([1, {}]);
});

describe("a strategy that breaks a rule stops with the candle", () => {
  const failing = (act: (context: Context) => unknown) => () =>
    run({ strategy: scripted({ 3: act as (context: Context) => void }), candles });

  test("it throws", () => {
    const fail = failing(() => {
      throw new Error("boom");
    });
    expect(fail).toThrow(StrategyError);
    expect(fail).toThrow(
      expect.objectContaining({
        index: 3,
        at: 180_000,
        message: "scripted failed at candle 3: boom",
      }),
    );
  });

  test("it is asynchronous", () => {
    expect(failing(() => Promise.resolve())).toThrow(/must not be async/);
  });

  test("it plots nonsense", () => {
    expect(failing((context) => context.plot("", 1))).toThrow(/1 to 40 characters/);
    expect(failing((context) => context.plot("line", "1" as never))).toThrow(/takes a number/);
    expect(
      failing((context) => Array.from({ length: 30 }, (_, i) => context.plot(`line ${i}`, 1))),
    ).toThrow(/at most 20/);
  });
});

test("a plot holds a value per candle, NaN where nothing was drawn", () => {
  const result = run({ strategy: scripted({ 1: (context) => context.plot("level", 7) }), candles });
  expect(result.plots).toEqual([
    { name: "level", values: Float64Array.of(nan, 7, nan, nan, nan, nan) },
  ]);
});

describe("an exit in part", () => {
  const market = { lot: 0.01, notionalMin: 5 };
  const rows = Array.from({ length: 4 }, () => [100, 100, 100, 100] as const);
  const after = (quantity: number, act: (context: Context) => unknown) =>
    run({
      strategy: scripted({
        0: (context) => context.market({ side: "buy", quantity }),
        1: (context) => void act(context),
      }),
      candles: candlesOf(rows),
      market,
    });
  const part = (quantity: number) => ({ side: "sell", quantity }) as const;

  test.each<[string, number, (context: Context) => unknown, number | null, object]>([
    [
      "is rounded to the lot",
      0.3,
      (context) => context.market({ ...part(0.0666), reduceOnly: true }),
      0.06,
      {},
    ],
    [
      "below the minimum is refused",
      0.1,
      (context) => context.market({ ...part(0.0333333), reduceOnly: true }),
      null,
      { "below-minimum": 1 },
    ],
    [
      "below the minimum is refused also where it may turn the position",
      0.1,
      (context) => context.market(part(0.01)),
      null,
      { "below-minimum": 1 },
    ],
    [
      "of less than a lot is refused",
      0.1,
      (context) => context.market({ ...part(0.001), reduceOnly: true }),
      null,
      { "below-lot": 1 },
    ],
    [
      "that is the whole is neither",
      0.06,
      (context) => {
        context.market({ ...part(0.05), reduceOnly: true });
        context.exit();
      },
      0.05,
      {},
    ],
  ])("%s", (_what, bought, act, sold, causes) => {
    const { fills, rejectedOrders, trades } = after(bought, act);
    expect(fills[1]?.quantity ?? null).toBe(sold);
    expect(rejectedOrders).toEqual(causes);
    if (fills.length > 2) expect(trades[0]?.exitReason).toBe("signal");
  });
});
