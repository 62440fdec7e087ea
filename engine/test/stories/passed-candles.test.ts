import { describe, expect, test } from "vitest";
import type { Context, Order } from "../../src/index.ts";
import { run, scripted, walk } from "../support/runs.ts";

const rows = 400;
const placedAt = 20;
const behind = 1.5;

/** Places on one candle, and does something else on those that are named. */
const played = (
  candles: ReturnType<typeof walk>,
  place: (context: Context) => Order,
  look: (order: Order, context: Context) => void,
  isLookedAt: (index: number) => boolean,
) => {
  let order: Order | null = null;
  const script: Record<number, (context: Context) => void> = {
    [placedAt]: (context) => {
      order = place(context);
    },
  };
  for (let index = placedAt + 1; index < rows; index++)
    if (isLookedAt(index)) script[index] = (context) => order && look(order, context);
  return run({ strategy: scripted(script), candles });
};

const trailing = (context: Context) => {
  context.market({ side: "buy", quantity: 1 });
  return context.trailingStop({ side: "sell", quantity: 1, reduceOnly: true, byAmount: behind });
};

const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);

describe("candles that only move stops are passed without asking", () => {
  test.each(seeds)("a stop is read where the last closed candle took it, seed %i", (seed) => {
    const candles = walk(rows, seed);
    let best = candles.close[placedAt] as number;
    const expected: number[] = [];
    const read: number[] = [];
    for (let index = placedAt + 1; index < rows; index++) {
      best = Math.max(best, candles.high[index] as number);
      expected[index] = best - behind;
    }
    played(
      candles,
      trailing,
      (order, { index }) => {
        if (order.status === "open") read[index] = order.price;
      },
      (index) => index % 7 === 0,
    );
    expect(Object.keys(read).length).toBeGreaterThan(0);
    for (const index of Object.keys(read).map(Number)) expect(read[index]).toBe(expected[index]);
  });

  test.each(seeds)("looking, placing and taking back change no fill of it, seed %i", (seed) => {
    const candles = walk(rows, seed);
    const never = played(
      candles,
      trailing,
      () => {},
      () => false,
    );
    const looks: readonly ((order: Order, context: Context) => void)[] = [
      (order) => void order.price,
      (_, context) => {
        const far = context.limit({ side: "buy", quantity: 1, price: 1 });
        if (context.index % 2 === 0) context.cancel(far);
      },
      (_, context) => {
        context.trailingStop({ side: "sell", quantity: 1, reduceOnly: true, byAmount: 80 });
      },
    ];
    for (const look of looks) {
      const watched = played(candles, trailing, look, (index) => index % 9 === 4);
      const own = watched.fills.filter(({ orderId }) => orderId <= 2);
      expect(own).toEqual(never.fills);
      expect(watched.equity).toEqual(never.equity);
    }
  });
});
