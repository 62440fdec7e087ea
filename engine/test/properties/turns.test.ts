import { expect, test } from "vitest";
import type { Context, Order } from "../../src/index.ts";
import { always, candlesOf, run, seeded, walk, whenFlat } from "../support/runs.ts";

type Row = readonly [number, number, number, number];

/** A walk in which every candle opens where the one before closed: no order is met at an open. */
function withoutGaps(rows: number, seed: number) {
  const { open, high, low, close } = walk(rows, seed);
  return candlesOf(
    Array.from(close, (at, i): Row => {
      const begin = close[i - 1] ?? (open[i] as number);
      return [begin, Math.max(high[i] as number, begin), Math.min(low[i] as number, begin), at];
    }),
  );
}

/** Orders on both sides of the price, some of which cancel each other, placed in one order or the other. */
const placing = (seed: number, isReversed: boolean) => {
  const random = seeded(seed);
  return always((context: Context) => {
    if (context.index % 3 > 0) return;
    context.cancelAll();
    const wishes = Array.from({ length: 4 }, () => {
      const away = 0.0005 + random() * 0.006;
      const side = random() < 0.5 ? "buy" : "sell";
      const isStop = random() < 0.5;
      const isAbove = (side === "buy") === isStop;
      const price = context.close * (isAbove ? 1 + away : 1 - away);
      const wish = { side, quantity: 0.1 + random(), price } as const;
      return (): Order => (isStop ? context.stop(wish) : context.limit(wish));
    });
    const placed = (isReversed ? wishes.reverse() : wishes).map((place) => place());
    if (random() < 0.5) context.oneCancelsOther(...placed);
    context.bracket({
      side: "buy",
      quantity: 0.1,
      trail: { by: 0.004 },
      stop: context.close * 0.99,
    });
  });
};

test("which of several orders was placed first changes nothing", () => {
  let filled = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const [one, other] = [false, true].map((isReversed) => {
      const candles = withoutGaps(300, seed);
      const { fills } = run({ strategy: placing(seed, isReversed), candles });
      return fills.map(({ index, side, price, quantity }) => [index, side, price, quantity]);
    });
    expect(other).toEqual(one);
    filled += one?.length ?? 0;
  }
  expect(filled).toBeGreaterThan(1_000);
});

test.each([false, true])(
  "tied to an entry, stop and target are met as in a bracket",
  (isReversed) => {
    for (let seed = 1; seed <= 30; seed++) {
      const candles = withoutGaps(300, seed);
      const prices = (close: number) => ({
        limit: close * 0.999,
        stop: close * 0.996,
        target: close * 1.003,
      });
      const sizes = { side: "buy", quantity: 1 } as const;
      const bracketed = whenFlat((context) => {
        if (context.openOrders.length === 0)
          context.bracket({ ...sizes, ...prices(context.close) });
      });
      const tied = whenFlat((context) => {
        if (context.openOrders.length > 0) return;
        const { limit, stop, target } = prices(context.close);
        const out = { side: "sell", quantity: 1, reduceOnly: true } as const;
        const entry = context.limit({ ...sizes, price: limit });
        const exits = [
          () => context.stop({ ...out, price: stop }),
          () => context.limit({ ...out, price: target }),
        ];
        const placed = (isReversed ? exits.reverse() : exits).map((place) => place());
        context.oneCancelsOther(...placed);
        context.oneTriggersOther(entry, ...placed);
      });
      const fillsOf = (strategy: typeof tied) =>
        run({ strategy, candles }).fills.map(({ index, side, price }) => [index, side, price]);
      expect(fillsOf(tied)).toEqual(fillsOf(bracketed));
    }
  },
);
