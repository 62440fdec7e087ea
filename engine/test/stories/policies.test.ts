import { describe, expect, test } from "vitest";
import { type Context, comparePolicies, RunInputError, runBacktest } from "../../src/index.ts";
import { type Asked, candlesOf, inputOf, minute, run, scripted } from "../support/runs.ts";

type Row = readonly [open: number, high: number, low: number, close: number];
type Script = Readonly<Record<number, (context: Context) => void>>;
type Settings = NonNullable<Asked["settings"]>;

const quiet: Row = [100, 101, 99, 100];
const buy = (context: Context) => context.market({ side: "buy", quantity: 1 });
const bracket = (context: Context) =>
  context.bracket({ side: "buy", quantity: 1, stop: 98, target: 103 });

const play = (rows: readonly Row[], script: Script, settings: Settings = {}, volume = 1) => {
  const candles = { ...candlesOf(rows), volume: new Float64Array(rows.length).fill(volume) };
  return run({ strategy: scripted(script), candles, settings });
};
const fillsOf = (...given: Parameters<typeof play>) =>
  play(...given).fills.map(({ index, side, price }) => [index, side, price]);

const path: Settings = { fillPolicy: "path" };
const rising: Row = [100, 104, 97, 103.5];
const falling: Row = [100, 104, 97, 97.5];

describe("stop and target in one candle", () => {
  test.each([
    ["pessimistic", "rising", {}, rising, 98],
    ["pessimistic", "falling", {}, falling, 98],
    ["path", "rising: the low came first", path, rising, 98],
    ["path", "falling: the high came first", path, falling, 103],
  ] as const)("%s, %s", (_policy, _shape, settings, row, price) => {
    const { fills, ambiguousCandles } = play([quiet, quiet, row], { 0: bracket }, settings);
    expect(fills.at(-1)).toMatchObject({ index: 2, side: "sell", price });
    expect(ambiguousCandles).toBe(1);
  });
});

describe("the policy path", () => {
  const limitEntry = (context: Context) =>
    context.bracket({ side: "buy", quantity: 1, limit: 98, stop: 96, target: 102 });

  test("lets an entry inside a candle reach its target later on the way", () => {
    expect(fillsOf([quiet, [100, 103, 97, 101]], { 0: limitEntry }, path)).toEqual([
      [1, "buy", 98],
      [1, "sell", 102],
    ]);
    expect(fillsOf([quiet, [100, 103, 97, 101]], { 0: limitEntry })).toEqual([[1, "buy", 98]]);
  });

  test("meets orders on the same side in the order of their prices", () => {
    const script: Script = {
      0: (context) => {
        context.limit({ side: "buy", quantity: 1, price: 97, reason: "far" });
        context.limit({ side: "buy", quantity: 1, price: 98, reason: "near" });
      },
    };
    const { fills } = play([quiet, [100, 101, 96, 99]], script, path);
    expect(fills.map(({ reason }) => reason)).toEqual(["near", "far"]);
  });

  test("moves a trailing stop to the high before the fall", () => {
    const script: Script = {
      0: buy,
      1: (context) => context.trailingStop({ side: "sell", quantity: 1, byAmount: 2 }),
    };
    const rows: Row[] = [quiet, quiet, [100, 106, 97, 98]];
    expect(fillsOf(rows, script, path).at(-1)).toEqual([2, "sell", 104]);
    expect(fillsOf(rows, script).at(-1)).toEqual([2, "sell", 98]);
    expect(play(rows, script).ambiguousCandles).toBe(1);
  });

  test("fills a stop-limit on the way back", () => {
    const script: Script = {
      0: (context) => context.stopLimit({ side: "buy", quantity: 1, price: 102, limit: 101 }),
    };
    expect(fillsOf([quiet, [100, 103, 99.5, 100]], script, path)).toEqual([[1, "buy", 101]]);
  });
});

describe("the policy detail", () => {
  const coarse: Row[] = [quiet, quiet, falling];
  const finer = (rows: readonly Row[]) => {
    const { time, ...prices } = candlesOf(rows);
    return { ...prices, time: time.map((at) => 2 * 5 * minute + at) };
  };
  const inputWith = (rows: readonly Row[]) => ({
    ...inputOf({
      strategy: scripted({ 0: bracket }),
      candles: { ...candlesOf(coarse), time: Float64Array.of(0, 5 * minute, 10 * minute) },
      settings: { fillPolicy: "detail" },
    }),
    timeframe: "5m",
    detail: { candles: finer(rows), timeframe: "1m", dataRevision: "finer" },
  });
  const lastOf = (rows: readonly Row[]) => {
    const { fills, ambiguousCandles } = runBacktest(inputWith(rows));
    return [fills.at(-1)?.price, fills.at(-1)?.index, ambiguousCandles];
  };

  test("sees in finer candles which came first", () => {
    expect(lastOf([quiet, [100, 104, 100, 102], [102, 102, 97, 97.5]])).toEqual([103, 2, 0]);
    expect(lastOf([quiet, [100, 100, 97, 98], [98, 104, 98, 97.5]])).toEqual([98, 2, 0]);
  });

  test("takes the worse where a finer candle holds both", () => {
    expect(lastOf([falling])).toEqual([98, 2, 1]);
  });

  test.each([
    ["none is there", []],
    ["the one that reached the stop is missing", [[100, 104, 100, 102]]],
    ["they tell of other prices", [[50, 104, 40, 102]]],
  ] as const)("takes the worse of the candle itself where %s", (_what, rows) => {
    expect(lastOf(rows)).toEqual([98, 2, 1]);
  });

  test("names the finer candles in the fingerprint", () => {
    const input = inputWith([falling]);
    const other = { ...input, detail: { ...input.detail, dataRevision: "corrected" } };
    expect(runBacktest(other).fingerprint).not.toBe(runBacktest(input).fingerprint);
  });

  test.each([
    ["without finer candles", undefined],
    ["with candles that are not finer", "5m"],
    ["with candles that do not divide the timeframe", "3m"],
  ])("is refused %s", (_why, timeframe) => {
    const { detail, ...input } = inputWith([falling]);
    const given = timeframe === undefined ? undefined : { ...detail, timeframe };
    expect(() => runBacktest({ ...input, detail: given })).toThrow(RunInputError);
  });
});

describe("the policy range", () => {
  test("tells what each policy makes of a run and where they part", () => {
    const candles = candlesOf([quiet, quiet, falling, quiet]);
    const input = inputOf({ strategy: scripted({ 0: bracket }), candles });
    const range = comparePolicies(input, runBacktest(input));
    expect(range.runs.map(({ policy, finalEquity }) => [policy, finalEquity])).toEqual([
      ["pessimistic", 998],
      ["path", 1003],
    ]);
    expect(range).toMatchObject({ parting: 1, partingAt: [2 * minute] });
  });
});

describe("slippage", () => {
  const rows: Row[] = [quiet, [100, 104, 96, 101]];
  test("of volume costs many small orders what it costs one", () => {
    const settings = { slippageModel: "volume", slippageShare: 0.25 } as const;
    const costOf = (count: number) => {
      const script: Script = {
        0: (context) => {
          for (let i = 0; i < count; i++) context.market({ side: "buy", quantity: 2 / count });
        },
      };
      const { fills } = play(rows, script, settings, 4);
      return fills.reduce((sum, { slippage }) => sum + slippage, 0);
    };
    expect(costOf(1)).toBeGreaterThan(1);
    expect(costOf(10)).toBeCloseTo(costOf(1), 9);
  });

  test.each([
    ["a share of the range", { slippageModel: "range", slippageShare: 0.25 }, 102],
    ["the root of the share of the volume", { slippageModel: "volume", slippageShare: 0.25 }, 101],
  ] as const)("is %s", (_what, settings, price) => {
    expect(fillsOf(rows, { 0: buy }, settings, 4)).toEqual([[1, "buy", price]]);
  });
});

describe("slippage of volume in a candle without range", () => {
  const settings = { slippageModel: "volume", slippageShare: 0.5 } as const;
  const still: Row = [100, 100, 100, 100];
  const paid = (rows: readonly Row[], buyAt: number) =>
    fillsOf([...rows], { [buyAt]: buy }, settings, 4)[0]?.[2];

  test("is that of the newest candles that moved, on average", () => {
    const rows: Row[] = [[100, 102, 98, 100], [100, 101, 99, 100], still, still, still];
    expect(paid(rows, 2)).toBe(100 + 0.5 * 3 * 0.5);
  });

  test("is that of a thousandth of the price where none did, never nothing", () => {
    expect(paid([still, still], 0)).toBeCloseTo(100 + 0.5 * 0.1 * 0.5, 12);
  });
});

test("a market order that never finds volume is counted as one that waits at the end", () => {
  const { orderCounts, fills } = play(
    [quiet, quiet, quiet],
    { 0: buy },
    { volumeShareMax: 0.5 },
    0,
  );
  expect([fills.length, orderCounts.openEntries]).toEqual([0, 1]);
});

describe("a fee out of the coins bought", () => {
  test("leaves fewer coins and costs no money besides", () => {
    const settings: Settings = { feeAsset: "received", takerFee: 0.001 };
    const { fills, finalEquity } = play([quiet, quiet, quiet], { 0: buy }, settings);
    expect(fills).toMatchObject([{ quantity: 0.999, fee: 0.1, price: 100 }]);
    expect(finalEquity).toBeCloseTo(999.9, 9);
  });

  test("spends all there is when all is asked for", () => {
    const all: Script = { 0: (context) => context.market({ side: "buy", share: 1 }) };
    const settings: Settings = { feeAsset: "received", takerFee: 0.001 };
    expect(play([quiet, quiet], all, settings).fills).toMatchObject([{ quantity: 9.99, fee: 1 }]);
  });

  test("does not keep a short position from being closed whole", () => {
    const script: Script = {
      0: (context) => context.market({ side: "sell", quantity: 1 }),
      1: (context) => context.exit(),
    };
    const settings: Settings = { feeAsset: "received", takerFee: 0.001 };
    expect(play([quiet, quiet, quiet], script, settings).trades).toMatchObject([
      { side: "short", quantity: 1, exitReason: "signal" },
    ]);
  });
});

describe("a share of the volume", () => {
  const settings: Settings = { volumeShareMax: 0.5, makerFee: 0.001, takerFee: 0.002 };
  const shown = (script: Script, rows: readonly Row[] = [quiet, quiet, quiet, quiet]) =>
    play(rows, script, settings, 1.2).fills.map(({ index, side, quantity, liquidity }) => [
      index,
      side,
      Math.round(quantity * 1e9) / 1e9,
      liquidity,
    ]);

  test("fills a market order over several candles", () => {
    expect(shown({ 0: buy })).toEqual([
      [1, "buy", 0.6, "taker"],
      [2, "buy", 0.4, "taker"],
    ]);
  });

  test("lets a limit rest for what is left, as maker from then on", () => {
    const limit: Script = {
      0: (context) => context.limit({ side: "buy", quantity: 1, price: 101 }),
    };
    expect(shown(limit)).toEqual([
      [1, "buy", 0.6, "taker"],
      [2, "buy", 0.4, "maker"],
    ]);
  });

  test.each([
    ["ioc", [[1, "buy", 0.6, "taker"]]],
    ["fok", []],
  ] as const)("%s", (timeInForce, expected) => {
    const limit: Script = {
      0: (context) => context.limit({ side: "buy", quantity: 1, price: 101, timeInForce }),
    };
    expect(shown(limit)).toEqual(expected);
  });

  test("lets a stop that was triggered go on at market", () => {
    const rows: Row[] = [quiet, quiet, quiet, [100, 100, 97, 99], [99, 100, 98.5, 99]];
    expect(shown({ 0: bracket }, rows)).toEqual([
      [1, "buy", 0.6, "taker"],
      [2, "buy", 0.4, "taker"],
      [3, "sell", 0.6, "taker"],
      [4, "sell", 0.4, "taker"],
    ]);
  });

  test("protects what has filled, and a stop ends the rest of its entry", () => {
    const rows: Row[] = [quiet, [100, 100, 99, 100], [97, 98, 96, 97], quiet];
    expect(shown({ 0: bracket }, rows)).toEqual([
      [1, "buy", 0.6, "taker"],
      [2, "buy", 0.4, "taker"],
      [2, "sell", 0.2, "taker"],
      [3, "sell", 0.6, "taker"],
    ]);
  });

  test("fills nothing where nothing traded", () => {
    expect(play([quiet, quiet, quiet], { 0: buy }, settings, 0).fills).toEqual([]);
  });
});

describe("latency", () => {
  const rows: Row[] = [quiet, [100, 101, 97, 100], [102, 103, 97, 102], [104, 105, 97, 104]];
  test.each([
    ["candles", { latencyCandles: 1 }, [2, "buy", 102]],
    ["part of a candle: the next open counts", { latencyMs: 1 }, [2, "buy", 102]],
    ["more than a candle", { latencyMs: minute + 1 }, [3, "buy", 104]],
  ] as const)("of %s", (_what, settings, fill) => {
    expect(fillsOf(rows, { 0: buy }, settings)).toEqual([fill]);
  });

  test("holds for orders with a price, and their expiry waits for them", () => {
    const limit: Script = {
      0: (context) => context.limit({ side: "buy", quantity: 1, price: 98, expiresAfter: 1 }),
    };
    expect(fillsOf(rows, limit, { latencyCandles: 1 })).toEqual([[2, "buy", 98]]);
  });
});

describe("filling on the signal's close", () => {
  const settings: Settings = { fillOn: "signal-close" };

  test("fills at that close, and exits at the one that says so", () => {
    const script: Script = { 1: buy, 2: (context) => context.exit() };
    const rows: Row[] = [quiet, [100, 102, 99, 101], [103, 104, 102, 103.5], quiet];
    expect(fillsOf(rows, script, settings)).toEqual([
      [1, "buy", 101],
      [2, "sell", 103.5],
    ]);
  });

  test("protects from the next candle on", () => {
    const rows: Row[] = [[100, 110, 90, 100], quiet, [100, 100, 97, 99]];
    expect(fillsOf(rows, { 0: bracket }, settings)).toEqual([
      [0, "buy", 100],
      [2, "sell", 98],
    ]);
  });

  test("fills no volume twice", () => {
    const sell = (context: Context) => context.limit({ side: "sell", quantity: 1, price: 102 });
    const script: Script = { 0: buy, 1: sell, 2: (context) => context.exit() };
    const rows: Row[] = [quiet, quiet, [100, 103, 99, 101], quiet];
    const { fills } = play(rows, script, { ...settings, volumeShareMax: 0.5 }, 1);
    const ofThird = fills.filter(({ index }) => index === 2);
    expect(ofThird.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(0.5);
  });

  test("knows no latency", () => {
    expect(() => play([quiet], {}, { ...settings, latencyMs: 5 })).toThrow(/no latency/);
  });
});

describe("one triggers other", () => {
  const pair = (context: Context) =>
    context.oneTriggersOther(
      context.limit({ side: "buy", quantity: 1, price: 98 }),
      context.limit({ side: "sell", quantity: 1, price: 101 }),
    );

  test("holds the others until the first has filled", () => {
    const rows: Row[] = [quiet, quiet, [99, 100, 97, 99], [100, 102, 100, 101]];
    expect(fillsOf(rows, { 0: pair })).toEqual([
      [2, "buy", 98],
      [3, "sell", 101],
    ]);
  });

  test("ends the others with the first", () => {
    const orders: string[] = [];
    const script: Script = {
      0: (context) => {
        pair(context);
        const [first, second] = context.openOrders;
        if (first) context.cancel(first);
        orders.push(String(first?.status), String(second?.status));
      },
    };
    play([quiet, quiet], script);
    expect(orders).toEqual(["cancelled", "cancelled"]);
  });

  test("takes all back where one waits no more", () => {
    const script: Script = {
      0: (context) => {
        const limit = context.limit({ side: "buy", quantity: 1, price: 98 });
        context.oneTriggersOther(limit, limit);
      },
    };
    const { rejectedOrders, fills } = play([quiet, [98, 98, 97, 97]], script);
    expect([rejectedOrders, fills]).toEqual([{ "not-waiting": 1 }, []]);
  });
});

test.each([
  ["a policy that there is not", { fillPolicy: "lucky" }],
  ["a moment that there is not", { fillOn: "yesterday" }],
  ["a fee asset that there is not", { feeAsset: "gold" }],
  ["a slippage model that there is not", { slippageModel: "none" }],
  ["a share that is no share", { slippageShare: 2 }],
  ["no volume at all", { volumeShareMax: 0 }],
  ["half a candle", { latencyCandles: 0.5 }],
  ["time that runs back", { latencyMs: -1 }],
  ["no number", { slippageShare: Number.NaN }],
])("%s is refused", (_what, settings) => {
  expect(() => play([quiet], {}, settings as Settings)).toThrow(RunInputError);
});
