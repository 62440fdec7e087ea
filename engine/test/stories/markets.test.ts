import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CandlesError,
  defineStrategy,
  describeMarkets,
  explainRun,
  type MarketInput,
  type Order,
  type PerpetualTerms,
  type RunSettings,
  resample,
  runBacktest,
  runMarkets,
  type Strategy,
  sma,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, inputOf, minute, scripted, walk } from "../support/runs.ts";
import { about, chaotic, gapped, inputWith, later, market } from "../support/wallets.ts";

/** A strategy that does what is written for each moment, counted in minutes. */
const planned = (plan: Readonly<Record<number, (wallet: WalletContext) => void>>): Strategy =>
  defineStrategy({
    ...about,
    onCandles: (wallet) => plan[wallet.time / minute]?.(wallet as unknown as WalletContext),
  });

type Row = readonly [number, number, number, number];
const flat = (price: number): Row => [price, price, price, price];
const rows = (...prices: number[]) => candlesOf(prices.map(flat));
describe("one wallet", () => {
  test("money is shared, and equity holds every position at its last close", () => {
    const result = runMarkets(
      inputWith(
        planned({
          1: (wallet) => {
            wallet.market("A").market({ side: "buy", quantity: 6 });
            wallet.market("B").market({ side: "buy", quantity: 6 });
          },
          2: (wallet) => wallet.market("B").market({ side: "buy", quantity: 4 }),
        }),
        [market("A", rows(100, 100, 110, 110)), market("B", rows(100, 100, 100, 90))],
      ),
    );
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
    expect(result.fills.map(({ market: name, index }) => [name, index])).toEqual([
      ["A", 1],
      ["B", 2],
    ]);
    expect([...result.equity]).toEqual([1_000, 1_000, 1_060, 1_020]);
    expect(result.trades.map(({ market: name, pnl }) => [name, pnl])).toEqual([
      ["A", 60],
      ["B", -40],
    ]);
  });

  test.each([
    ["A", "B"],
    ["B", "A"],
  ] as const)("what %s sells inside a candle pays for no open of %s before it", (held, wanted) => {
    const plan = planned({
      1: (wallet) => wallet.market(held).market({ side: "buy", quantity: 10 }),
      2: (wallet) => {
        wallet.market(held).limit({ side: "sell", quantity: 10, price: 110, reduceOnly: true });
        wallet.market(wanted).market({ side: "buy", quantity: 10 });
      },
    });
    const rising = candlesOf([flat(100), flat(100), [100, 115, 100, 112], flat(112)]);
    const markets = [market(held, rising), market(wanted, rows(100, 100, 100, 100))];
    const { fills, rejectedOrders } = runMarkets(inputWith(plan, markets));
    expect(fills.map(({ market: name, price }) => [name, price])).toEqual([
      [held, 100],
      [held, 110],
    ]);
    expect(rejectedOrders).toEqual({ "beyond-funds": 1 });
  });

  test("a strategy of one market trades each of them with the same money", () => {
    const strategy = scripted({
      0: (context) => context.market({ side: "buy", quote: context.symbol === "A" ? 400 : 700 }),
    });
    const markets = [market("B", rows(100, 100)), market("A", rows(50, 50))];
    const result = runMarkets(inputWith(strategy, markets));
    expect(result.fills.map((fill) => fill.market)).toEqual(["A"]);
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
  });

  test("one market gives what a run of one market gives", () => {
    const candles = walk(400, 5);
    const crossing = defineStrategy({
      ...about,
      indicators: () => ({ fast: sma(5), slow: sma(20) }),
      onCandle(context) {
        const { fast, slow } = context.indicators;
        if (fast.crossesAbove(slow))
          context.bracket({ side: "buy", share: 1, stop: context.close * 0.99 });
        else if (fast.crossesBelow(slow)) context.exit();
      },
    });
    const one = runBacktest(
      inputOf({ strategy: crossing, candles, settings: { takerFee: 0.001 } }),
    );
    const several = runMarkets(inputWith(crossing, [market("TEST", candles)], { takerFee: 0.001 }));
    expect(several.trades).toEqual(one.trades);
    expect(several.equity).toEqual(one.equity);
    expect(several.rejectedOrders).toEqual(one.rejectedOrders);
    expect(several.warmup).toBe(one.warmup);
  });
});

describe("what is told of a run over several markets", () => {
  const drawing = defineStrategy({
    ...about,
    indicators: () => ({ average: sma(2) }),
    plots: ({ average }) => ({ Average: average }),
    onCandle: (context) => context.plot("twice", 2 * context.close),
  });

  test("the strategy's lines are drawn in each market, over the candles of that market", () => {
    const markets = [market("A", rows(1, 3, 5)), market("B", later(rows(10, 20), 1))];
    const { plots } = runMarkets(inputWith(drawing, markets));
    expect(plots.map(({ market: of, name, values }) => [of, name, [...values]])).toEqual([
      ["A", "Average", [Number.NaN, 2, 4]],
      ["A", "twice", [Number.NaN, 6, 10]],
      ["B", "Average", [Number.NaN, 15]],
      ["B", "twice", [Number.NaN, 40]],
    ]);
    expect(runMarkets({ ...inputWith(drawing, markets), isPlotted: false }).plots).toEqual([]);
  });

  const guarded = scripted({
    0: (context) => context.bracket({ side: "buy", quantity: 1, stop: 98, target: 102 }),
  });
  const doubtful = candlesOf([flat(100), flat(100), [100, 103, 97, 99]]);
  const settings = { takerFee: 0.001, policyRange: true };

  test("a policy range is told where it is asked for, with the market of each candle that decides", () => {
    const input = inputWith(
      guarded,
      [market("A", rows(100, 100, 100)), market("B", doubtful)],
      settings,
    );
    const { policyRange } = describeMarkets(input, runMarkets(input));
    expect(policyRange).toMatchObject({
      runs: [{ policy: "pessimistic" }, { policy: "path" }],
      partingAt: [2 * minute],
      partingMarkets: ["B"],
    });
  });

  test("costs of one market are the same whether it is alone or a wallet of one", () => {
    const alone = inputOf({ strategy: guarded, candles: doubtful, settings });
    const together = inputWith(guarded, [market("TEST", doubtful)], settings);
    const { waterfall } = explainRun(together, runMarkets(together));
    expect(waterfall).toEqual(explainRun(alone, runBacktest(alone)).waterfall);
  });

  test("a line that a pre-flight refuses is named with its market", () => {
    const line = { name: "line 1", side: "buy", price: 99, quantity: 20 } as const;
    const strategy = scripted({ 0: (context) => void context.preflight([line]) });
    const { refusedLines } = runMarkets(
      inputWith(strategy, [market("A", rows(100, 100)), market("B", rows(100, 100))]),
    );
    expect(refusedLines.map(({ name, cause }) => [name, cause])).toEqual([
      ["A line 1", "beyond-funds"],
      ["B line 1", "beyond-funds"],
    ]);
  });

  test("finer candles that no policy reads are not part of the fingerprint", () => {
    const detail = { candles: doubtful, timeframe: "1m", dataRevision: "finer" };
    const coarse = { candles: rows(100), timeframe: "5m" };
    const fingerprintOf = (change: Partial<MarketInput>) =>
      runMarkets(inputWith(guarded, [market("A", rows(100), { ...coarse, ...change })]))
        .fingerprint;
    expect(fingerprintOf({ detail })).toBe(fingerprintOf({}));
  });
});

describe("markets that differ", () => {
  test("one that starts late, ends early or is not there refuses orders; what it held keeps its last worth", () => {
    const buy = (symbol: string) => (wallet: WalletContext) => {
      wallet.market(symbol).market({ side: "buy", quantity: 1 });
    };
    const result = runMarkets(
      inputWith(planned({ 1: buy("LATE"), 2: buy("EARLY"), 4: buy("EARLY"), 5: buy("NOWHERE") }), [
        market("WHOLE", rows(10, 10, 10, 10, 10, 10)),
        market("LATE", later(rows(10, 10), 4)),
        market("EARLY", rows(10, 10, 12)),
      ]),
    );
    expect(result.rejectedOrders).toEqual({ "not-trading": 2, "unknown-market": 1 });
    expect(result.trades).toMatchObject([{ market: "EARLY", exitReason: "end-of-data", pnl: 0 }]);
    expect(result.equity).toHaveLength(6);
  });

  test("a plan on a market that is not trading, or not there, is refused line by line", () => {
    const why: Record<string, (string | null)[]> = {};
    const look = (symbol: string) => (wallet: WalletContext) => {
      const line = { name: "first", side: "buy", price: 90, quantity: 1 } as const;
      const one = wallet.market(symbol);
      why[symbol] = [...(why[symbol] ?? []), ...one.preflight([line]).map(({ cause }) => cause)];
    };
    const plan = { 1: look("B"), 2: look("C"), 3: look("B"), 5: look("B") };
    const result = runMarkets(
      inputWith(planned(plan), [
        market("A", rows(100, 100, 100, 100, 100)),
        market("B", later(rows(100, 100), 2)),
      ]),
    );
    expect(why).toEqual({ B: ["not-trading", null, "not-trading"], C: ["unknown-market"] });
    expect(result.refusedLines).toMatchObject([{ name: "B first", cause: "not-trading" }]);
  });

  test("a market that is not there yet has no numbers, and is not among the markets", () => {
    const seen: unknown[] = [];
    const look = (wallet: WalletContext) => {
      const { close, position } = wallet.market("LATE");
      seen.push([wallet.markets.map(({ symbol }) => symbol), close, position.isFlat]);
    };
    runMarkets(
      inputWith(planned({ 1: look, 3: look }), [
        market("WHOLE", rows(10, 10, 10)),
        market("LATE", later(rows(7), 2)),
      ]),
    );
    expect(seen).toEqual([
      [["WHOLE"], Number.NaN, true],
      [["LATE", "WHOLE"], 7, true],
    ]);
  });

  test("of other timeframes and with gaps they are decided on when their candles close", () => {
    const closed: string[] = [];
    const strategy = defineStrategy({
      ...about,
      onCandles: (wallet) =>
        void closed.push(`${wallet.time / minute}:${wallet.closed.map((one) => one.symbol)}`),
    });
    const fine = walk(6, 1);
    runMarkets(
      inputWith(strategy, [
        market("FINE", gapped(fine, 3)),
        market("COARSE", resample(fine, minute, 3 * minute), { timeframe: "3m" }),
      ]),
    );
    expect(closed).toEqual(["1:FINE", "2:FINE", "3:COARSE,FINE", "5:FINE", "6:COARSE,FINE"]);
  });

  describe("a decision while a candle of another market is under way", () => {
    const hours = (...candles: Row[]) => ({
      ...candlesOf(candles),
      time: Float64Array.from(candles, (_, i) => i * 4 * minute),
    });
    const coarse = hours(
      [100, 104, 99, 104],
      [104, 108, 103, 108],
      [108, 112, 107, 112],
      flat(112),
    );
    const fine = rows(...Array.from({ length: 16 }, (_, i) => 100 + i));
    const play = (plan: Parameters<typeof planned>[0]) =>
      runMarkets(
        inputWith(planned(plan), [
          market("COARSE", coarse, { timeframe: "4m" }),
          market("FINE", fine),
        ]),
      ).fills.map(({ at, side, price }) => [at / minute, side, price]);
    const buy = { side: "buy", quantity: 1 } as const;

    test("finds the money of an open spent, the position held at that price and no fill told yet", () => {
      const seen: unknown[] = [];
      const look = (wallet: WalletContext) => {
        const { position, index, close, cash } = wallet.market("COARSE");
        seen.push([position.quantity, position.candles, index, close, cash, wallet.equity]);
      };
      const fills = play({
        4: (wallet) => void wallet.market("COARSE").market({ side: "buy", quantity: 9 }),
        5: (wallet) => {
          look(wallet);
          wallet.market("FINE").market({ side: "buy", quantity: 5 });
        },
        7: look,
        8: look,
      });
      expect(fills).toEqual([[4, "buy", 104]]);
      expect(seen).toEqual([
        [9, 0, 0, 104, 64, 1_000],
        [9, 0, 0, 104, 64, 1_000],
        [9, 0, 1, 108, 64, 1_036],
      ]);
    });

    test("sees nothing of a candle under way in the price of its open", () => {
      const spent = (high: number) => {
        const seen: number[] = [];
        const wide = hours([100, 104, 99, 104], [104, high, 103, 108], flat(108), flat(108));
        const markets = [market("COARSE", wide, { timeframe: "4m" }), market("FINE", fine)];
        const strategy = planned({
          4: (wallet) => void wallet.market("COARSE").market({ side: "buy", quantity: 9 }),
          5: (wallet) => void seen.push(wallet.market("COARSE").position.entryPrice),
        });
        const settings = { slippageModel: "range", slippageShare: 0.1, volumeShareMax: 1 } as const;
        runMarkets(inputWith(strategy, markets, settings));
        return seen;
      };
      expect(spent(108)).toEqual([104.5]);
      expect(spent(150)).toEqual(spent(108));
    });

    test("fills from the next candle of that market on", () => {
      expect(
        play({
          6: (wallet) => {
            const one = wallet.market("COARSE");
            one.market(buy);
            one.stop({ ...buy, price: 107 });
            one.limit({ ...buy, price: 103.5, expiresAfter: 1 });
            one.limit({ ...buy, price: 108.5, timeInForce: "ioc" });
          },
        }),
      ).toEqual([
        [8, "buy", 108],
        [8, "buy", 108],
        [8, "buy", 108],
      ]);
    });

    test("moves and takes back nothing that this candle meets", () => {
      const resting = { ...buy, price: 103.5 };
      expect(
        play({
          4: (wallet) => void wallet.market("COARSE").limit({ ...resting, reason: "kept" }),
          7: (wallet) => wallet.market("COARSE").cancelAll(),
        }),
      ).toEqual([[4, "buy", 103.5]]);
      const orders: Order[] = [];
      expect(
        play({
          4: (wallet) => void orders.push(wallet.market("COARSE").limit({ ...buy, price: 50 })),
          7: (wallet) => {
            for (const order of orders) wallet.market("COARSE").amend(order, { price: 106 });
          },
        }),
      ).toEqual([]);
    });
  });

  test.each([
    ["none", [], /1 to 50 markets/],
    ["the same twice", [market("A", rows(1)), market("A", rows(1))], /there twice/],
    [
      "two currencies",
      [market("A", rows(1), { quote: "EUR" }), market("B", rows(1), { quote: "BTC" })],
      /EUR and BTC/,
    ],
    ["no timeframe", [market("A", rows(1), { timeframe: "x" })], /not a timeframe/],
  ])("%s are refused", (_, markets, message) => {
    expect(() => runMarkets(inputWith(planned({}), markets))).toThrow(message);
  });

  test("a candle that is not sound names its market", () => {
    const act = () => runMarkets(inputWith(planned({}), [market("B", rows(1, -1))]));
    expect(act).toThrow(CandlesError);
    expect(act).toThrow(/^B: candle 1 /);
  });
});

test("limits refuse positions and exposure beyond them", () => {
  const buy = (quantity: number) => (symbol: string, wallet: WalletContext) =>
    wallet.market(symbol).market({ side: "buy", quantity });
  const plan = planned({
    1: (wallet) => {
      for (const symbol of ["A", "B", "C"]) buy(3)(symbol, wallet);
    },
    2: (wallet) => buy(1)("A", wallet),
  });
  const markets = ["A", "B", "C"].map((symbol) => market(symbol, rows(100, 100, 100)));
  const causes = (limits: RunSettings["limits"]) =>
    runMarkets(inputWith(plan, markets, { limits })).rejectedOrders;
  expect(causes({})).toEqual({});
  expect(causes({ positionsMax: 2 })).toEqual({ "too-many-positions": 1 });
  expect(causes({ exposureMax: 0.7 })).toEqual({ "beyond-exposure": 1 });
  expect(causes({ positionExposureMax: 0.3 })).toEqual({ "beyond-exposure": 1 });
  expect(() => causes({ positionsMax: 0 })).toThrow(/limits.positionsMax/);
});

const cross: PerpetualTerms = {
  leverage: 10,
  marginMode: "cross",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }],
  liquidationFee: 0,
  funding: null,
};

test("what one market loses brings the other nearer to its liquidation", () => {
  const result = runMarkets(
    inputWith(
      planned({
        1: (wallet) => {
          for (const one of wallet.markets) one.market({ side: "buy", quantity: 20 });
        },
      }),
      [
        market("A", candlesOf([flat(100), flat(100), flat(70), flat(70)])),
        market("B", candlesOf([flat(100), flat(100), flat(100), [100, 100, 75, 90]])),
      ],
      { perpetual: cross },
    ),
  );
  // 1000 − 20 × 30 of A leaves 400: 400 + 20 × (P − 100) = 1 % of 20 × P + 1 % of 20 × 70.
  const fell = result.fills.at(-1);
  expect(fell).toMatchObject({ market: "B", reason: "liquidation", index: 3 });
  expect(fell?.price).toBeCloseTo((2_000 - 400 + 14) / 19.8, 9);
});

test("whatever happens, cash and positions follow from fills and funding, and the order of markets changes nothing", () => {
  const symbols = ["A", "B", "C"];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.constantFrom(1, 3, 20),
      fc.constantFrom("isolated" as const, "cross" as const, "spot" as const),
      (seed, leverage, mode) => {
        const markets = symbols.map((symbol, i) =>
          market(symbol, later(gapped(walk(90, seed + i), 40 + i), 3 * i)),
        );
        const funding = { kind: "constant", rate: 0.002, everyHours: 0.25 } as const;
        const perpetual =
          mode === "spot" ? undefined : { ...cross, leverage, marginMode: mode, funding };
        const settings = { takerFee: 0.001, makerFee: 0.0005, perpetual };
        const input = inputWith(chaotic(seed, symbols), markets, settings);
        const result = runMarkets(input);
        const paid = result.fundingPayments.reduce((sum, { amount }) => sum + amount, 0);
        const held = new Map<string, number>();
        let cash = 1_000 + paid;
        for (const { market: name, side, quantity, price, fee } of result.fills) {
          const change = side === "buy" ? quantity : -quantity;
          cash -= change * price + fee;
          held.set(name, (held.get(name) ?? 0) + change);
        }
        const worth = markets.reduce(
          (sum, one) => sum + (held.get(one.market.symbol) ?? 0) * (one.candles.close.at(-1) ?? 0),
          0,
        );
        expect(result.finalEquity).toBeCloseTo(cash + worth, 6);
        const profits = result.trades.reduce((sum, { pnl }) => sum + pnl, 0);
        expect(1_000 + profits).toBeCloseTo(result.finalEquity, 6);
        const turned = runMarkets({ ...input, markets: markets.toReversed() });
        expect(turned.fingerprint).toBe(result.fingerprint);
        expect(turned.equity).toEqual(result.equity);
        const described = describeMarkets(input, result);
        for (const [name, value] of Object.entries(described.metrics)) {
          if (value === null) expect(described.metricReasons).toHaveProperty(name);
          else expect(Number.isFinite(value), name).toBe(true);
        }
        expect(described.metrics.exposure).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 60, seed: 7 },
  );
});
