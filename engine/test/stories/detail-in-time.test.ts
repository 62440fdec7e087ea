import { describe, expect, test } from "vitest";
import {
  defineStrategy,
  type MarketInput,
  resample,
  runBacktest,
  runMarkets,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, flat, minute, type Row } from "../support/runs.ts";
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
