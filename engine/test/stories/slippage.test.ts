import { describe, expect, test } from "vitest";
import type { Row } from "../support/runs.ts";
import { buy, fillsOf, play, quiet, type Script } from "../support/stories.ts";

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
      const { fills } = play(rows, script, settings, { volume: 4 });
      return fills.reduce((sum, { slippage }) => sum + slippage, 0);
    };
    expect(costOf(1)).toBeGreaterThan(1);
    expect(costOf(10)).toBeCloseTo(costOf(1), 9);
  });

  test.each([
    ["a share of the range", { slippageModel: "range", slippageShare: 0.25 }, 102],
    ["the root of the share of the volume", { slippageModel: "volume", slippageShare: 0.25 }, 101],
  ] as const)("is %s", (_what, settings, price) => {
    expect(fillsOf(rows, { 0: buy }, settings, { volume: 4 })).toEqual([[1, "buy", price]]);
  });

  test.each(["range", "volume"] as const)(
    "of %s is that of the whole candle at its close too",
    (slippageModel) => {
      const settings = { slippageModel, slippageShare: 0.25, fillOn: "signal-close" } as const;
      const price = slippageModel === "range" ? 103 : 102;
      expect(fillsOf(rows, { 1: buy }, settings, { volume: 4 })).toEqual([[1, "buy", price]]);
    },
  );
});

describe("slippage of volume in a candle without range", () => {
  const settings = { slippageModel: "volume", slippageShare: 0.5 } as const;
  const still: Row = [100, 100, 100, 100];
  const paid = (rows: readonly Row[], buyAt: number) =>
    fillsOf([...rows], { [buyAt]: buy }, settings, { volume: 4 })[0]?.[2];

  test("is that of the newest candles that moved, on average", () => {
    const rows: Row[] = [[100, 102, 98, 100], [100, 101, 99, 100], still, still, still];
    expect(paid(rows, 2)).toBe(100 + 0.5 * 3 * 0.5);
  });

  test("is that of a thousandth of the price where none did, never nothing", () => {
    expect(paid([still, still], 0)).toBeCloseTo(100 + 0.5 * 0.1 * 0.5, 12);
  });
});
