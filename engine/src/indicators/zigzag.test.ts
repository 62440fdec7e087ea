import { describe, expect, test } from "vitest";
import { candlesOf, walk } from "../../test/support/runs.ts";
import type { Columns } from "../columns.ts";
import { Indicators } from "../run-indicators.ts";
import { zigzag } from "./zigzag.ts";

/** The last confirmed top and bottom at each candle. */
function read(over: Columns, share: number): [high: number, low: number][] {
  const set = zigzag(share);
  const clock = { index: 0 };
  const indicators = new Indicators(set, over, clock);
  indicators.fill(0, over.close.length);
  return Array.from(over.close, (_, index) => {
    clock.index = index;
    return [set.high.value, set.low.value];
  });
}

type Turn = Readonly<{ kind: "top" | "bottom"; at: number; price: number }>;

/** All that closes up to `last` confirm, looked for anew among all candles after the turn before. */
function turnsUntil({ high, low, close }: Columns, last: number, share: number): Turn[] {
  const turns: Turn[] = [];
  const extreme = (kind: Turn["kind"], from: number, to: number): Turn => {
    const prices = [...(kind === "top" ? high : low).slice(from, to + 1)];
    const price = kind === "top" ? Math.max(...prices) : Math.min(...prices);
    return { kind, at: from + prices.lastIndexOf(price), price };
  };
  const next = (at: number): Turn | undefined => {
    const before = turns.at(-1);
    const kinds = (["top", "bottom"] as const).filter((kind) => kind !== before?.kind);
    return kinds
      .map((kind) => extreme(kind, (before?.at ?? -1) + 1, at))
      .find(({ kind, price }) =>
        kind === "top"
          ? (close[at] as number) <= price * (1 - share)
          : (close[at] as number) >= price * (1 + share),
      );
  };
  for (let at = 0; at <= last; at++)
    for (let turn = next(at); turn !== undefined; turn = next(at)) turns.push(turn);
  return turns;
}

const lastOf = (turns: readonly Turn[], kind: Turn["kind"]) =>
  turns.findLast((one) => one.kind === kind)?.price ?? Number.NaN;

describe("a confirmed zigzag", () => {
  test.each([
    [1, 0.002],
    [2, 0.004],
    [3, 0.008],
    [4, 0.012],
  ])("is the direct formula on random walk %i at %f", (seed, share) => {
    const candles = walk(250, seed);
    const turns = turnsUntil(candles, 249, share);
    expect(turns.length).toBeGreaterThan(4);
    const direct = Array.from(candles.close, (_, at) => {
      const known = turnsUntil(candles, at, share);
      expect(known).toEqual(turns.slice(0, known.length));
      return [lastOf(known, "top"), lastOf(known, "bottom")];
    });
    expect(read(candles, share)).toEqual(direct);
  });

  test("a bottom before the close that confirms the top is not forgotten", () => {
    const candles = candlesOf([
      [100, 100, 99, 100],
      [100, 110, 99.5, 108],
      [108, 108, 90, 107],
      [107, 107, 103, 104],
      [104, 109, 103.5, 109],
    ]);
    expect(read(candles, 0.05)).toEqual([
      [Number.NaN, Number.NaN],
      [Number.NaN, 99],
      [Number.NaN, 99],
      [110, 90],
      [110, 90],
    ]);
  });
});
