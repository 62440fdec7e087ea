import { describe, expect, test } from "vitest";
import type { Row } from "../support/runs.ts";
import { bracket, buy, play, quiet, type Script, type Settings } from "../support/stories.ts";

describe("a share of the volume", () => {
  const settings: Settings = { volumeShareMax: 0.5, makerFee: 0.001, takerFee: 0.002 };
  const shown = (script: Script, rows: readonly Row[] = [quiet, quiet, quiet, quiet]) =>
    play(rows, script, settings, { volume: 1.2 }).fills.map(
      ({ index, side, quantity, liquidity }) => [
        index,
        side,
        Math.round(quantity * 1e9) / 1e9,
        liquidity,
      ],
    );

  test("fills a market order over several candles", () => {
    expect(shown({ 0: buy })).toEqual([
      [1, "buy", 0.6, "taker"],
      [2, "buy", 0.4, "taker"],
    ]);
  });

  test("lets a limit rest for what is left, as maker once a candle has not come to it", () => {
    const limit: Script = {
      0: (context) => context.limit({ side: "buy", quantity: 1, price: 101 }),
    };
    expect(shown(limit)).toEqual([
      [1, "buy", 0.6, "taker"],
      [2, "buy", 0.4, "taker"],
    ]);
    const away: Row = [102, 103, 101.5, 102];
    expect(shown(limit, [quiet, quiet, away, quiet])).toEqual([
      [1, "buy", 0.6, "taker"],
      [3, "buy", 0.4, "maker"],
    ]);
  });

  test("lets what is left of a limit take again once it is amended beyond the market", () => {
    const away: Row = [102, 103, 101.5, 102];
    const script: Script = {
      0: (context) => context.limit({ side: "buy", quantity: 1, price: 101 }),
      2: (context) => {
        for (const order of context.openOrders) context.amend(order, { price: 103 });
      },
    };
    expect(shown(script, [quiet, quiet, away, away])).toEqual([
      [1, "buy", 0.6, "taker"],
      [3, "buy", 0.4, "taker"],
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

  test("what a target has closed in part its stop closes no more", () => {
    const rise: Row = [100, 104, 100, 102];
    const fall: Row = [100, 100, 97, 98];
    const script: Script = {
      0: (context) => context.bracket({ side: "buy", quantity: 2, stop: 98, target: 103 }),
      2: buy,
    };
    const { fills } = play(
      [quiet, quiet, quiet, quiet, rise, fall, fall, fall],
      script,
      { volumeShareMax: 0.5 },
      { volume: 2 },
    );
    expect(fills.map(({ index, side, quantity }) => [index, side, quantity])).toEqual([
      [1, "buy", 1],
      [2, "buy", 1],
      [3, "buy", 1],
      [4, "sell", 1],
      [5, "sell", 1],
    ]);
  });

  test("fills nothing where nothing traded", () => {
    expect(play([quiet, quiet, quiet], { 0: buy }, settings, { volume: 0 }).fills).toEqual([]);
  });
});

test("a market order that never finds volume is counted as one that waits at the end", () => {
  const settings = { volumeShareMax: 0.5 };
  const { orderCounts, fills } = play([quiet, quiet, quiet], { 0: buy }, settings, { volume: 0 });
  expect([fills.length, orderCounts.openEntries]).toEqual([0, 1]);
});
