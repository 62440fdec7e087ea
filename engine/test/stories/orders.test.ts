import { describe, expect, test } from "vitest";
import type { Context, Order } from "../../src/index.ts";
import { minute, type Row, run, walk, whenFlat } from "../support/runs.ts";
import { buy, fillsOf, play, quiet, type Script } from "../support/stories.ts";

const one = { side: "buy", quantity: 1 } as const;
const out = { side: "sell", quantity: 1, reduceOnly: true } as const;

describe("a stop-limit", () => {
  const wide = (context: Context) => context.stopLimit({ ...one, price: 103, limit: 104 });
  const below = (context: Context) => context.stopLimit({ ...one, price: 103, limit: 102 });

  test("whose limit leaves room fills at its stop and takes", () => {
    const result = play([quiet, [101, 105, 100, 104]], { 0: wide });
    expect(result.fills[0]).toMatchObject({ index: 1, price: 103, liquidity: "taker" });
  });

  test("that the open jumped over rests at its limit and fills when the range comes back", () => {
    expect(fillsOf([quiet, [106, 107, 103.5, 105]], { 0: wide })).toEqual([[1, "buy", 104]]);
    expect(fillsOf([quiet, [106, 107, 105, 106], [106, 106, 103, 105]], { 0: wide })).toEqual([
      [2, "buy", 104],
    ]);
    expect(fillsOf([quiet, [106, 107, 105, 106]], { 0: wide })).toEqual([]);
  });

  test("with its limit on the other side fills in the same candle only where the close proves it", () => {
    const up = play([quiet, [101, 105, 100, 104], quiet], { 0: below });
    expect(up.fills).toMatchObject([{ index: 2, price: 100 }]);
    expect(up.ambiguousCandles).toBe(1);
    const back = play([quiet, [101, 105, 100, 101]], { 0: below });
    expect(back.fills).toMatchObject([{ index: 1, price: 102, liquidity: "maker" }]);
  });

  test("slips up to its limit", () => {
    const fillAt = (slippageBps: number) =>
      fillsOf([quiet, [101, 105, 100, 104]], { 0: wide }, { slippageBps });
    expect(fillAt(50)).toEqual([[1, "buy", 103 * 1.005]]);
    expect(fillAt(500)).toEqual([[1, "buy", 104]]);
  });
});

describe("a take-profit", () => {
  const script: Script = { 0: buy, 1: (context) => context.takeProfit({ ...out, price: 103 }) };

  test("fills at market once its price is there, with slippage and as taker", () => {
    const settings = { slippageBps: 10, takerFee: 0.001 };
    const { fills } = play([quiet, quiet, [101, 104, 100, 102]], script, settings);
    expect(fills[1]).toMatchObject({ price: 103 * 0.999, liquidity: "taker", reason: "target" });
  });

  test("that the open passed fills at the open", () => {
    expect(fillsOf([quiet, quiet, [105, 106, 104, 105]], script)[1]).toEqual([2, "sell", 105]);
  });
});

describe("a trailing stop", () => {
  const trail = (more: object) => (context: Context) =>
    context.trailingStop({ ...out, ...more } as Parameters<Context["trailingStop"]>[0]);
  const after = (rows: readonly Row[], more: object) =>
    fillsOf([quiet, quiet, ...rows], { 0: buy, 1: trail(more) })[1];

  test("waits behind the close on which it was placed", () => {
    expect(after([[100, 100, 97, 98]], { by: 0.02 })).toEqual([2, "sell", 98]);
    expect(after([[100, 100, 97, 98]], { byAmount: 2.5 })).toEqual([2, "sell", 97.5]);
  });

  test("follows the high of a closed candle and never turns back", () => {
    const rise: Row = [109, 110, 108.5, 110];
    expect(after([rise, [109, 109, 107, 108]], { byAmount: 2 })).toEqual([3, "sell", 108]);
    expect(after([rise, [109, 109.5, 108.5, 109], [109, 109, 107, 107]], { byAmount: 2 })).toEqual([
      4,
      "sell",
      108,
    ]);
  });

  test("follows the open, because what follows comes after it", () => {
    expect(after([[105, 105, 102.5, 104]], { byAmount: 2 })).toEqual([2, "sell", 103]);
  });

  test.each([105, 109])(
    "is hit at the worst where a candle is wider than its distance, closing at %d",
    (close) => {
      const rows: Row[] = [quiet, quiet, [100, 110, 99, close]];
      const result = play(rows, { 0: buy, 1: trail({ byAmount: 2 }) });
      expect(result.fills[1]).toMatchObject({ index: 2, price: 99 });
      expect(result.ambiguousCandles).toBe(1);
    },
  );

  test("earns nothing from candles without a direction, however near it follows", () => {
    const candles = walk(6_000, 11);
    for (const side of ["buy", "sell"] as const)
      for (const by of [0.0005, 0.001, 0.003]) {
        const strategy = whenFlat((context) =>
          context.bracket({
            side,
            quantity: 1,
            trail: { by },
            stop: context.close * (side === "buy" ? 0.9 : 1.1),
          }),
        );
        const { trades, finalEquity } = run({ strategy, candles, settings: { capital: 10_000 } });
        expect(trades.length).toBeGreaterThan(500);
        expect(finalEquity).toBeLessThan(10_000);
      }
  });

  test("follows only once the price was where it begins", () => {
    const rows: Row[] = [
      [100, 102, 90, 101],
      [105.5, 106, 104.5, 105.5],
      [105, 105, 103, 104],
    ];
    expect(after(rows, { byAmount: 2, from: 105 })).toEqual([4, "sell", 104]);
  });

  test("mirrors for a short", () => {
    const script: Script = {
      0: (context) => context.market({ side: "sell", quantity: 1 }),
      1: (context) =>
        context.trailingStop({ side: "buy", quantity: 1, reduceOnly: true, byAmount: 2 }),
    };
    const rows: Row[] = [quiet, quiet, [91, 91.5, 90, 91], [91, 93, 90, 92]];
    expect(fillsOf(rows, script)[1]).toEqual([3, "buy", 92]);
  });

  test("of a bracket moves its stop, says so, and leaves the target in place", () => {
    const enter = (context: Context) =>
      context.bracket({ ...one, stop: 95, target: 130, trail: { byAmount: 5, from: 110 } });
    const still = play([quiet, [100, 105, 94, 96]], { 0: enter });
    expect(still.fills[1]).toMatchObject({ price: 95, reason: "stop" });
    const up: Row = [111, 112, 108, 111];
    const rows: Row[] = [quiet, quiet, up, [111, 111, 106, 107]];
    expect(play(rows, { 0: enter }).fills[1]).toMatchObject({
      price: 107,
      reason: "trailing stop",
    });
    const leap: Row[] = [quiet, quiet, up, [128, 131, 127, 130]];
    expect(play(leap, { 0: enter }).fills[1]).toMatchObject({ price: 130, reason: "target" });
    const climb: Row[] = [quiet, quiet, up, [111, 131, 111, 130]];
    expect(play(climb, { 0: enter }).fills[1]).toMatchObject({ price: 111 });
  });
});

describe("an order ends by itself", () => {
  const reach: Row = [100, 100, 96, 99];
  const limit =
    (more: object): ((context: Context) => void) =>
    (context) =>
      context.limit({ ...one, price: 97, ...more });

  test("after as many candles as it was given", () => {
    expect(fillsOf([quiet, quiet, reach], { 0: limit({ expiresAfter: 2 }) })).toHaveLength(1);
    expect(fillsOf([quiet, quiet, reach], { 0: limit({ expiresAfter: 1 }) })).toEqual([]);
  });

  test("at its time", () => {
    const until = (candle: number) => ({ 0: limit({ expiresAt: candle * minute }) });
    expect(fillsOf([quiet, quiet, reach], until(2.5))).toHaveLength(1);
    expect(fillsOf([quiet, quiet, reach], until(2))).toEqual([]);
  });

  test("at the next open where it is to fill at once or not at all", () => {
    for (const timeInForce of ["ioc", "fok"]) {
      expect(fillsOf([quiet, [96, 97, 95, 96]], { 0: limit({ timeInForce }) })).toHaveLength(1);
      expect(fillsOf([quiet, reach, reach], { 0: limit({ timeInForce }) })).toEqual([]);
    }
  });

  test("and tells the strategy, with what waited for it", () => {
    const seen: string[] = [];
    let entry: Order | undefined;
    play([quiet, quiet, quiet], {
      0: (context) => {
        entry = context.bracket({ ...one, limit: 90, stop: 80, expiresAfter: 1 });
      },
      1: (context) => seen.push(String(entry?.status), String(context.openOrders.length)),
    });
    expect(seen).toEqual(["expired", "0"]);
  });
});

describe("orders are changed while they wait", () => {
  test("price and size", () => {
    let order: Order | undefined;
    const result = play([quiet, quiet, [100, 100, 98.4, 99]], {
      0: (context) => {
        order = context.limit({ ...one, price: 90 });
      },
      1: (context) => {
        if (order) expect(context.amend(order, { price: 98.5, quantity: 2 })).toBe(true);
      },
    });
    expect(result.fills).toMatchObject([{ index: 2, price: 98.5, quantity: 2 }]);
  });

  test.each([
    ["bad-price", { price: -1 }],
    ["bad-price", { price: Number.NaN }],
    ["wrong-side-stop", { price: 99 }],
    ["zero-quantity", { quantity: 0 }],
    ["bad-request", null],
  ])("%s leaves the order as it was and is counted", (cause, amendment) => {
    const result = play([quiet, quiet, [100, 106, 100, 105]], {
      0: (context) => {
        const order = context.stop({ ...one, price: 105 });
        expect(context.amend(order, amendment as never)).toBe(false);
      },
    });
    expect(result.rejectedOrders).toEqual({ [cause]: 1 });
    expect(result.fills).toMatchObject([{ price: 105 }]);
  });

  test("what waits no more cannot be", () => {
    let order: Order | undefined;
    const result = play([quiet, quiet], {
      0: (context) => {
        order = context.limit({ ...one, price: 90 });
        context.cancel(order);
        expect(context.amend(order, { price: 95 })).toBe(false);
      },
    });
    expect(order?.status).toBe("cancelled");
    expect(result.rejectedOrders).toEqual({ "not-waiting": 1 });
  });
});
