import { describe, expect, test } from "vitest";
import {
  type Columns,
  type Context,
  type MarketRules,
  type RunSettings,
  resample,
  runBacktest,
} from "../../src/index.ts";
import {
  always,
  candlesOf,
  flat,
  inputOf,
  minute,
  type Row,
  scripted,
  seeded,
} from "../support/runs.ts";
import { perpetualOf, tOf } from "../support/wallets.ts";

type Act = (context: Context) => void;

const one = { quantity: 1 } as const;
const buyAt = (context: Context, price: number) => context.limit({ side: "buy", ...one, price });
const sellAt = (context: Context, price: number) =>
  context.limit({ side: "sell", ...one, price, reduceOnly: true });

/** Buys one at 100, then lets a candle meet what `act` places. */
function met(row: Row, capital: number, act: Act) {
  const strategy = scripted({ 0: (context) => context.market({ side: "buy", ...one }), 1: act });
  const candles = candlesOf([flat(100), flat(100), row, flat(row[3])]);
  const result = runBacktest(
    inputOf({ strategy, candles, settings: { capital, borrowRate: undefined } }),
  );
  const told = result.fills.slice(1).map(({ side, price }) => `${side} ${price}`);
  return { told, doubts: result.ambiguousCandles, equity: result.finalEquity };
}

describe("orders of one candle that need each other", () => {
  test("what a chain ends in fills where that loses, whatever its first orders do", () => {
    const chain: Act = (context) => {
      const tiny = { quantity: 0.001 } as const;
      const first = context.limit({ side: "buy", ...tiny, price: 99 });
      const second = context.limit({ side: "sell", ...tiny, price: 99.2, reduceOnly: true });
      context.oneTriggersOther(second, buyAt(context, 105));
      context.oneTriggersOther(first, second);
    };
    const told = ["buy 99", "sell 99.2", "buy 99.2"];
    expect(met([100, 101, 98.5, 98.6], 300, chain)).toMatchObject({ told, doubts: 1 });
  });

  test("of two that cancel each other counts what they wake", () => {
    const wakesPurchase: Act = (context) => {
      const tiny = { quantity: 0.001 } as const;
      const below = context.stop({ side: "sell", ...tiny, price: 99 });
      const above = context.stop({ side: "buy", ...tiny, price: 101 });
      context.oneTriggersOther(below, buyAt(context, 105));
      context.oneCancelsOther(below, above);
    };
    const row: Row = [100, 102, 98, 101.9];
    expect(met(row, 300, wakesPurchase)).toMatchObject({ told: ["buy 101"], doubts: 1 });
  });

  test.each([99.1, 100.9])(
    "what a sale would pay for is bought where that loses, and else not: close at %d",
    (close) => {
      const both: Act = (context) => [buyAt(context, 99), sellAt(context, 101)];
      const row: Row = [100, 102, 98, close];
      expect(met(row, 150, both)).toEqual({ told: ["sell 101"], doubts: 1, equity: 151 });
      const losing: Row = [100, 102, 96, 97];
      expect(met(losing, 150, both)).toMatchObject({ told: ["sell 101", "buy 99"], doubts: 1 });
      expect(met(row, 300, both)).toMatchObject({ doubts: 0 });
    },
  );

  test("exits that are covered one by one do not both sell what is bought between them", () => {
    const ladder: Act = (context) => [
      buyAt(context, 99.7),
      sellAt(context, 100.2),
      sellAt(context, 100.4),
    ];
    expect(met([100, 100.5, 99.6, 99.9], 1_000, ladder)).toMatchObject({
      told: ["sell 100.2", "buy 99.7"],
      doubts: 1,
    });
  });

  test("the nearer exit comes first, though the farther one asks for more than is held", () => {
    const greedy: Act = (context) => [
      sellAt(context, 100.2),
      context.limit({ side: "sell", quantity: 2, price: 100.4, reduceOnly: true }),
    ];
    expect(met([100, 100.5, 99.9, 100], 1_000, greedy)).toMatchObject({
      told: ["sell 100.2"],
      doubts: 0,
    });
  });

  test("of rivals on one side the market meets the nearer first", () => {
    const tied: Act = (context) => {
      const stop = context.stop({ side: "sell", ...one, price: 96, reduceOnly: true });
      context.oneCancelsOther(buyAt(context, 98), stop);
    };
    expect(met([100, 100, 95, 95], 1_000, tied)).toMatchObject({ told: ["buy 98"] });
  });

  test("an exit beside a bracket does not pass the stop that its entry wakes", () => {
    const beside: Act = (context) => {
      context.exit();
      context.bracket({ side: "buy", ...one, limit: 99, stop: 98.9 });
      sellAt(context, 101);
    };
    expect(met([100, 102, 98, 101.5], 1_000, beside).told.slice(1)).toEqual([
      "buy 99",
      "sell 98.9",
    ]);
  });
});

describe("with leverage", () => {
  const perpetual = perpetualOf("isolated", 50);
  const played = (row: Row, act: Act, change: Partial<RunSettings> = {}) => {
    const candles = candlesOf([flat(100), flat(100), row, flat(row[3])]);
    candles.volume.fill(200);
    const settings = { capital: 1_000, perpetual, ...change };
    const { fills } = runBacktest(inputOf({ strategy: scripted({ 1: act }), candles, settings }));
    return fills.map(({ side, quantity, price }) => `${side} ${quantity} ${price}`);
  };

  test("a level of liquidation that a fill wakes comes before what lies beyond it", () => {
    const ladder: Act = (context) => {
      context.limit({ side: "buy", quantity: 100, price: 99.5 });
      context.limit({ side: "buy", quantity: 300, price: 97.5 });
    };
    expect(played([100, 100.1, 97.2, 99.5], ladder)).toEqual(["buy 100 99.5", "sell 100 98"]);
  });

  test("what fills in part is met once on the way to liquidation", () => {
    const quotes: Act = (context) => {
      context.limit({ side: "buy", quantity: 300, price: 99.5 });
      context.limit({ side: "sell", quantity: 100, price: 100.4 });
    };
    const settings = { volumeShareMax: 0.5 };
    expect(played([100, 100.5, 97, 98], quotes, settings)).toEqual(["buy 100 99.5", "sell 100 98"]);
  });
});

const near = (context: Context, tenths: number) => Math.round(context.close * 10 + tenths) / 10;
/** Buys below and sells half above; what is placed besides is next to nothing. */
const quotes: Act = (context) => {
  context.cancelAll();
  context.limit({ side: "buy", share: 0.5, price: near(context, -3) });
  const { isFlat, quantity } = context.position;
  if (!isFlat) context.limit({ side: "sell", quantity: quantity / 2, price: near(context, 3) });
};
const held = (context: Context) => (context.position.isFlat ? 0 : context.position.quantity);

test.each<readonly [string, Act, Partial<RunSettings>, Partial<MarketRules>]>([
  ["money is short", quotes, {}, {}],
  [
    "money is short and a stop follows",
    (context) => {
      quotes(context);
      if (held(context) > 0)
        context.trailingStop({ side: "sell", quantity: 1e-4, byAmount: 0.1, reduceOnly: true });
    },
    {},
    {},
  ],
  [
    "orders are of one lot",
    (context) => {
      context.cancelAll();
      for (const tenths of [2, 3, 4, 5]) buyAt(context, near(context, -tenths));
      for (let tenths = 2; tenths < 2 + held(context); tenths++)
        sellAt(context, near(context, tenths));
    },
    {},
    { lot: 1 },
  ],
  [
    "slippage makes money short",
    (context) => {
      context.cancelAll();
      const price = near(context, -3);
      if (held(context) === 0) context.market({ side: "buy", share: 0.5 });
      else {
        context.takeProfit({ side: "buy", quantity: context.cash / price, price });
        context.limit({ side: "sell", quantity: held(context) / 2, price: near(context, 3) });
      }
    },
    { slippageBps: 2 },
    {},
  ],
  [
    "exits ask for more than is held",
    (context) => {
      context.cancelAll();
      if (held(context) < 3) buyAt(context, near(context, -3));
      for (const tenths of [2, 4]) if (held(context) > 0) sellAt(context, near(context, tenths));
    },
    {},
    {},
  ],
])("candles earn nothing that the finest do not, where %s", (_, act, settings, market) => {
  const gains = Array.from({ length: 12 }, (__, seed) => {
    const fine = steps(5_000, seed);
    const candles = resample(fine, minute, 100 * minute);
    const money = { capital: 900, borrowRate: undefined, ...settings };
    const ended = (change: Partial<RunSettings>, finer: object) =>
      runBacktest({
        ...inputOf({
          strategy: always(act),
          candles,
          settings: { ...money, ...change },
          market: { tick: 0.1, ...market },
        }),
        timeframe: "100m",
        ...finer,
      }).finalEquity;
    const detail = { candles: fine, timeframe: "1m", dataRevision: "fine" };
    return ended({}, {}) - ended({ fillPolicy: "detail" }, { detail });
  });
  expect(tOf(gains)).toBeLessThan(0);
});

/** Candles that go one step of 0.1 each, so that nothing is left open in them. */
function steps(count: number, seed: number): Columns {
  const random = seeded(seed);
  let tenths = 2_000;
  return candlesOf(
    Array.from({ length: count }, () => {
      const open = tenths / 10;
      tenths += random() < 0.5 ? -1 : 1;
      const close = tenths / 10;
      return [open, Math.max(open, close), Math.min(open, close), close];
    }),
  );
}
