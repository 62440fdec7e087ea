import { describe, expect, test } from "vitest";
import { type Columns, resample, runMarkets, type WalletContext } from "../../src/index.ts";
import { aimless, candlesOf, flat, minute } from "../support/runs.ts";
import { inputWith, market, perpetualOf, planned, rows } from "../support/wallets.ts";

const spot = { borrowRate: undefined };
const allIn = { side: "buy", share: 1 } as const;
const names = [
  ["A", "B"],
  ["B", "A"],
] as const;

describe.each(names)("at one open, from %s to %s", (from, to) => {
  const played = (plan: Parameters<typeof planned>[0], settings = {}, candles = still) =>
    runMarkets(inputWith(planned(plan), [market("A", candles), market("B", candles)], settings));
  const still = rows(100, 100, 100, 100, 100);
  const bought = (wallet: WalletContext) => wallet.market(from).market(allIn);

  test.each([
    spot,
    { ...spot, limits: { positionsMax: 1 } },
    { perpetual: perpetualOf("cross", 5) },
  ])(
    "what a sale brings pays for what is bought, in whatever order they are placed %o",
    (settings) => {
      for (const isSaleFirst of [true, false]) {
        const rotate = (wallet: WalletContext) => {
          if (isSaleFirst) wallet.market(from).exit();
          wallet.market(to).market(allIn);
          if (!isSaleFirst) wallet.market(from).exit();
        };
        const { fills, rejectedOrders } = played({ 1: bought, 2: rotate }, settings);
        expect(rejectedOrders).toEqual({});
        expect(fills.map((fill) => `${fill.market} ${fill.side}`)).toContain(`${to} buy`);
      }
    },
  );

  test("a target that the open reaches pays for it, too", () => {
    const gap = candlesOf([flat(100), flat(100), flat(100), flat(110), flat(110)]);
    const target = (wallet: WalletContext) => {
      const on = wallet.market(from);
      on.limit({ side: "sell", quantity: on.position.quantity, price: 105, reduceOnly: true });
    };
    const plan = {
      1: bought,
      2: target,
      3: (wallet: WalletContext) => wallet.market(to).market(allIn),
    };
    const { fills } = played(plan, spot, gap);
    const told = fills.map((fill) => `${fill.market} ${fill.side} ${fill.quantity}`);
    expect(told.sort()).toEqual([`${from} buy 10`, `${from} sell 10`, `${to} buy 10`].sort());
  });

  test("of two purchases the one that was placed first", () => {
    const both = (wallet: WalletContext) => [to, from].map((on) => wallet.market(on).market(allIn));
    const { fills } = played({ 1: both }, spot);
    expect(fills.map((fill) => fill.market)).toEqual([to]);
  });

  test("of two orders that begin to wait the one that was placed first", () => {
    const wait = (on: string) => (wallet: WalletContext) =>
      wallet.market(on).limit({ side: "buy", quantity: 8, price: 90 });
    const low = candlesOf([flat(100), flat(100), [100, 100, 80, 90], flat(90)]);
    const both = (wallet: WalletContext) => [to, from].map((on) => wait(on)(wallet));
    const { fills } = played({ 1: both }, spot, low);
    expect(fills.map((fill) => fill.market)).toEqual([to]);
  });

  test("what is taken back late frees its money for what is made larger at that time", () => {
    const wait = (wallet: WalletContext) => {
      wallet.market(from).limit({ side: "buy", quantity: 6, price: 90 });
      wallet.market(to).limit({ side: "buy", quantity: 3, price: 90 });
    };
    const change = (wallet: WalletContext) => {
      wallet.market(from).cancelAll();
      const on = wallet.market(to);
      for (const order of on.openOrders) on.amend(order, { quantity: 9 });
    };
    const low = candlesOf([...Array.from({ length: 5 }, () => flat(100)), [100, 100, 80, 80]]);
    const { fills } = played({ 1: wait, 3: change }, { ...spot, latencyCandles: 1 }, low);
    expect(fills.map((fill) => `${fill.market} ${fill.quantity}`)).toEqual([`${to} 9`]);
  });

  test("where closing both positions leaves too little for what waits, what was placed first stays", () => {
    const both = (act: (wallet: WalletContext, on: string) => unknown) => (wallet: WalletContext) =>
      [to, from].map((on) => act(wallet, on));
    const plan = {
      1: both((wallet, on) => wallet.market(on).market({ side: "buy", quantity: 5 })),
      2: both((wallet, on) => wallet.market(on).limit({ side: "sell", quantity: 5, price: 110 })),
      3: both((wallet, on) => wallet.market(on).exit()),
    };
    const high = candlesOf([...Array.from({ length: 4 }, () => flat(100)), [100, 120, 100, 120]]);
    const { fills } = played(plan, {}, high);
    expect(fills.slice(4).map((fill) => `${fill.market} ${fill.side}`)).toEqual([`${to} sell`]);
  });

  test("what is taken back under detail frees its money for what is bought", () => {
    const fine = candlesOf(Array.from({ length: 12 }, () => flat(100)));
    const detail = { candles: fine, timeframe: "1m", dataRevision: "finer" };
    const coarse = market(from, resample(fine, minute, 6 * minute), { timeframe: "6m", detail });
    const other = market(to, resample(fine, minute, 2 * minute), { timeframe: "2m", detail });
    const plan = {
      6: (wallet: WalletContext) =>
        wallet.market(from).limit({ side: "buy", quantity: 9, price: 90 }),
      8: (wallet: WalletContext) => {
        wallet.market(from).cancelAll();
        wallet.market(to).market({ side: "buy", quantity: 9 });
      },
    };
    const input = inputWith(planned(plan), [coarse, other], { ...spot, fillPolicy: "detail" });
    expect(runMarkets(input).fills.map(({ quantity }) => quantity)).toEqual([9]);
  });
});

test("a market that has ended holds no money at opens of that time", () => {
  const wait = (wallet: WalletContext) => {
    wallet.market("A").limit({ side: "buy", quantity: 9, price: 90 });
  };
  const buy = (wallet: WalletContext) => wallet.market("B").market({ side: "buy", quantity: 9 });
  const markets = [market("A", rows(100, 100)), market("B", rows(100, 100, 100, 100))];
  const { fills } = runMarkets(inputWith(planned({ 1: wait, 2: buy }), markets, spot));
  expect(fills.map(({ quantity }) => quantity)).toEqual([9]);
});

test("what the markets are called changes nothing", () => {
  const ends = (names: readonly [string, string], candles: readonly Columns[]) => {
    const [x, y] = names;
    const rotate = (wallet: WalletContext) => {
      const [a, b] = [wallet.market(x), wallet.market(y)];
      const [best, other] =
        a.close / a.ago("close", 4) > b.close / b.ago("close", 4) ? [a, b] : [b, a];
      if (!best.position.isFlat) return;
      if (!other.position.isFlat) other.exit();
      best.market({ side: "buy", share: 0.99 });
    };
    const plan = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [5 * (i + 1), rotate]));
    const markets = names.map((name, i) => market(name, candles[i] as Columns));
    const settings = { ...spot, makerFee: 0.001, takerFee: 0.001 };
    return runMarkets(inputWith(planned(plan), markets, settings)).finalEquity;
  };
  for (let seed = 1; seed < 6; seed++) {
    const candles = [aimless(200, seed), aimless(200, seed + 500)];
    expect(ends(["BTC", "ETH"], candles)).toBe(ends(["BTC", "ADA"], candles));
  }
});
