import { describe, expect, test } from "vitest";
import type { Context } from "../../src/index.ts";
import type { Row } from "../support/runs.ts";
import { bracket, buy, play, quiet, type Script } from "../support/stories.ts";

describe("positions", () => {
  test("a sell larger than the position turns it, as two trades", () => {
    const script: Script = {
      0: buy,
      1: (context) => context.market({ side: "sell", quantity: 3 }),
    };
    const result = play([quiet, quiet, quiet], script);
    expect(
      result.trades.map(({ side, quantity, exitReason }) => [side, quantity, exitReason]),
    ).toEqual([
      ["long", 1, "signal"],
      ["short", 2, "end-of-data"],
    ]);
  });

  test("several entries and exits are one trade at average prices", () => {
    const sellHalf = (context: Context) => context.market({ side: "sell", quantity: 1 });
    const rows: Row[] = [
      quiet,
      [100, 101, 99, 100],
      [110, 111, 109, 110],
      [120, 121, 119, 120],
      [130, 131, 129, 130],
    ];
    const result = play(rows, { 0: buy, 1: buy, 2: sellHalf, 3: sellHalf });
    expect(result.trades).toHaveLength(1);
    expect(result.trades[0]).toMatchObject({
      quantity: 2,
      entryPrice: 105,
      exitPrice: 125,
      pnl: 40,
      mae: -12,
      mfe: 40,
    });
  });

  test("what is sold in part and what exits with the rest end one trade", () => {
    const half = { side: "sell", quantity: 0.5, reduceOnly: true } as const;
    const { trades } = play([quiet, quiet, [110, 111, 109, 110], [120, 121, 119, 120], quiet], {
      0: buy,
      1: buy,
      2: (context) => context.market(half),
      3: (context) => context.exit(),
    });
    expect(trades).toHaveLength(1);
    expect(trades[0]).toMatchObject({ quantity: 2, entryPrice: 105, exitPrice: 105, candles: 3 });
  });

  test("a trade keeps the stop and the target it began with", () => {
    const plain = { 0: buy };
    const rows: Row[] = [quiet, quiet, [100, 104, 99, 103]];
    expect(play(rows, { 0: bracket }).trades[0]).toMatchObject({ stopPrice: 98, targetPrice: 103 });
    expect(play(rows, plain).trades[0]).toMatchObject({ stopPrice: null, targetPrice: null });
  });

  test("an open position ends the list, valued at the last close without a fee", () => {
    const result = play([quiet, quiet, [100, 108, 100, 107]], { 0: buy }, { takerFee: 0.001 });
    expect(result.trades[0]).toMatchObject({
      exitReason: "end-of-data",
      exitPrice: 107,
      fees: 0.1,
    });
    expect(result.finalEquity).toBeCloseTo(1_006.9, 12);
  });

  test("a short gains when the price falls, and pays both fees", () => {
    const script: Script = {
      0: (context) => context.market({ side: "sell", quantity: 2 }),
      1: (context) => context.exit(),
    };
    const result = play([quiet, quiet, [90, 91, 89, 90]], script, { takerFee: 0.01 });
    expect(result.finalEquity).toBeCloseTo(1_000 + 20 - 2 - 1.8, 12);
  });
});
