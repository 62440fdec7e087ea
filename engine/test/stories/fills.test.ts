import { describe, expect, test } from "vitest";
import type { Context, MarketRules, Order } from "../../src/index.ts";
import { candlesOf, type Row, run, scripted } from "../support/runs.ts";
import {
  bracket,
  buy,
  fillsOf,
  play,
  quiet,
  type Script,
  type Settings,
} from "../support/stories.ts";

describe("a market order", () => {
  test("fills at the open of the candle after the decision", () => {
    expect(fillsOf([quiet, [100.5, 102, 100, 101]], { 0: buy })).toEqual([[1, "buy", 100.5]]);
  });

  test("placed on the last candle never fills", () => {
    expect(fillsOf([quiet, quiet], { 1: buy })).toEqual([]);
  });

  test("pays slippage against itself", () => {
    const script: Script = { 0: buy, 1: (context) => context.exit() };
    expect(fillsOf([quiet, quiet, quiet], script, { slippageBps: 10 })).toEqual([
      [1, "buy", 100 * 1.001],
      [2, "sell", 100 * 0.999],
    ]);
  });
});

describe("a limit order", () => {
  const limit = (context: Context) => context.limit({ side: "buy", quantity: 1, price: 98 });

  test("waits until the range reaches it and fills at its price", () => {
    expect(fillsOf([quiet, quiet, [100, 100, 97, 99]], { 0: limit })).toEqual([[2, "buy", 98]]);
  });

  test("that the open has passed fills at the open, which is better", () => {
    expect(fillsOf([quiet, [95, 96, 94, 95]], { 0: limit })).toEqual([[1, "buy", 95]]);
  });

  test("that rested pays the maker fee, one the market had reached pays the taker fee", () => {
    const settings = { makerFee: 0.001, takerFee: 0.002 };
    const rested = play([quiet, [100, 100, 97, 99]], { 0: limit }, settings);
    const reached = play(
      [quiet, quiet],
      { 0: (context) => context.limit({ side: "buy", quantity: 1, price: 101 }) },
      settings,
    );
    expect(rested.fills[0]).toMatchObject({ liquidity: "maker", fee: 0.098 });
    expect(reached.fills[0]).toMatchObject({ liquidity: "taker", fee: 0.2, price: 100 });
  });

  test("that was cancelled never fills", () => {
    const script: Script = { 0: limit, 1: (context) => context.cancelAll() };
    expect(fillsOf([quiet, quiet, [100, 100, 97, 99]], script)).toEqual([]);
  });
});

describe("a stop order", () => {
  const stop = (context: Context) => context.stop({ side: "buy", quantity: 1, price: 102 });

  test("fills at its price when the range reaches it", () => {
    expect(fillsOf([quiet, [100, 103, 99, 101]], { 0: stop })).toEqual([[1, "buy", 102]]);
  });

  test("that the open has passed fills at the open, which is worse", () => {
    expect(fillsOf([quiet, [105, 106, 104, 105]], { 0: stop })).toEqual([[1, "buy", 105]]);
  });

  test("on the wrong side of the market is refused", () => {
    const result = play([quiet, quiet], {
      0: (context) => context.stop({ side: "sell", quantity: 1, price: 100 }),
    });
    expect(result.rejectedOrders).toEqual({ "wrong-side-stop": 1 });
  });
});

describe("a bracket", () => {
  test("leaves at the stop, and the target is gone", () => {
    const rows: Row[] = [quiet, quiet, [100, 100, 97, 99], [100, 104, 100, 104]];
    expect(fillsOf(rows, { 0: bracket })).toEqual([
      [1, "buy", 100],
      [2, "sell", 98],
    ]);
  });

  test("leaves at the target, and the stop is gone", () => {
    const rows: Row[] = [quiet, quiet, [100, 104, 100, 103], [100, 100, 90, 95]];
    expect(fillsOf(rows, { 0: bracket })).toEqual([
      [1, "buy", 100],
      [2, "sell", 103],
    ]);
  });

  test("takes the stop where stop and target lie in one candle, and counts it", () => {
    const result = play([quiet, quiet, [100, 104, 97, 103]], { 0: bracket });
    expect(result.trades[0]).toMatchObject({ exitPrice: 98, exitReason: "stop" });
    expect(result.ambiguousCandles).toBe(1);
  });

  test("is active on the entry candle", () => {
    expect(play([quiet, [100, 104, 99, 103]], { 0: bracket }).trades[0]).toMatchObject({
      exitPrice: 103,
      candles: 0,
    });
    expect(play([quiet, [100, 100, 97, 98]], { 0: bracket }).trades[0]).toMatchObject({
      exitPrice: 98,
      candles: 0,
    });
  });

  test("entered beyond its stop leaves at the open, entered beyond its target too", () => {
    expect(play([quiet, [96, 99, 95, 97]], { 0: bracket }).trades[0]).toMatchObject({
      entryPrice: 96,
      exitPrice: 96,
    });
    expect(play([quiet, [105, 106, 104, 105]], { 0: bracket }).trades[0]).toMatchObject({
      entryPrice: 105,
      exitPrice: 105,
      exitReason: "target",
    });
  });

  test("gapped on a later candle leaves at the open", () => {
    expect(fillsOf([quiet, quiet, [95, 99, 94, 98]], { 0: bracket })[1]).toEqual([2, "sell", 95]);
    expect(fillsOf([quiet, quiet, [106, 107, 97, 100]], { 0: bracket })[1]).toEqual([
      2,
      "sell",
      106,
    ]);
  });

  test("ends when the strategy leaves by itself", () => {
    const result = play([quiet, quiet, quiet, [100, 110, 90, 100]], {
      0: bracket,
      1: (context) => context.exit("enough"),
    });
    expect(result.trades).toHaveLength(1);
    expect(result.trades[0]).toMatchObject({ exitIndex: 2, exitReason: "enough" });
  });

  test("mirrors for a short", () => {
    const short = (context: Context) =>
      context.bracket({ side: "sell", quantity: 1, stop: 102, target: 97 });
    expect(play([quiet, quiet, [100, 103, 100, 101]], { 0: short }).trades[0]).toMatchObject({
      side: "short",
      exitPrice: 102,
      pnl: -2,
    });
    expect(play([quiet, quiet, [100, 100, 96, 97]], { 0: short }).trades[0]).toMatchObject({
      side: "short",
      exitPrice: 97,
      pnl: 3,
    });
  });
});

describe("a bracket entered by a limit inside the candle", () => {
  const entry = (context: Context) =>
    context.bracket({ side: "buy", quantity: 1, limit: 98, stop: 96, target: 100 });

  test("is stopped in the entry candle when the range reaches the stop", () => {
    expect(fillsOf([quiet, [99.5, 99.6, 95, 99]], { 0: entry })).toEqual([
      [1, "buy", 98],
      [1, "sell", 96],
    ]);
  });

  test("counts as closed however its exit is named", () => {
    const script: Script = { 0: buy, 1: (context) => context.exit("end-of-data") };
    const [trade] = play([quiet, quiet, quiet, quiet], script).trades;
    expect(trade).toMatchObject({ exitIndex: 2, exitReason: "signal" });
  });

  test("does not take a high that may have come before the entry", () => {
    const result = play([quiet, [99.5, 101, 97, 99]], { 0: entry });
    expect(result.trades[0]?.exitReason).toBe("end-of-data");
    expect(result.ambiguousCandles).toBe(1);
  });

  test("takes its target when the close is beyond it", () => {
    expect(fillsOf([quiet, [99.5, 101, 97, 100.5]], { 0: entry })[1]).toEqual([1, "sell", 100]);
  });

  test("never entered leaves nothing behind when it is cancelled", () => {
    const script: Script = { 0: entry, 1: (context) => context.cancelAll() };
    const result = play([quiet, quiet, [98, 98, 90, 91]], script);
    expect(result.fills).toEqual([]);
  });
});

describe("sizes", () => {
  const first = (
    wish: Parameters<Context["bracket"]>[0],
    ...more: [Settings?, { market: Partial<MarketRules> }?]
  ) =>
    play([quiet, [50, 51, 49, 50]], { 0: (context) => context.bracket(wish) }, ...more).fills[0]
      ?.quantity;

  test("quote buys for an amount at the price of the fill", () => {
    expect(first({ side: "buy", quote: 100 })).toBe(2);
  });

  test("share 1 spends all, fee included", () => {
    expect(first({ side: "buy", share: 1 }, { takerFee: 0.001 })).toBe(1_000 / (50 * 1.001));
  });

  test("risk buys so much that the stop loses the share", () => {
    expect(first({ side: "buy", risk: 0.01, stop: 40 })).toBeCloseTo(1, 12);
  });

  test("risk buys at most what the equity pays for", () => {
    expect(first({ side: "buy", risk: 0.5, stop: 49.9 })).toBeCloseTo(20, 12);
  });

  test("known lots round down", () => {
    expect(first({ side: "buy", quantity: 1.29 }, {}, { market: { lot: 0.1 } })).toBe(1.2);
    expect(first({ side: "buy", quantity: 0.3 }, {}, { market: { lot: 0.1 } })).toBe(0.3);
  });

  const placed = (place: (context: Context) => Order) => {
    const orders: Order[] = [];
    const script: Script = { 0: (context) => void orders.push(place(context)) };
    play([quiet, quiet], script, {}, { market: { tick: 0.1 } });
    return orders[0]?.price;
  };
  const one = { quantity: 1 } as const;

  test.each<[string, (context: Context) => Order, number]>([
    ["a buy limit down", (to) => to.limit({ ...one, side: "buy", price: 98.19 }), 98.1],
    ["a sell limit up", (to) => to.limit({ ...one, side: "sell", price: 101.11 }), 101.2],
    ["a buy stop up", (to) => to.stop({ ...one, side: "buy", price: 101.11 }), 101.2],
    ["a sell stop down", (to) => to.stop({ ...one, side: "sell", price: 98.19 }), 98.1],
    ["a target to sell up", (to) => to.takeProfit({ ...one, side: "sell", price: 101.11 }), 101.2],
    ["the entry of a bracket", (to) => to.bracket({ ...one, side: "buy", limit: 98.19 }), 98.1],
    ["not what rounding left", (to) => to.limit({ ...one, side: "sell", price: 981 * 0.1 }), 98.1],
  ])("known ticks round prices so that none is met before its own: %s", (_, place, price) => {
    expect(placed(place)).toBe(price);
  });

  test("known ticks round stop and target of a bracket outwards", () => {
    const script: Script = {
      0: (context) => context.bracket({ ...one, side: "buy", stop: 98.19, target: 102.11 }),
    };
    const { trades } = play([quiet, quiet, quiet], script, {}, { market: { tick: 0.1 } });
    expect(trades).toMatchObject([{ stopPrice: 98.1, targetPrice: 102.2 }]);
  });
});

test("what is placed at the start fills from the next candle on, as in several markets", () => {
  const onStart = (context: Context) => void buy(context);
  const strategy = scripted({}, { onStart });
  const candles = candlesOf([quiet, [102, 103, 101, 102]]);
  const filled = (settings: object) =>
    run({ strategy, candles, settings }).fills.map(({ index, price }) => [index, price]);
  expect(filled({})).toEqual([[1, 102]]);
  expect(filled({ fillOn: "signal-close" })).toEqual([[0, 100]]);
});

test("hooks come in order: start, fills, candles, stop", () => {
  const heard: string[] = [];
  const strategy = scripted(
    { 0: (context) => void buy(context), 1: () => heard.push("candle 1") },
    {
      onStart: () => heard.push("start"),
      onFill: (context, fill) => heard.push(`fill ${fill.price} at ${context.index}`),
      onStop: () => heard.push("stop"),
    },
  );
  run({ strategy, candles: candlesOf([quiet, quiet]) });
  expect(heard).toEqual(["start", "fill 100 at 1", "candle 1", "stop"]);
});
