import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCandleFile } from "../engine/test/support/candle-file.ts";
import { walk } from "../engine/test/support/runs.ts";
import dca from "./dca.ts";
import { candlesFrom, perpetualAt, runOver } from "./support/runs.ts";

type Rows = Parameters<typeof candlesFrom>[0];

/** What filled, rounded: enough to tell orders apart. */
const fillsOf = (rows: Rows, parameters = {}) =>
  runOver(dca, candlesFrom(rows), parameters).fills.map(({ index, reason, price, quantity }) => ({
    index,
    reason,
    price: Number(price.toFixed(4)),
    amount: Number((price * quantity).toFixed(2)),
  }));

const start: Rows = [
  [100, 100, 100, 100],
  [100, 100.1, 99.9, 100],
];

describe("a deal", () => {
  test("begins with a limit at the close that is placed again until it fills", () => {
    const away: Rows = [
      [100, 100, 100, 100],
      [101, 102, 100.5, 102],
      [102, 102.5, 101.9, 102.2],
    ];
    expect(fillsOf(away)).toEqual([{ index: 2, reason: "first order", price: 102, amount: 10 }]);
  });

  test("sells 40 %, 40 % of the rest and the rest at the three targets", () => {
    const rise: Rows = [...start, [100, 101.2, 100, 101.2], [101.2, 125, 101.2, 125]];
    const fills = fillsOf(rise).slice(1, 4);
    expect(fills).toEqual([
      { index: 2, reason: "target 1", price: 101, amount: 4.04 },
      { index: 3, reason: "target 2", price: 103, amount: 2.47 },
      { index: 3, reason: "target 3", price: 120, amount: 4.32 },
    ]);
  });

  test("moves targets and stop to the new average after a safety order", () => {
    const dip: Rows = [...start, [100, 100, 98.9, 99], [99, 100.6, 99, 100.6]];
    const fills = fillsOf(dip);
    const average = 20 / (10 / 100 + 10 / 99);
    expect(fills[1]).toEqual({ index: 2, reason: "safety order 1", price: 99, amount: 10 });
    expect(fills[2]).toMatchObject({ index: 3, reason: "target 1" });
    expect(fills[2]?.price).toBeCloseTo(average * 1.01, 4);
    expect(fills[2]?.amount).toBeCloseTo(20 * 0.4 * 1.01, 2);
  });

  test("draws the average and the orders around it, broken where they move", () => {
    const dip: Rows = [...start, [100, 100, 99.9, 100], [100, 100, 98.9, 99], [99, 99.1, 98.9, 99]];
    const { plots } = runOver(dca, candlesFrom(dip));
    const drawn = plots.map(({ name, values }) => [name, values[2], values[3], values.at(-1)]);
    const average = 20 / (10 / 100 + 10 / 99);
    const near = (price: number) => expect.closeTo(price, 9);
    expect(drawn).toEqual([
      ["Average price", near(100), Number.NaN, near(average)],
      ["Next target", near(101), Number.NaN, near(average * 1.01)],
      ["Next safety order", near(99), Number.NaN, near(98)],
      ["Stop", near(95), Number.NaN, near(average * 0.95)],
    ]);
  });

  test("waits at break-even after target 1, without safety orders", () => {
    const back: Rows = [...start, [100, 101.2, 100, 101.2], [101.2, 101.2, 97, 97]];
    expect(fillsOf(back).slice(2)).toEqual([{ index: 3, reason: "stop", price: 100, amount: 6 }]);
  });

  test("waits at target 1 after target 2", () => {
    const back: Rows = [...start, [100, 103.5, 100, 103.5], [103.5, 103.5, 99, 99]];
    expect(fillsOf(back)[3]).toEqual({ index: 3, reason: "stop", price: 101, amount: 3.64 });
  });

  test("is protected from the moment it fills, and ends where its stop was hit", () => {
    const crash: Rows = [
      [100, 100, 100, 100],
      [100, 100, 90, 90],
      [90, 90, 90, 90],
    ];
    const [first, stop, next] = fillsOf(crash);
    expect(first).toMatchObject({ index: 1, reason: "first order" });
    expect(stop).toEqual({ index: 1, reason: "stop", price: 95, amount: 9.5 });
    expect(next).toMatchObject({ index: 2, reason: "first order", price: 90 });
  });

  test("sells at the next open what safety orders bought behind the stop", () => {
    const crash: Rows = [...start, [100, 100, 94, 96], [96, 96, 96, 96], [96, 96, 96, 96]];
    const result = runOver(dca, candlesFrom(crash));
    expect(result.trades[0]?.exitReason).toBe("stop");
    const bought = result.fills.filter((fill) => fill.index === 2 && fill.side === "buy");
    expect(bought.length).toBeGreaterThan(0);
    const last = result.trades.at(-1);
    expect(result.trades.every((trade) => trade.exitIndex <= 4)).toBe(true);
    expect(last?.quantity).toBeLessThan(0.2);
  });
});

test("orders beyond the funds are named and left out", () => {
  const rows: Rows = [...start, [100, 100, 94.5, 95.5]];
  const result = runOver(dca, candlesFrom(rows), {}, { settings: { capital: 35 } });
  expect(result.refusedLines.map(({ name, cause }) => [name, cause])).toEqual([
    ["safety order 3", "beyond-funds"],
    ["safety order 4", "beyond-funds"],
    ["safety order 5", "beyond-funds"],
  ]);
  expect(result.rejectedOrders).toEqual({});
});

test("with leverage its orders need their margin only, and end before the liquidation", () => {
  const lent = (leverage: number) =>
    runOver(
      dca,
      candlesFrom(start),
      { stop: 0.5, step: 0.05 },
      { settings: { capital: 35, perpetual: perpetualAt(leverage) } },
    ).refusedLines.map(({ name, cause }) => [name, cause]);
  expect(lent(2)).toEqual([]);
  expect(lent(20)).toEqual([
    ["safety order 1", "beyond-liquidation"],
    ["safety order 2", "beyond-liquidation"],
    ["safety order 3", "beyond-liquidation"],
    ["safety order 4", "beyond-liquidation"],
    ["safety order 5", "beyond-liquidation"],
  ]);
});

test("a market that wants larger orders gets none", () => {
  const result = runOver(dca, candlesFrom(start), {}, { market: { notionalMin: 20 } });
  expect(result.fills).toEqual([]);
  expect(result.refusedLines).toHaveLength(6);
  expect(result.refusedLines[0]).toMatchObject({ name: "first order", cause: "below-minimum" });
});

describe("where the market's smallest order is 5", () => {
  const market = { notionalMin: 5, lot: 0.0001, tick: 0.01 };
  const rise: Rows = [...start, [100, 101.2, 100, 101.2], [101.2, 125, 101.2, 125]];

  test("a part too small to sell is named and sold with the next target", () => {
    const result = runOver(dca, candlesFrom(rise), {}, { market });
    const sold = result.fills.filter(({ side, index }) => side === "sell" && index < 4);
    expect(sold.map(({ reason, quantity }) => [reason, quantity])).toEqual([
      ["target 2", 0.064],
      ["target 3", expect.closeTo(0.036, 12)],
    ]);
    expect(result.refusedLines.map(({ name, cause }) => [name, cause])).toContainEqual([
      "target 1",
      "below-minimum",
    ]);
    expect(result.rejectedOrders).toEqual({});
  });

  test("every part is on the lot and above the minimum, but the last", () => {
    const { fills, rejectedOrders } = runOver(
      dca,
      walk(3_000, 5),
      { step: 0.002, target1: 0.002 },
      { market, timeframe: "1m" },
    );
    let held = 0;
    for (const { side, quantity, price } of fills) {
      held += side === "buy" ? quantity : -quantity;
      if (Math.abs(held) < 1e-9) continue;
      expect(quantity * price).toBeGreaterThanOrEqual(5);
      expect(Math.abs(quantity / market.lot - Math.round(quantity / market.lot))).toBeLessThan(
        1e-6,
      );
    }
    expect(fills.length).toBeGreaterThan(50);
    expect(Object.keys(rejectedOrders)).not.toContain("below-minimum");
  });
});

test("safety orders behind the stop that comes first are not placed", () => {
  const rows: Rows = [...start, [100, 100, 98.2, 98.3], [98.3, 98.3, 96.5, 96.5]];
  const fills = fillsOf(rows, { stop: 0.02, step: 0.015 });
  expect(fills.map(({ reason }) => reason)).toEqual([
    "first order",
    "safety order 1",
    "stop",
    "stop",
  ]);
});

const real = new URL("../../shared/data/ftx_BTC-PERP_1m_2022-01.csv.gz", import.meta.url);

test("recorded candles: money is kept, no order is refused", ({ skip }) => {
  skip(!existsSync(real), "../shared/data is not there");
  const candles = readCandleFile(real);
  const settings = { makerFee: 0.001, takerFee: 0.001 };
  const result = runOver(dca, candles, {}, { settings, timeframe: "1m" });
  expect(result.trades.length).toBeGreaterThan(20);
  expect(result.rejectedOrders).toEqual({});
  const earned = result.trades.reduce((sum, { pnl }) => sum + pnl, 0);
  expect(result.finalEquity).toBeCloseTo(10_000 + earned, 6);
});
