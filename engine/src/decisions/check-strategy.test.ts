import { describe, expect, test } from "vitest";
import { inputOf, walk } from "../../test/support/runs.ts";
import { about, inputWith, later, market } from "../../test/support/wallets.ts";
import {
  type Context,
  checkStrategy,
  crosses,
  defineStrategy,
  ema,
  type IndicatorSet,
  type MarketsInput,
  momentum,
  newestOf,
  type PerpetualTerms,
  resample,
  sma,
} from "../index.ts";
import { type Line, line } from "../line.ts";
import { poisoned } from "./poison.ts";

const candles = walk(1_500, 21);

type Deciding = Readonly<{
  indicators?: () => IndicatorSet;
  onCandle(context: Context): void;
}>;

const check = ({ indicators, onCandle }: Deciding) =>
  checkStrategy(
    inputOf({
      strategy: defineStrategy({
        name: "checked",
        title: "Checked",
        description: "Looks where a test tells it to.",
        category: "test",
        risk: "low",
        timeframes: ["1m"],
        documentation: "For tests.",
        parameters: {},
        indicators: indicators ?? (() => ({})),
        onCandle: (context) => onCandle(context as unknown as Context),
      }),
      candles,
    }),
  );

/** Buys above a line and sells below it. */
const follow = (name: string) => (context: Context) => {
  const { value } = context.indicators[name] as { value: number };
  if (context.close > value && context.position.isFlat) context.market({ side: "buy", share: 1 });
  if (context.close < value && context.position.isLong) context.exit();
};

test("a strategy that looks back only passes, and was looked at", () => {
  const found = check({ indicators: () => ({ average: sma(20) }), onCandle: follow("average") });
  expect(found.findings).toEqual([]);
  expect(found.decisions).toBeGreaterThan(100);
  expect(found.runs).toEqual({ repeat: 1, declared: 0, future: 12, start: 3 });
});

test.each([
  ["those that came, each the other way round", 1],
  ["any of them either way round", 2],
])("garbage is made of real moves: %s", (_, seed) => {
  const coins = { ...candles };
  for (const name of ["open", "high", "low", "close"] as const)
    coins[name] = candles[name].map((one) => Math.round(one * 100) / 100);
  const garbage = poisoned(coins, 700, seed, 300);
  expect(garbage.close.slice(0, 701)).toEqual(coins.close.slice(0, 701));
  const moves = ({ close }: typeof candles, from: number, to: number) =>
    Array.from(close.subarray(from, to), (one, i) =>
      Math.log(one / (close[from + i - 1] as number)),
    );
  const sizes = moves(coins, 1, 1_500).map(Math.abs);
  const made = moves(garbage, 701, 1_001);
  expect(Math.max(...made.map(Math.abs))).toBeLessThan(Math.max(...sizes) * 1.1);
  expect(garbage.close.every((one) => Math.abs(one * 100 - Math.round(one * 100)) < 1e-6)).toBe(
    true,
  );
  expect(garbage.high.every((one, i) => one >= (garbage.low[i] as number))).toBe(true);
  const turned = moves(coins, 701, 1_001).filter((one, i) => one * (made[i] as number) < 0).length;
  if (seed === 1) expect(turned).toBeGreaterThan(280);
  else expect(Math.abs(turned - 150)).toBeLessThan(40);
});

describe("what is found", () => {
  /** The close of the next candle. */
  const ahead = () =>
    line(null, ["close"], ([close]) => ({
      fill(from, to, output) {
        for (let i = from; i < to; i++) output[i - from] = close?.[i + 1] ?? 0;
      },
    }));

  test("an indicator that reads one candle ahead, by candle, order and name", () => {
    const { findings } = check({
      indicators: () => ({ calm: ema(5), peek: ahead() }),
      onCandle(context) {
        const { value } = context.indicators.peek as { value: number };
        if (value > context.close && context.position.isFlat)
          context.market({ side: "buy", share: 1 });
        else if (context.position.isLong) context.exit();
      },
    });
    const future = findings.find(({ kind }) => kind === "future");
    expect(future).toMatchObject({ severity: "failure", market: "TEST", indicator: "peek" });
    expect(future?.at).toBe((future?.index ?? 0) * 60_000);
    expect([future?.did, future?.didOtherwise]).toContain("market buy");
  });

  test("an indicator that reads ahead only where that looks like real candles", () => {
    const { findings } = check({
      indicators: () => ({ peek: ahead() }),
      onCandle(context) {
        const change = (context.indicators.peek as { value: number }).value / context.close - 1;
        if (context.position.isLong) context.exit();
        else if (context.index % 11 === 0 && (change > 0 || change < -0.03))
          context.market({ side: "buy", share: 1 });
      },
    });
    expect(findings.map(({ kind }) => kind)).toContain("future");
  });

  test("a memory that outlives the run: the second run knows what comes", () => {
    const seen: number[] = [];
    const { findings } = check({
      onCandle(context) {
        const next = seen[context.index + 1];
        seen[context.index] = context.close;
        if (next !== undefined && next > context.close)
          context.market({ side: "buy", quantity: 1 });
      },
    });
    expect(findings[0]).toMatchObject({
      kind: "repeat",
      severity: "failure",
      did: null,
      didOtherwise: "market buy",
      otherRun: "the same again",
    });
  });

  test("what depends on where the history begins is a warning, with the indicator that still differs", () => {
    const first = () =>
      line(null, ["close"], ([close]) => ({
        fill: (_from, _to, output) => void output.fill(close?.[0] ?? 0),
      }));
    const { findings } = check({
      indicators: () => ({ first: first() }),
      onCandle: follow("first"),
    });
    expect(findings).toEqual([
      expect.objectContaining({ kind: "start", severity: "warning", indicator: "first" }),
    ]);
  });
});

describe("what a strategy declares", () => {
  const declaring = (onCandle: (context: Context) => void) =>
    checkStrategy(
      inputOf({
        strategy: defineStrategy({
          name: "declaring",
          title: "Declaring",
          description: "Says that it decides where its averages cross.",
          category: "test",
          risk: "low",
          documentation: "For tests.",
          parameters: {},
          indicators: () => ({ fast: sma(5), slow: sma(20) }),
          decidesOn: ({ fast, slow }) => [crosses(fast, slow)],
          onCandle: (context) => onCandle(context as unknown as Context),
        }),
        candles,
      }),
    );

  test("passes where it decides there and nowhere else", () => {
    const { findings, runs } = declaring((context) => {
      const { fast, slow } = context.indicators as Record<"fast" | "slow", Line>;
      if (fast.crossesAbove(slow)) context.market({ side: "buy", quantity: 1 });
    });
    expect(runs.declared).toBe(1);
    expect(findings).toEqual([]);
  });

  test("is found to leave out candles on which it would decide", () => {
    const { findings } = declaring((context) => {
      if (context.position.isFlat) context.market({ side: "buy", quantity: 1 });
    });
    expect(findings).toEqual([
      expect.objectContaining({
        kind: "declared",
        severity: "failure",
        index: 19,
        did: null,
        didOtherwise: "market buy",
      }),
    ]);
  });
});

test("a strategy that decides nothing is told apart from one that passes", () => {
  expect(check({ onCandle: () => {} })).toMatchObject({ decisions: 0, findings: [] });
});

describe("over several markets in one wallet", () => {
  const markets = [
    market("A", walk(700, 5)),
    market("B", resample(walk(700, 6), 60_000, 300_000), { timeframe: "5m" }),
    market("C", later(walk(500, 7), 100)),
  ];
  /** Buys the market that rose most, as far as it was told; sells the others. */
  const strongest = (indicators: () => IndicatorSet) =>
    defineStrategy({
      ...about,
      indicators,
      onCandles(wallet) {
        const strength = ({ indicators: { rise } }: (typeof wallet.markets)[number]) =>
          (rise as Line).value;
        const [best] = wallet.markets.toSorted((a, b) => strength(b) - strength(a));
        for (const one of wallet.closed) {
          if (one.symbol === best?.symbol && one.position.isFlat)
            one.market({ side: "buy", share: 0.3 });
          else if (one.symbol !== best?.symbol && one.position.isLong) one.exit();
        }
      },
    });

  test("one that looks back passes, on perpetuals with funding and finer candles too", () => {
    const points = Array.from({ length: 11 }, (_, i) => ({ at: i * 3_600_000, rate: 0.001 }));
    const perpetual: PerpetualTerms = {
      leverage: 3,
      marginMode: "cross",
      tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 20 }],
      liquidationFee: 0.01,
      funding: { kind: "series", everyHours: 1, points },
    };
    const finer = { candles: walk(700, 6), timeframe: "1m", dataRevision: "finer" };
    const coarse = markets.map((one) => {
      const candles = one.timeframe === "1m" ? resample(one.candles, 60_000, 300_000) : one.candles;
      const detail = one.timeframe === "1m" ? { ...finer, candles: one.candles } : finer;
      return { ...one, candles, detail, timeframe: "5m" };
    });
    const strategy = strongest(() => ({ rise: momentum(3) }));
    const settings = { perpetual, fillPolicy: "detail" } as const;
    const found = checkStrategy(inputWith(strategy, coarse, settings), { moments: 6 });
    expect(found.findings).toEqual([]);
    expect(found.decisions).toBeGreaterThan(50);
    expect(found.runs).toEqual({ repeat: 1, declared: 0, future: 6, start: 3 });
  });

  test("one that looks at what the open of a candle under way filled passes", () => {
    const fine = walk(240, 6);
    const coarse = market("COARSE", resample(fine, 60_000, 300_000), { timeframe: "5m" });
    const strategy = defineStrategy({
      ...about,
      onCandles(wallet) {
        const [slow, quick] = [wallet.market("COARSE"), wallet.market("FINE")];
        if (wallet.closed.length === 2) {
          quick.exit();
          if (slow.position.isFlat) slow.market({ side: "buy", share: 0.5 });
          else slow.exit();
        } else if (slow.position.isLong && quick.position.isFlat)
          quick.limit({ side: "buy", quantity: 1, price: slow.position.entryPrice });
      },
    });
    const paid = { slippageModel: "volume", slippageShare: 0.2, volumeShareMax: 0.5 } as const;
    const input = inputWith(strategy, [coarse, market("FINE", fine)], paid);
    const { findings } = checkStrategy(input, { moments: 12 });
    expect(findings.filter(({ kind }) => kind === "future")).toEqual([]);
  });

  test("one that goes by what a finer candle has filled inside a candle under way passes", () => {
    const detailed = (symbol: string, seed: number, length: number) => {
      const candles = walk(600, seed);
      const detail = { candles, timeframe: "1m", dataRevision: "finer" };
      const timeframe = `${length}m`;
      return market(symbol, resample(candles, 60_000, length * 60_000), { timeframe, detail });
    };
    const strategy = defineStrategy({
      ...about,
      onCandles(wallet) {
        const [slow, quick] = [wallet.market("SLOW"), wallet.market("QUICK")];
        if (wallet.closed.length === 2) {
          slow.cancelAll();
          if (slow.position.isFlat)
            slow.limit({ side: "buy", quantity: 1, price: slow.close * 0.999 });
          else slow.exit();
        } else if (slow.position.isLong && quick.position.isFlat)
          quick.market({ side: "buy", quantity: 1 });
        else if (slow.position.isFlat && quick.position.isLong) quick.exit();
      },
    });
    const input = inputWith(strategy, [detailed("SLOW", 1, 10), detailed("QUICK", 2, 2)], {
      fillPolicy: "detail",
    });
    const { findings, decisions } = checkStrategy(input, { moments: 24 });
    expect(decisions).toBeGreaterThan(40);
    expect(findings.filter(({ kind }) => kind === "future")).toEqual([]);
  });

  test("an indicator of another market that looks ahead is found and named with its market", () => {
    const ahead = () =>
      line(null, ["close"], ([close]) => ({
        fill: (from, to, output) => {
          for (let i = from; i < to; i++) output[i - from] = close?.[i + 1] ?? 0;
        },
      }));
    const strategy = strongest(() => ({ rise: ahead() }));
    const { findings } = checkStrategy(inputWith(strategy, markets));
    const future = findings.find(({ kind }) => kind === "future");
    expect(future).toMatchObject({ severity: "failure", market: expect.stringMatching(/^[ABC]$/) });
    expect(future?.indicator).toMatch(/^rise/);
    expect(future?.otherRun).toContain("and all of the others from then on");
  });
});

test("the newest candles of a wallet begin together and are no more than asked for", () => {
  const strategy = defineStrategy({ ...about, onCandle: () => {} });
  const input = inputWith(strategy, [
    market("A", walk(300, 1)),
    market("B", resample(walk(300, 2), 60_000, 300_000), { timeframe: "5m" }),
  ]);
  const { markets } = newestOf(input, 60) as MarketsInput;
  expect(markets.map(({ candles }) => [candles.time.length, candles.time.at(-1)])).toEqual([
    [50, 299 * 60_000],
    [10, 295 * 60_000],
  ]);
  const sizes = [60, 59, 58, 57, 56, 55].map((most) =>
    (newestOf(input, most) as MarketsInput).markets.reduce(
      (n, one) => n + one.candles.time.length,
      0,
    ),
  );
  // One and both of two that close together are cut at once.
  expect(sizes).toEqual([60, 59, 58, 57, 56, 54]);
});

test("a strategy that decides over several markets is watched too", () => {
  const strategy = defineStrategy({
    name: "several",
    title: "Several",
    description: "Decides over several markets.",
    category: "test",
    risk: "low",
    documentation: "For tests.",
    parameters: {},
    onCandles(wallet) {
      for (const market of wallet.closed) {
        if (market.index % 50 === 1) market.market({ side: "buy", quantity: 0.1 });
        if (market.index % 50 === 30) wallet.market(market.symbol).exit();
      }
    },
  });
  const found = checkStrategy(inputOf({ strategy, candles: walk(600, 4) }));
  expect(found.decisions).toBe(24);
  // It counts candles from the beginning, and that is found.
  expect(found.findings.map(({ kind }) => kind)).toEqual(["start"]);
});
