import { describe, expect, test } from "vitest";
import {
  type Context,
  defineStrategy,
  resample,
  runBacktest,
  runMarkets,
  type Strategy,
} from "../../src/index.ts";
import { aimless, minute } from "../support/runs.ts";
import { about, inputWith, market, perpetualOf, tOf } from "../support/wallets.ts";

/** Strategies that turn a position, quote on both sides, or buy again what a sale has paid for. */
const turning: Readonly<Record<string, (on: Context) => unknown>> = {
  "stop and reverse"(on) {
    on.cancelAll();
    const { isFlat, isLong, quantity } = on.position;
    if (isFlat) return on.market({ side: "buy", share: 0.6 });
    const size = { quantity: quantity * 2, price: on.close * (isLong ? 0.997 : 1.003) };
    return on.stop({ side: isLong ? "sell" : "buy", ...size });
  },
  "limit and reverse"(on) {
    on.cancelAll();
    const { isFlat, isLong, quantity } = on.position;
    if (isFlat) return on.market({ side: "buy", share: 0.6 });
    const size = { quantity: quantity * 2, price: on.close * (isLong ? 1.003 : 0.997) };
    return on.limit({ side: isLong ? "sell" : "buy", ...size });
  },
  "quotes on both sides"(on) {
    on.cancelAll();
    const { isFlat, isLong, quantity } = on.position;
    const half = (0.6 * on.equity * on.leverage) / on.close;
    if (isFlat) {
      on.limit({ side: "buy", quantity: half, price: on.close * 0.998 });
      on.limit({ side: "sell", quantity: half, price: on.close * 1.002 });
    } else {
      const price = on.close * (isLong ? 1.001 : 0.999);
      on.limit({ side: isLong ? "sell" : "buy", quantity, price });
    }
  },
  "a target that pays for the next entry"(on) {
    const { isFlat, quantity } = on.position;
    if (on.openOrders.length > 0) return;
    if (isFlat) on.market({ side: "buy", share: 0.98 });
    else {
      const target = on.limit({
        side: "sell",
        quantity,
        price: on.close * 1.003,
        reduceOnly: true,
      });
      const next = on.limit({ side: "buy", quantity: quantity * 0.99, price: on.close });
      on.oneTriggersOther(target, next);
    }
  },
};

describe.each(Object.entries(turning))("%s", (_, act) => {
  const alone = defineStrategy({ ...about, onCandle: act });
  const beside = defineStrategy({
    ...about,
    onCandles: (wallet) => void act(wallet.market("A") as unknown as Context),
  });

  test.each([
    {},
    { perpetual: perpetualOf("isolated", 1) },
    { perpetual: perpetualOf("isolated", 5) },
  ])("fills beside an idle market as alone %o", (terms) => {
    const [one, other] = [market("A", aimless(250, 3)), market("B", aimless(250, 4))];
    const settings = { makerFee: 0.0002, takerFee: 0.0005, ...terms };
    const input = inputWith(alone, [one], settings);
    const { fills } = runBacktest({ ...input, ...one, onProgress: () => {} });
    const both = runMarkets(inputWith(beside, [one, other], settings));
    expect(fills.length).toBeGreaterThan(20);
    const told = both.fills.map(({ market: __, ...fill }) => fill);
    expect(told.length).toBe(fills.length);
    for (const [i, { side, quantity, price, at }] of fills.entries()) {
      expect(told[i]).toMatchObject({ side, price, at });
      expect(told[i]?.quantity).toBeCloseTo(quantity, 9);
    }
  });
});

describe("on candles without direction nothing is earned by spending the money of", () => {
  /** Knows a minute before the coarse candle closes whether its orders were bad, and spends all that is free then. */
  const starving = (
    place: (on: Context) => number,
    isDone: (on: Context) => boolean,
    isAbove: boolean,
  ): Strategy => {
    let price = Number.NaN;
    return defineStrategy({
      ...about,
      onCandles(wallet) {
        const [on, fine] = [wallet.market("A") as unknown as Context, wallet.market("B")];
        const inside = (wallet.time / minute) % 10;
        if (inside === 0) {
          on.cancelAll();
          if (!fine.position.isFlat) fine.exit();
          price = Number.NaN;
          if (isDone(on)) on.exit();
          else price = place(on);
        } else if (inside === 9 && (isAbove ? fine.close > price : fine.close < price))
          fine.market({ side: "buy", share: 0.95 });
      },
    });
  };
  const exits = starving(
    (on) => {
      const { isLong, quantity } = on.position;
      if (!isLong) on.market({ side: "buy", share: 0.2 });
      else
        for (let i = 0; i < 4; i++)
          on.limit({ side: "sell", quantity, price: on.close * (1.002 + i * 1e-5) });
      return isLong ? on.close * 1.002 : Number.NaN;
    },
    (on) => on.position.isShort,
    true,
  );
  const followers = starving(
    (on) => {
      const quantity = (0.2 * on.equity) / on.close;
      const entry = on.limit({ side: "buy", quantity, price: on.close * 0.998 });
      const after = [0, 1, 2, 3].map((i) =>
        on.stop({ side: "sell", quantity, price: on.close * (0.996 - i * 1e-5) }),
      );
      on.oneTriggersOther(entry, ...after);
      return on.close * 0.996;
    },
    (on) => !on.position.isFlat,
    true,
  );

  test.each([
    ["many sales of one position", exits],
    ["many exits of one entry", followers],
  ])("%s", (_, strategy) => {
    const gains = Array.from({ length: 20 }, (__, seed) => {
      const fine = aimless(600, 1_000 + seed);
      const coarse = market("A", resample(fine, minute, 10 * minute), { timeframe: "10m" });
      return runMarkets(inputWith(strategy, [coarse, market("B", fine)])).finalEquity - 1_000;
    });
    expect(tOf(gains)).toBeLessThan(3);
  });
});
