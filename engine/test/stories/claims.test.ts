import { describe, expect, test } from "vitest";
import {
  type Context,
  type MarketInput,
  type MarketsResult,
  type RunSettings,
  runMarkets,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, flat, type Row } from "../support/runs.ts";
import { inputWith, market, planned, rows } from "../support/wallets.ts";

type Plan = Readonly<Record<number, (a: Context, b: Context) => unknown>>;
type Seen = Readonly<{ free: readonly number[]; result: MarketsResult }>;

const still = rows(...Array.from({ length: 8 }, () => 100));
const limit = { side: "buy", quantity: 6, price: 90 } as const;

/** Plays a plan over the markets A and B; tells the free money at each, from the first on. */
function play(plan: Plan, settings: Partial<RunSettings> = {}, a = still, b = still): Seen {
  const markets = [market("A", a), market("B", b)];
  return playIn(markets, plan, settings);
}

function playIn(
  markets: readonly MarketInput[],
  plan: Plan,
  settings: Partial<RunSettings> = {},
): Seen {
  const free: number[] = [];
  const act = (at: number) => (wallet: WalletContext) => {
    const [one, other] = [wallet.market("A"), wallet.market("B")] as unknown as [Context, Context];
    free.push(one.cash);
    plan[at]?.(one, other);
  };
  const moments = Array.from({ length: 9 }, (_, at) => [at, act(at)] as const);
  const input = inputWith(planned(Object.fromEntries(moments)), markets, settings);
  const result = runMarkets(input);
  return { free, result };
}

const refused = ({ result }: Seen) => result.rejectedOrders;
const filled = ({ result }: Seen) =>
  result.fills.map(({ market: name, side, quantity }) => `${name} ${side} ${quantity}`);

describe("in a wallet of several markets an order that waits holds its money", () => {
  test("from the next open on, where one that finds too little is refused though its price never comes", () => {
    const seen = play({
      1: (a) => a.limit(limit),
      2: (_, b) => b.limit(limit),
      3: (_, b) => b.market({ side: "buy", quantity: 4.7 }),
      4: (_, b) => b.market({ side: "buy", quantity: 4.5 }),
    });
    expect(seen.free.slice(0, 6)).toEqual([1_000, 460, 460, 460, 10, 10]);
    expect(refused(seen)).toEqual({ "beyond-funds": 2 });
    expect(filled(seen)).toEqual(["B buy 4.5"]);
  });

  test("with its fee, of one that only needs its margin that", () => {
    const fee = play({ 1: (a) => a.limit(limit) }, { makerFee: 0.01 });
    expect(fee.free[2]).toBeCloseTo(1_000 - 540 * 1.01, 9);
    const tiers = [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }];
    const terms = { leverage: 5, tiers, liquidationFee: 0, funding: null };
    for (const marginMode of ["isolated", "cross"] as const) {
      const perpetual = { ...terms, marginMode };
      const plan: Plan = {
        1: (a, b) => [a.limit(limit), b.limit({ side: "sell", quantity: 10, price: 110 })],
      };
      expect(play(plan, { perpetual }).free[2]).toBeCloseTo(1_000 - 108 - 220, 9);
    }
  });

  test.each<readonly [string, (a: Context) => unknown, (a: Context) => unknown, number]>([
    ["a stop where it triggers", (a) => a.stop({ ...limit, price: 120 }), () => {}, 280],
    [
      "a stop-limit at the dearer of its prices",
      (a) => a.stopLimit({ ...limit, price: 110, limit: 120 }),
      () => {},
      280,
    ],
    [
      "a stop that follows where the market is",
      (a) => a.trailingStop({ side: "buy", quantity: 6, by: 0.1, from: 50 }),
      () => {},
      400,
    ],
    [
      "a share of the equity as it is then",
      (a) => a.limit({ side: "buy", share: 0.5, price: 90 }),
      () => {},
      500,
    ],
    ["a bracket its entry", (a) => a.bracket(bracket), () => {}, 460],
    [
      "who quotes on both sides the dearer side",
      (a) => [a.limit(limit), above(a, 6)],
      () => {},
      280,
    ],
    [
      "rivals on both sides the larger",
      (a) => a.oneCancelsOther(a.limit(limit), above(a, 2)),
      () => {},
      460,
    ],
    ["of rivals only the largest", (a) => rivals(a), () => {}, 340],
    ["who is triggered too", (a) => a.oneTriggersOther(one(a), one(a)), () => {}, 820],
    ["no exit of what triggers it", (a) => a.oneTriggersOther(one(a), out(a)), () => {}, 910],
    ["several exits of what triggers them what they open", (a) => triggers(a, 3), () => {}, 760],
    ["after it was taken back nothing", (a) => a.limit(limit), (a) => a.cancelAll(), 1_000],
    ["made smaller what is left", (a) => a.limit(limit), (a) => amend(a, { quantity: 2 }), 820],
    ["moved what it costs there", (a) => a.limit(limit), (a) => amend(a, { price: 80 }), 520],
    ["made too large what it held", (a) => a.limit(limit), (a) => amend(a, { quantity: 12 }), 460],
    ["expired nothing", (a) => a.limit({ ...limit, expiresAfter: 1 }), () => {}, 1_000],
    ["an order that only reduces nothing", (a) => a.limit({ ...limit, ...exit }), () => {}, 1_000],
  ])("%s", (_, place, change, free) => {
    const plan: Plan = { 1: (a) => place(a), 2: (a) => change(a) };
    expect(play(plan).free[3]).toBeCloseTo(free, 9);
  });

  test("an order that was made too large is told so and counted", () => {
    let answer = true;
    const plan: Plan = {
      1: (a) => a.limit(limit),
      2: (a) => {
        answer = amend(a, { quantity: 12 });
      },
    };
    expect(refused(play(plan))).toEqual({ "beyond-funds": 1 });
    expect(answer).toBe(false);
  });

  const held = { side: "buy", quantity: 6 } as const;

  test.each<readonly [string, (a: Context) => unknown, number]>([
    ["a sale of what is held holds nothing", (a) => above(a, 6), 400],
    ["one that turns the position what it needs beyond it", (a) => above(a, 12), 400],
    ["one that makes it larger the other way round the rest", (a) => above(a, 14), 160],
    [
      "several sales of all that is held what they open together",
      (a) => [1, 2, 3].map(() => above(a, 5)),
      40,
    ],
    [
      "beside an exit, what it opens once the position is gone",
      (a) => [a.stop({ ...exit, quantity: 6, price: 80 }), above(a, 6)],
      160,
    ],
  ])("%s", (_, place, free) => {
    const seen = play({ 1: (a) => a.market(held), 2: (a) => place(a) });
    expect(seen.free[4]).toBeCloseTo(free, 9);
  });

  test("where the position goes, what would have closed it is refused when its money is not there", () => {
    const plan: Plan = {
      1: (a) => a.market(held),
      2: (a, b) => [above(a, 12), b.limit({ ...limit, quantity: 4 })],
      3: (a) => a.exit(),
    };
    const seen = play(plan);
    expect(refused(seen)).toEqual({ "beyond-funds": 1 });
    expect(seen.free[5]).toBeCloseTo(1_000 - 360, 9);
  });

  test.each<readonly [string, (a: Context) => unknown, (a: Context) => unknown]>([
    [
      "an exit that comes first is placed later",
      (a) => above(a, 12),
      (a) => a.stop({ ...exit, quantity: 6, price: 80 }),
    ],
    [
      "the sale that is to pay for it is made smaller",
      (a) => {
        const again = a.limit({ side: "buy", quantity: 9, price: 99 });
        a.oneTriggersOther(a.limit({ ...exit, quantity: 6, price: 105 }), again);
      },
      (a) => a.openOrders.map((one) => one.price === 105 && a.amend(one, { quantity: 1 })),
    ],
  ])("where %s, no order opens with the money of others", (_, place, change) => {
    const rest = { ...limit, quantity: 1 };
    const plan: Plan = {
      1: (a) => a.market(held),
      2: (a, b) => [place(a), b.limit(rest)],
      3: (a) => change(a),
    };
    const seen = play(plan);
    expect(refused(seen)).toEqual({ "beyond-funds": 1 });
    expect(seen.free[4]).toBe(400 - 90);
  });

  test("what a sale brings pays for the purchase that it triggers, once", () => {
    const spot = { borrowRate: undefined };
    const target = (a: Context, quantity: number) =>
      a.limit({ side: "sell", quantity, price: 105, reduceOnly: true });
    const again = (a: Context, quantity: number) => a.limit({ side: "buy", quantity, price: 95 });
    const allIn = { 1: (a: Context) => a.market({ side: "buy", quantity: 10 }) };
    const fair: Plan = { ...allIn, 2: (a) => a.oneTriggersOther(target(a, 10), again(a, 10)) };
    expect(refused(play(fair, spot))).toEqual({});
    const beyond: Plan = { ...allIn, 2: (a) => a.oneTriggersOther(target(a, 1), again(a, 10)) };
    expect(refused(play(beyond, spot))).toEqual({ "beyond-funds": 1 });
    const twice: Plan = {
      ...allIn,
      2: (a) => [1, 2].map(() => a.oneTriggersOther(target(a, 10), again(a, 10))),
    };
    expect(refused(play(twice, spot))).toEqual({ "beyond-funds": 1 });
  });

  test("a share that turns a position takes what closing it pays for, when nothing else is free", () => {
    const fall = candlesOf([...Array.from({ length: 4 }, () => flat(100)), [100, 100, 90, 90]]);
    const seen = play(
      {
        1: (a, b) => [a, b].map((on) => on.market({ side: "buy", quantity: 5 })),
        2: (a) => a.stop({ side: "sell", share: 1, price: 95 }),
      },
      {},
      fall,
    );
    expect(refused(seen)).toEqual({});
    expect(filled(seen)).toEqual(["A buy 5", "B buy 5", "A sell 10"]);
  });

  test("a loss elsewhere leaves it what it holds", () => {
    const perpetual = {
      leverage: 20,
      marginMode: "cross",
      tiers: [{ notionalFrom: 0, maintenanceRate: 0.001, leverageMax: 100 }],
      liquidationFee: 0,
      funding: null,
    } as const;
    const down = candlesOf([flat(100), flat(100), flat(100), flat(98), [98, 98, 90, 90]]);
    const plan: Plan = {
      1: (a) => a.limit({ ...limit, quantity: 40, price: 95 }),
      2: (_, b) => b.market({ side: "buy", quantity: 155 }),
    };
    const seen = play(plan, { perpetual }, down, rows(100, 100, 100, 98, 97));
    expect(filled(seen)).toEqual(["B buy 155", "A buy 40"]);
  });

  const falling = candlesOf([...Array.from({ length: 4 }, () => flat(100)), [100, 100, 85, 95]]);

  test("what fills spends what it held, and what is left of it goes on holding", () => {
    const seen = play({ 1: (a) => a.limit(limit) }, { volumeShareMax: 1 }, falling);
    expect(filled(seen)).toEqual(["A buy 1"]);
    expect(seen.free[4]).toBeCloseTo(1_000 - 540, 9);
  });

  test("slippage beyond what it holds makes it smaller, when nothing else is free", () => {
    const rising: Row[] = [flat(100), flat(100), flat(100), [100, 112, 100, 112]];
    const plan: Plan = {
      1: (a) => a.stop({ side: "buy", quantity: 6, price: 110 }),
      2: (_, b) => b.market({ side: "buy", quantity: 3.4 }),
    };
    const seen = play(
      plan,
      { slippageBps: 0, slippageModel: "range", slippageShare: 0.25 },
      candlesOf(rising),
    );
    expect(refused(seen)).toEqual({});
    expect(seen.result.fills[1]?.quantity).toBeCloseTo(660 / 113, 9);
  });

  test("what fills at an open at the same time pays for it, whatever the markets are called", () => {
    for (const [sold, bought] of [
      ["A", "B"],
      ["B", "A"],
    ] as const) {
      const of = (name: string, a: Context, b: Context) => (name === "A" ? a : b);
      const seen = play({
        1: (a, b) => of(sold, a, b).market({ side: "buy", share: 1 }),
        2: (a, b) => [of(sold, a, b).exit(), of(bought, a, b).limit({ ...limit, quantity: 10 })],
      });
      expect(refused(seen)).toEqual({});
      expect(seen.free.at(-1)).toBe(100);
    }
  });

  test("what is freed inside a candle pays for no order that waited in it", () => {
    const wide = candlesOf([flat(100), flat(100), flat(100), [100, 110, 90, 100], flat(100)]);
    const plan: Plan = {
      1: (a) => a.market({ side: "buy", quantity: 10 }),
      2: (a, b) => [
        a.limit({ side: "sell", quantity: 10, price: 105, reduceOnly: true }),
        b.limit({ side: "buy", share: 0.9, price: 95 }),
      ],
    };
    const seen = play(plan, {}, wide, wide);
    expect(refused(seen)).toEqual({ "beyond-funds": 1 });
    expect(filled(seen)).toEqual(["A buy 10", "A sell 10"]);
  });

  test("it holds its place under the limits, too", () => {
    const buyIn = (quantity: number, limits: RunSettings["limits"]) => {
      const plan: Plan = {
        1: (a) => a.limit(limit),
        2: (_, b) => b.market({ side: "buy", quantity }),
        3: (_, b) => b.limit({ ...limit, quantity }),
      };
      return refused(play(plan, { limits }));
    };
    expect(buyIn(1, { positionsMax: 1 })).toEqual({ "too-many-positions": 2 });
    expect(buyIn(1, { exposureMax: 0.6 })).toEqual({ "beyond-exposure": 2 });
    expect(buyIn(1, { positionsMax: 2, exposureMax: 0.74 })).toEqual({});
  });

  test("a market that ends gives the money of its orders back", () => {
    const seen = play({ 1: (a) => a.limit(limit) }, {}, rows(100, 100, 100));
    expect(seen.free.slice(0, 5)).toEqual([1_000, 460, 460, 1_000, 1_000]);
  });

  test("one that is late holds it from when it arrives, and free money leaves it out from the first", () => {
    const late = { latencyCandles: 2 };
    const seen = play({ 1: (a) => a.limit(limit) }, late);
    expect(seen.free.slice(0, 5)).toEqual([1_000, 460, 460, 460, 460]);
    const spent: Plan = { 1: (a, b) => [a.limit(limit), b.market({ side: "buy", share: 1 })] };
    expect(refused(play(spent, late))).toEqual({ "beyond-funds": 1 });
  });

  test("free money and the pre-flight of one market know what another placed at the same moment", () => {
    const free: number[] = [];
    let causes: unknown;
    const line = { name: "line", side: "buy", price: 90, quantity: 6 } as const;
    play({
      1: (a, b) => {
        a.limit(limit);
        free.push(b.cash);
        causes = b.preflight([line]).map(({ cause }) => cause);
        b.limit(limit);
        free.push(b.cash);
      },
    });
    expect(free).toEqual([460, 0]);
    let after = Number.NaN;
    play({
      1: (a, b) => {
        a.market({ side: "buy", quantity: 7 });
        after = b.cash;
      },
    });
    expect(after).toBe(300);
    expect(causes).toEqual(["beyond-funds"]);
  });

  test("a pre-flight leaves what orders of other markets hold", () => {
    let causes: unknown;
    const line = { name: "line", side: "buy", price: 90, quantity: 6 } as const;
    play({
      1: (a) => a.limit(limit),
      2: (a, b) => {
        causes = [a, b].map((one) => one.preflight([line])[0]?.cause);
      },
    });
    expect(causes).toEqual([null, "beyond-funds"]);
  });

  test("whether anybody looks at a stop that follows the price changes nothing", () => {
    const rising = candlesOf(
      Array.from({ length: 8 }, (_, i) => (i < 3 ? flat(100) : [97 + i, 98 + i, 97 + i, 98 + i])),
    );
    const freeWhere = (looks: boolean) => {
      const plan: Plan = {
        1: (a) => a.market({ side: "buy", quantity: 5 }),
        2: (a) => [
          a.trailingStop({ side: "sell", quantity: 5, byAmount: 2, reduceOnly: true }),
          a.limit({ side: "sell", quantity: 7, price: 115 }),
        ],
        6: (a) => {
          if (looks) for (const order of a.openOrders) expect(order.price).toBeGreaterThan(0);
          free = a.cash;
        },
      };
      let free = Number.NaN;
      play(plan, {}, rising);
      return free;
    };
    expect(freeWhere(true)).toBe(freeWhere(false));
  });

  test("one market alone holds nothing: there its own orders compete as they are met", () => {
    const plan: Plan = { 1: (a) => [a.limit(limit), a.limit(limit)] };
    const seen = playIn([market("A", still)], plan);
    expect(refused(seen)).toEqual({});
    expect(seen.free.at(-1)).toBe(1_000);
  });
});

const exit = { side: "sell", reduceOnly: true } as const;
const bracket = { side: "buy", quantity: 6, limit: 90, stop: 80, target: 120 } as const;
const above = (a: Context, quantity: number) => a.limit({ side: "sell", quantity, price: 120 });
const triggers = (a: Context, exits: number) =>
  a.oneTriggersOther(one(a), ...Array.from({ length: exits }, () => out(a)));
const one = (a: Context) => a.limit({ side: "buy", quantity: 1, price: 90 });
const out = (a: Context) => a.limit({ side: "sell", quantity: 1, price: 120 });
const rivals = (a: Context) => a.oneCancelsOther(a.limit(limit), a.stop({ ...limit, price: 110 }));
const amend = (a: Context, change: object) => a.openOrders.every((order) => a.amend(order, change));
