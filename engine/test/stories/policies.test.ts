import { describe, expect, test } from "vitest";
import { type Context, comparePolicies, RunInputError, runBacktest } from "../../src/index.ts";
import { candlesOf, inputOf, minute, type Row, scripted } from "../support/runs.ts";
import {
  bracket,
  buy,
  fillsOf,
  play,
  quiet,
  type Script,
  type Settings,
} from "../support/stories.ts";

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
    expect(range.partingFills).toEqual([
      [
        { policy: "pessimistic", fills: [{ side: "sell", price: 98, reason: "stop" }] },
        { policy: "path", fills: [{ side: "sell", price: 103, reason: "target" }] },
      ],
    ]);
  });
});
