import { describe, expect, test } from "vitest";
import {
  type Columns,
  defineStrategy,
  type MarketInput,
  type Order,
  resample,
  runBacktest,
  runMarkets,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, columnsOf, flat, minute, type Row } from "../support/runs.ts";
import { about, inputWith, market, type Plan } from "../support/wallets.ts";

/** In the minute 13 the price falls to 95, in the minute 16 it rises to 106; else it stands at 100. */
const changed: Readonly<Record<number, Row>> = {
  13: [100, 100, 95, 100],
  16: [100, 106, 100, 100],
};
const minutes = candlesOf(Array.from({ length: 40 }, (_, i) => changed[i] ?? flat(100)));
const detail = { candles: minutes, timeframe: "1m", dataRevision: "finer" };
const markets = [
  market("A", resample(minutes, minute, 10 * minute), { timeframe: "10m", detail }),
  market("B", resample(minutes, minute, 2 * minute), { timeframe: "2m", detail }),
];

/** Plays a plan by minutes; tells free money, what A holds and how many fills were told, at every moment. */
function play(plan: Plan) {
  const seen = new Map<number, readonly [cash: number, held: number, told: number]>();
  let told = 0;
  const strategy = defineStrategy({
    ...about,
    onFill: () => {
      told++;
    },
    onCandles(wallet) {
      const at = wallet.time / minute;
      if (at >= 10) {
        const { cash, position } = wallet.market("A");
        seen.set(at, [cash, position.quantity, told]);
      }
      plan[at]?.(wallet as unknown as WalletContext);
    },
  });
  const result = runMarkets(inputWith(strategy, markets, { fillPolicy: "detail" }));
  return { at: (time: number) => seen.get(time), result };
}

const buy = { side: "buy", quantity: 6 } as const;

describe("under detail, in a wallet of several markets", () => {
  test.each([10, 12])(
    "a limit that was placed at %s fills in the minute that reaches it, and is told as its candle closes",
    (placedAt) => {
      const { at, result } = play({
        [placedAt]: (wallet) => wallet.market("A").limit({ ...buy, price: 96 }),
      });
      expect([at(12), at(14), at(18), at(20)]).toEqual([
        [placedAt === 10 ? 424 : 1_000, 0, 0],
        [424, 6, 0],
        [424, 6, 0],
        [424, 6, 1],
      ]);
      expect(result.fills.map(({ at: time, price }) => [time / minute, price])).toEqual([[10, 96]]);
      expect(result.trades).toMatchObject([{ entryIndex: 9, entryPrice: 96 }]);
    },
  );

  test("what was bought at market while a candle is under way is paid in the next minute", () => {
    const { at, result } = play({
      12: (wallet) => wallet.market("A").market(buy),
      16: (wallet) => wallet.market("B").market(buy),
    });
    expect([at(12)?.[0], at(14)?.[0], at(18)?.[0]]).toEqual([1_000, 400, 400]);
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
  });

  test("what is sold inside a candle pays from then on, not before", () => {
    const sold = (spentAt: number) =>
      play({
        10: (wallet) => {
          wallet.market("A").market({ ...buy, quantity: 10 });
          const exit = { side: "sell", quantity: 10, price: 105, reduceOnly: true } as const;
          wallet.market("A").limit(exit);
        },
        [spentAt]: (wallet: WalletContext) => wallet.market("B").market(buy),
      }).result;
    expect(sold(16).rejectedOrders).toEqual({ "beyond-funds": 1 });
    expect(sold(18).rejectedOrders).toEqual({});
    expect(sold(18).fills.map(({ market: name, side }) => `${name} ${side}`)).toContain("B buy");
  });

  test("finer candles that do not make up a candle leave it as it is", () => {
    const torn = { ...detail, candles: { ...minutes, low: minutes.low.map(() => 99) } };
    const input = inputWith(
      defineStrategy({
        ...about,
        onCandle: (context) => {
          if (context.symbol === "A" && context.index === 0) context.limit({ ...buy, price: 96 });
        },
      }),
      markets.map((one) => ({ ...one, detail: torn })),
      { fillPolicy: "detail" },
    );
    const [first] = input.markets as readonly [MarketInput];
    const alone = runBacktest({ ...input, ...first, onProgress: () => {} });
    const { fills } = runMarkets(input);
    expect(fills.map(({ price }) => price)).toEqual([96]);
    expect(fills.map(({ price }) => price)).toEqual(alone.fills.map(({ price }) => price));
  });
});

test("what is refused inside a candle tells nothing of what that candle comes to", () => {
  const head = Array.from({ length: 20 }, () => 100);
  const tail = Array.from({ length: 11 }, () => 100.5);
  /** What is seen of the orders inside the candle from 20 to 30, of which the end is given. */
  const seenBefore = (...end: readonly number[]) => {
    const closes = [...head, 100.1, 100.8, 100.8, 100.8, 100.8, 100.8, 100.8, ...end, ...tail];
    const fine = candlesOf(
      closes.map((close, i) => {
        const open = closes[i - 1] ?? close;
        return [open, Math.max(open, close), Math.min(open, close), close];
      }),
    );
    const finer = { candles: fine, timeframe: "1m", dataRevision: "finer" };
    const orders: Order[] = [];
    const seen: (string | number)[] = [];
    const strategy = defineStrategy({
      ...about,
      onCandles(wallet) {
        const at = wallet.time / minute;
        const a = wallet.market("A");
        if (at === 10) {
          a.market({ side: "buy", quantity: 0.01 });
          wallet.market("B").market({ side: "sell", quantity: 4 });
        }
        if (at === 20)
          orders.push(
            a.limit({ side: "sell", quantity: 0.01, price: 100.3, reduceOnly: true }),
            a.limit({ side: "buy", quantity: 6.15, price: 97 }),
            a.limit({ side: "sell", quantity: 0.001, price: 101.5 }),
          );
        if (at > 20 && at < 28) seen.push(a.cash, ...orders.map(({ status }) => status));
      },
    });
    const both = [
      market("A", resample(fine, minute, 10 * minute), { timeframe: "10m", detail: finer }),
      market("B", resample(fine, minute, 2 * minute), { timeframe: "2m", detail: finer }),
    ];
    const { fills } = runMarkets(inputWith(strategy, both, { fillPolicy: "detail" }));
    return { seen, fills: fills.length };
  };
  const [reached, missed] = [seenBefore(101.6, 101), seenBefore(100.8, 101)];
  expect([reached.fills, missed.fills]).toEqual([4, 3]);
  expect(reached.seen).toEqual(missed.seen);
  expect(reached.seen).toContain("refused");
});

test("a candle opens with its first trade, as far as finer candles tell when that came", () => {
  const all = Array.from({ length: 30 }, (_, i) => i);
  const minutesOf = (traded: readonly number[]) =>
    columnsOf(traded.map((i) => [i * minute, 100, 100, 100, 100, 1]));
  const coarser = (symbol: string, candles: Columns, length: number) =>
    market(symbol, resample(candles, minute, length * minute), {
      timeframe: `${length}m`,
      detail: { candles, timeframe: "1m", dataRevision: "finer" },
    });
  const held: number[] = [];
  const strategy = defineStrategy({
    ...about,
    onCandles(wallet) {
      const at = wallet.time / minute;
      if (at === 10) wallet.market("A").market({ side: "buy", quantity: 1 });
      if (at >= 10 && at < 16) held.push(wallet.market("A").position.quantity);
    },
  });
  const thin = minutesOf(all.filter((i) => i < 10 || i > 12));
  const markets = [coarser("A", thin, 10), coarser("B", minutesOf(all), 2)];
  runMarkets(inputWith(strategy, markets, { fillPolicy: "detail" }));
  expect(held).toEqual([0, 0, 1]);
});

test("what slips at an open tells nothing of what another market comes to", () => {
  const seenWhere = (peak: number) => {
    const calm: Row = [100, 100.2, 99.8, 100];
    const y = candlesOf(
      Array.from({ length: 40 }, (_, i) => (i === 28 ? [100, peak, 100, 100] : calm)),
    );
    const z = candlesOf(
      Array.from({ length: 40 }, (_, i) => {
        const width = 1 + Math.floor(i / 2) / 10;
        return [100, 100 + width, 100 - width, 100];
      }),
    );
    let entry = Number.NaN;
    const strategy = defineStrategy({
      ...about,
      onCandles(wallet) {
        const at = wallet.time / minute;
        const other = wallet.market("Z");
        if (at === 10) wallet.market("Y").limit({ side: "sell", quantity: 0.001, price: 100.9 });
        if (at === 20) other.market({ side: "buy", quantity: 1 });
        if (at === 24) entry = other.position.entryPrice;
      },
    });
    const finer = (candles: Columns, timeframe: string) => ({
      timeframe,
      candles,
      dataRevision: "finer",
    });
    const both = [
      market("Y", resample(y, minute, 10 * minute), { timeframe: "10m", detail: finer(y, "1m") }),
      market("Z", resample(z, minute, 4 * minute), {
        timeframe: "4m",
        detail: finer(resample(z, minute, 2 * minute), "2m"),
      }),
    ];
    const slippage = { slippageModel: "range", slippageShare: 0.5 } as const;
    const { fills } = runMarkets(inputWith(strategy, both, { fillPolicy: "detail", ...slippage }));
    return { entry, fills: fills.length };
  };
  const [reached, missed] = [seenWhere(101), seenWhere(100.2)];
  expect([reached.fills, missed.fills]).toEqual([2, 1]);
  expect(reached.entry).toBe(missed.entry);
});
