import { describe, expect, test } from "vitest";
import { type Context, resample, runBacktest } from "../../src/index.ts";
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
    const { fills } = play(rows, script, { ...settings, volumeShareMax: 0.5 });
    const ofThird = fills.filter(({ index }) => index === 2);
    expect(ofThird.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(0.5);
  });

  test("leaves what other orders have not filled of the whole candle's volume, under detail too", () => {
    const minutes = candlesOf(Array.from({ length: 30 }, () => quiet));
    const candles = resample(minutes, minute, 10 * minute);
    const script: Script = {
      0: (context) => context.limit({ side: "buy", quantity: 0.2, price: 99.5 }),
      1: (context) => context.market({ side: "buy", quantity: 8 }),
    };
    const detailed = { ...settings, volumeShareMax: 0.5, fillPolicy: "detail" } as const;
    const input = inputOf({ strategy: scripted(script), candles, settings: detailed });
    const detail = { candles: minutes, timeframe: "1m", dataRevision: "finer" };
    const { fills } = runBacktest({ ...input, timeframe: "10m", detail });
    const ofSecond = fills.filter(({ index }) => index === 1);
    expect(ofSecond.map(({ quantity }) => quantity)).toEqual([0.2, 4.8]);
  });

  test("knows no latency", () => {
    expect(() => play([quiet], {}, { ...settings, latencyMs: 5 })).toThrow(/no latency/);
  });
});
