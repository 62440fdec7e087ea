import { describe, expect, test } from "vitest";
import {
  type Columns,
  comparePolicies,
  type MarketInput,
  RunInputError,
  type RunSettings,
  resample,
  runMarkets,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, flat, minute } from "../support/runs.ts";
import {
  gapped,
  inputWith,
  later,
  market,
  perpetualOf,
  planned,
  rows,
} from "../support/wallets.ts";

/** Stands still for 10 minutes, then loses 1 % each minute. */
const falling = candlesOf(
  Array.from({ length: 20 }, (_, i) => flat(i < 11 ? 100 : 100 - (i - 10))),
);
const detail = { candles: falling, timeframe: "1m", dataRevision: "finer" };
const coarse = market("A", resample(falling, minute, 10 * minute), { timeframe: "10m", detail });
const mixed = [
  coarse,
  market("B", resample(falling, minute, 2 * minute), { timeframe: "2m", detail }),
];

const played = (settings: Partial<RunSettings>, markets: readonly MarketInput[] = mixed) => {
  const equity: [number, number][] = [];
  const tell = (wallet: WalletContext) => equity.push([wallet.time / minute, wallet.equity]);
  const plan = Object.fromEntries(
    Array.from({ length: 21 }, (_, at) => [
      at,
      (wallet: WalletContext) => {
        if (at === 10) wallet.market("A").market({ side: "buy", quantity: 90 });
        if (at === 16) wallet.market("B").market({ side: "buy", quantity: 90 });
        tell(wallet);
      },
    ]),
  );
  return { equity, result: runMarkets(inputWith(planned(plan), markets, settings)) };
};
const cross = { perpetual: perpetualOf("cross", 20) };

describe("margin that is shared over markets of different timeframes", () => {
  test.each<readonly [string, Partial<RunSettings>, boolean]>([
    ["is refused", cross, true],
    ["is refused on one way through each candle, too", { ...cross, fillPolicy: "path" }, true],
    ["is shared under detail", { ...cross, fillPolicy: "detail" }, false],
    ["is no matter where it is isolated", { perpetual: perpetualOf("isolated", 20) }, false],
    ["is no matter where nothing is lent", { perpetual: perpetualOf("cross", 1) }, false],
  ])("%s", (_, settings, isRefused) => {
    if (isRefused) expect(() => played(settings)).toThrow(RunInputError);
    else expect(() => played(settings)).not.toThrow();
  });

  test("under detail every finer close tells what a position is worth, so what it lost is not lent", () => {
    const { equity, result } = played({ ...cross, fillPolicy: "detail" });
    expect(equity.slice(-5)).toEqual([
      [12, 910],
      [14, 730],
      [16, 550],
      [18, 370],
      [20, 190],
    ]);
    expect(result.fills.map((fill) => `${fill.market} ${fill.quantity}`)).toEqual(["A 90"]);
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
  });

  test("the other policies are not compared with it", () => {
    const input = inputWith(planned({}), mixed, { ...cross, fillPolicy: "detail" });
    expect(comparePolicies(input, runMarkets(input)).runs.map(({ policy }) => policy)).toEqual([
      "detail",
    ]);
  });
});

describe("positions that share their margin", () => {
  const fall = candlesOf([flat(100), flat(100), flat(100), [100, 100, 90, 100], flat(100)]);
  const buy = (wallet: WalletContext, symbol: string) =>
    wallet.market(symbol).market({ side: "buy", quantity: 90 });
  const both = planned({
    2: (wallet) => {
      buy(wallet, "A");
      buy(wallet, "B");
    },
  });
  const fallen = (other: Columns) =>
    runMarkets(inputWith(both, [market("A", fall), market("B", other)], cross));

  test("are judged together where they fall together, though each alone would be kept", () => {
    const { fills, finalEquity } = fallen(fall);
    const [price, left] = [100 - 910 / 179.1, 1_000 - (180 * 910) / 179.1];
    expect(fills.slice(2)).toMatchObject([
      { market: "A", reason: "liquidation", price: expect.closeTo(price, 9) },
      { market: "B", reason: "liquidation", price: expect.closeTo(price, 9) },
    ]);
    expect(finalEquity).toBeCloseTo(left, 6);
    expect(fallen(candlesOf(Array.from({ length: 5 }, () => flat(100)))).fills).toHaveLength(2);
  });

  test("count such a candle once, also where its own orders left it in doubt", () => {
    const tied = planned({
      2: (wallet) => {
        for (const symbol of ["A", "B"]) buy(wallet, symbol);
        const on = wallet.market("A");
        const exit = { side: "sell", quantity: 1, reduceOnly: true } as const;
        on.oneCancelsOther(on.stop({ ...exit, price: 99 }), on.limit({ ...exit, price: 101 }));
      },
    });
    const wide = candlesOf([flat(100), flat(100), flat(100), [100, 102, 90, 100], flat(100)]);
    const markets = [market("A", wide), market("B", wide)];
    expect(runMarkets(inputWith(tied, markets, cross)).ambiguousCandles).toBe(2);
  });

  test("are judged with what another lost in that candle, also where only one is left", () => {
    const stopped = planned({
      2: (wallet) => {
        buy(wallet, "A");
        buy(wallet, "B");
        wallet.market("A").stop({ side: "sell", quantity: 90, price: 92, reduceOnly: true });
      },
    });
    const markets = [market("A", fall), market("B", fall)];
    const { fills, equity } = runMarkets(inputWith(stopped, markets, cross));
    expect(fills.slice(2)).toMatchObject([
      { market: "A", price: 92 },
      { market: "B", reason: "liquidation", price: expect.closeTo((9_000 - 280) / 89.55, 9) },
    ]);
    expect(Math.min(...equity)).toBeGreaterThan(0);
  });

  test("lend nothing while their market is silent and others trade", () => {
    const still = rows(...Array.from({ length: 8 }, () => 100));
    const silent = gapped(gapped(still, 3), 3);
    const add = (wallet: WalletContext) => wallet.market("B").market({ side: "buy", quantity: 9 });
    const act = { 2: (wallet: WalletContext) => buy(wallet, "A"), 3: add, 4: add, 5: add, 6: add };
    const markets = [market("A", silent), market("B", still)];
    const { fills, rejectedOrders } = runMarkets(inputWith(planned(act), markets, cross));
    const told = fills.map(({ market: name, index }) => `${name} ${index}`);
    expect(told).toEqual(["A 2", "B 3", "B 5", "B 6"]);
    expect(rejectedOrders).toEqual({ "beyond-funds": 1 });
  });

  test.each<readonly [string, readonly MarketInput[], Partial<RunSettings>]>([
    ["candles that are shifted", [coarse, market("B", later(fall, 5), { timeframe: "10m" })], {}],
    [
      "finer candles of another length",
      [
        coarse,
        market("B", resample(falling, minute, 10 * minute), {
          timeframe: "10m",
          detail: {
            candles: resample(falling, minute, 2 * minute),
            timeframe: "2m",
            dataRevision: "2m",
          },
        }),
      ],
      { fillPolicy: "detail" },
    ],
  ])("are not known at one time by %s: that is refused", (_, markets, change) => {
    expect(() => played({ ...cross, ...change }, markets)).toThrow(RunInputError);
  });
});
