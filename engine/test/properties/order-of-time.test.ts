import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Columns,
  type Context,
  defineStrategy,
  type MarketFill,
  type MarketInput,
  type MarketsInput,
  resample,
  runMarkets,
  type WalletContext,
} from "../../src/index.ts";
import { aimless, minute, seeded, walk } from "../support/runs.ts";
import { about, inputWith, market, tOf } from "../support/wallets.ts";

const coarseMinutes = 10;

const coarseAndFine = (fine: Columns, change = {}) => [
  market("A", resample(fine, minute, coarseMinutes * minute), { timeframe: "10m", ...change }),
  market("B", fine),
];

type Place = (coarse: Context, price: number) => unknown;

/** Places orders on a coarse candle, and spends their money on the finer ones once it knows them to be bad. */
const unspending = (place: Place, isBad: (now: number, then: number) => boolean, share = 0.95) =>
  defineStrategy({
    ...about,
    onCandles(wallet) {
      const [coarse, fine] = [wallet.market("A"), wallet.market("B")];
      const inside = (wallet.time / minute) % coarseMinutes;
      if (inside === 0) {
        if (!fine.position.isFlat) fine.exit();
        coarse.cancelAll();
        if (!coarse.position.isFlat) coarse.exit();
        else place(coarse as unknown as Context, coarse.close);
      } else if (inside === coarseMinutes - 2 && isBad(fine.close, coarse.close))
        fine.market({ side: "buy", share });
    },
  });

/** Places an order while a coarse candle is under way, and spends its money where that goes badly. */
const unspendingLate = (place: Place) =>
  defineStrategy({
    ...about,
    onCandles(wallet) {
      const [coarse, fine] = [wallet.market("A"), wallet.market("B")];
      const inside = (wallet.time / minute) % coarseMinutes;
      if (inside === 0) {
        if (!fine.position.isFlat) fine.exit();
        coarse.cancelAll();
        if (!coarse.position.isFlat) coarse.exit();
      } else if (inside === 2 && coarse.position.isFlat)
        place(coarse as unknown as Context, fine.close);
      else if (inside === 6 && fine.close < fine.ago("close", 2))
        fine.market({ side: "buy", share: 0.95 });
    },
  });

const buy = { side: "buy", share: 0.9 } as const;
const isBelow = (now: number, then: number) => now < then * 0.998;
const isNotAbove = (now: number, then: number) => now < then * 1.002;

describe("on candles without direction nothing is earned by spending what orders need that turned out bad", () => {
  const gainsOf = (inputOf: (fine: Columns) => MarketsInput) =>
    Array.from({ length: 20 }, (_, seed) => {
      const { trades } = runMarkets(inputOf(aimless(400, 1_000 + seed)));
      expect(trades.length).toBeGreaterThan(10);
      return trades.reduce((sum, { pnl }) => sum + pnl, 0);
    });

  test.each<readonly [string, Place, (now: number, then: number) => boolean]>([
    ["a limit", (on) => on.limit({ ...buy, price: on.close * 0.998 }), isBelow],
    [
      "a limit of a quantity",
      (on) => on.limit({ side: "buy", quantity: 8, price: on.close * 0.998 }),
      isBelow,
    ],
    ["a stop", (on) => on.stop({ ...buy, price: on.close * 1.002 }), isNotAbove],
    [
      "a short sale",
      (on) => on.limit({ ...buy, side: "sell", price: on.close * 1.002 }),
      (now, then) => now > then * 1.002,
    ],
  ])("%s", (_, place, isBad) => {
    const strategy = unspending(place, isBad);
    expect(tOf(gainsOf((fine) => inputWith(strategy, coarseAndFine(fine))))).toBeLessThan(3);
  });

  test.each([{ positionsMax: 1 }, { exposureMax: 0.5 }])(
    "or by taking their place under the limits %o",
    (limits) => {
      const place: Place = (on, price) =>
        on.limit({ side: "buy", share: 0.4, price: price * 0.998 });
      const strategy = unspending(place, isBelow, 0.45);
      const gains = gainsOf((fine) => inputWith(strategy, coarseAndFine(fine), { limits }));
      expect(tOf(gains)).toBeLessThan(3);
    },
  );

  test.each<readonly [string, Place]>([
    ["at market", (on) => on.market(buy)],
    ["as a limit", (on, price) => on.limit({ ...buy, price: price * 0.999 })],
  ])("under detail, while the candle is under way: %s", (_, place) => {
    const strategy = unspendingLate(place);
    const gains = gainsOf((fine) => {
      const detail = { candles: fine, timeframe: "1m", dataRevision: "finer" };
      const beside = market("B", resample(fine, minute, 2 * minute), { timeframe: "2m", detail });
      const [coarse] = coarseAndFine(fine, { detail });
      return inputWith(strategy, [coarse as MarketInput, beside], { fillPolicy: "detail" });
    });
    expect(tOf(gains)).toBeLessThan(3);
  });
});

/** Acts by chance in both markets. */
const chaotic = (seed: number) =>
  defineStrategy({
    ...about,
    state: () => ({ random: seeded(seed) }),
    onCandles(wallet) {
      for (const one of wallet.markets) act(one as unknown as Context, wallet.state.random);
      expect(freeOf(wallet as unknown as WalletContext)).toBeGreaterThan(-1e-9);
    },
  });

const freeOf = ({ markets }: WalletContext) => markets[0]?.cash ?? 0;

function act(on: Context, random: () => number): void {
  const size = { side: "buy", share: 0.1 + random() * 0.6 } as const;
  const acts = [
    () => on.market(size),
    () => on.limit({ ...size, price: on.close * 0.998, expiresAfter: 4 }),
    () => on.limit({ side: "buy", quantity: 1 + random() * 5, price: on.close * 0.997 }),
    () => on.stop({ ...size, price: on.close * 1.002 }),
    () => on.bracket({ ...size, limit: on.close * 0.999, target: on.close * 1.003 }),
    () => on.exit(),
    () => on.cancelAll(),
    () => on.openOrders.map((order) => on.amend(order, { price: order.price * 1.001 })),
  ];
  if (random() < 0.4) acts[Math.floor(random() * acts.length)]?.();
}

/** What a fill moves, and the moment at which it did so at the worst: buys as early, sales as late as its candle allows. */
function movement(
  { market: name, at, side, quantity, price, fee }: MarketFill,
  input: MarketsInput,
) {
  const { candles } = input.markets.find((one) => one.market.symbol === name) as never as {
    candles: Columns;
  };
  const isAtOpen = candles.open[candles.time.indexOf(at)] === price;
  const lengthMs = name === "A" ? coarseMinutes * minute : minute;
  const isSale = side === "sell";
  return {
    at: isSale && !isAtOpen ? at + lengthMs : at,
    amount: (isSale ? 1 : -1) * quantity * price - fee,
  };
}

test("in the order of time no fill is paid with money that was spent before, and free money is never below zero", () => {
  let inside = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const markets = coarseAndFine(walk(300, seed));
      const costs = { makerFee: 0.0005, takerFee: 0.001, borrowRate: undefined };
      const input = inputWith(chaotic(seed), markets, costs);
      const { fills } = runMarkets(input);
      const moved = fills.map((fill) => movement(fill, input));
      moved.sort((a, b) => a.at - b.at || b.amount - a.amount);
      let cash = input.settings.capital;
      for (const { amount } of moved) {
        cash += amount;
        expect(cash).toBeGreaterThan(-1e-9);
      }
      inside += fills.filter((fill) => fill.market === "A" && fill.liquidity === "maker").length;
    }),
    { numRuns: 30, seed: 7 },
  );
  expect(inside).toBeGreaterThan(30);
});
