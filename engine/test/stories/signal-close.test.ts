import { describe, expect, test } from "vitest";
import type { Context } from "../../src/index.ts";
import type { Row } from "../support/runs.ts";
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

  test("knows no latency", () => {
    expect(() => play([quiet], {}, { ...settings, latencyMs: 5 })).toThrow(/no latency/);
  });
});
