import { existsSync } from "node:fs";
import { runMarkets, type Strategy } from "@trading/engine";
import { expect, test } from "vitest";
import { readCandleFile } from "../engine/test/support/candle-file.ts";
import grid from "./grid.ts";
import { candlesFrom, inputOver, perpetualAt, runOver } from "./support/runs.ts";

type Rows = Parameters<typeof candlesFrom>[0];
type Around = Parameters<typeof runOver>[3];

/** Lines at 90, 95, 100, 105 and 110 around a close of 100, a cell of 1,000 each. */
const five = { lines: 5, below: 0.1, above: 0.1, share: 0.4 };
const run = (rows: Rows, parameters = {}, around: Around = {}) =>
  runOver(grid, candlesFrom(rows), { ...five, ...parameters }, around);
const pricesOf = (rows: Rows, parameters = {}) =>
  run(rows, parameters).fills.map(({ side, price }) => `${side} ${price.toFixed(2)}`);

const laid: Rows = [[100, 100, 100, 100]];
const still: Rows[number] = [100, 100, 100, 100];

test("buys what the lines above sell, and rests a buy at each line below", () => {
  const { fills, refusedLines } = run([...laid, still, [100, 100, 89, 91]]);
  expect(fills.map(({ price }) => price)).toEqual([100, 95, 90]);
  expect(fills[0]?.quantity).toBeCloseTo(1_000 / 100 + 1_000 / 105, 9);
  expect(fills[1]?.quantity).toBeCloseTo(1_000 / 95, 9);
  expect(refusedLines).toEqual([]);
});

test("turns every filled order into its opposite, one line further", () => {
  const swings: Rows = [
    ...laid,
    still,
    [100, 100, 94, 94],
    [94, 101, 94, 101],
    [101, 106, 101, 106],
    [106, 106, 99, 99],
    [99, 99, 94, 94],
  ];
  expect(pricesOf(swings)).toEqual([
    "buy 100.00",
    "buy 95.00",
    "sell 100.00",
    "sell 105.00",
    "buy 100.00",
    "buy 95.00",
  ]);
});

test("earns the distance of two lines with every swing", () => {
  const swing: Rows = [
    [94, 101, 94, 101],
    [101, 101, 94, 94],
  ];
  const rows: Rows = [...laid, still, [100, 100, 94, 94], ...swing, ...swing, ...swing];
  const before = run(rows.slice(0, 3)).finalEquity;
  expect(run(rows).finalEquity - before).toBeCloseTo(3 * 5 * (1_000 / 95), 6);
});

test("spaces lines by equal ratios where asked", () => {
  const rows: Rows = [...laid, [100, 100, 70, 71]];
  const geometric = { spacing: "geometric", below: 0.36, above: 0.5625, lines: 5, stop: 0 };
  expect(pricesOf(rows, geometric)).toEqual(["buy 100.00", "buy 80.00"]);
});

test("a stop below the lowest line sells everything, then a new grid is laid", () => {
  const rows: Rows = [
    ...laid,
    still,
    [100, 100, 89, 89],
    [89, 89, 84, 84],
    [84, 84, 84, 84],
    [84, 84, 79, 79.5],
  ];
  const { trades, fills } = run(rows);
  expect(trades[0]).toMatchObject({ exitReason: "stop", exitIndex: 3 });
  const later = fills.filter(({ index }) => index > 3).map(({ price }) => Number(price.toFixed(2)));
  expect(later).toEqual([84, 79.8]);
});

test("without a stop it waits below the grid", () => {
  expect(pricesOf([...laid, still, [100, 100, 60, 60], still], { stop: 0 })).toEqual([
    "buy 100.00",
    "buy 95.00",
    "buy 90.00",
    "sell 100.00",
    "sell 100.00",
  ]);
});

test("names every line that the market or the funds refuse, and trades the others", () => {
  const named = (around: Around, parameters = {}) =>
    run(laid, parameters, around).refusedLines.map(({ name, cause }) => `${name}: ${cause}`);
  expect(named({ market: { notionalMin: 1_001 } })).toEqual([
    "line 2 (buy): below-minimum",
    "line 1 (buy): below-minimum",
  ]);
  expect(named({ market: { lot: 10 } })).toEqual(["line 5 (sell): below-lot"]);
  expect(named({ settings: { takerFee: 0.02 } }, { share: 1 })).toEqual([
    "line 5 (sell): beyond-funds",
  ]);
  expect(named({ market: { tick: 10 } })).toEqual([
    "line 1 (buy): bad-price",
    "line 5 (sell): bad-price",
  ]);
});

test("with leverage it buys more for its money, and leaves out lines that it would not live to see", () => {
  const perpetual = perpetualAt(8);
  const { fills, refusedLines } = run([...laid, still], {}, { settings: { perpetual } });
  expect(fills[0]?.quantity).toBeCloseTo(8 * (1_000 / 100 + 1_000 / 105), 9);
  expect(refusedLines).toEqual([]);
  const wide = run([...laid, still], { below: 0.3, stop: 0 }, { settings: { perpetual } });
  expect(wide.refusedLines.map(({ name, cause }) => [name, cause])).toEqual([
    ["line 2 (buy)", "beyond-liquidation"],
    ["line 1 (buy)", "beyond-liquidation"],
  ]);
  expect(wide.refusedLines[0]?.why).toMatch(/comes after .*, where the lines before it/);
});

test("a grid that is liquidated is laid anew", () => {
  const perpetual = perpetualAt(20);
  const rows: Rows = [...laid, still, [100, 100, 70, 70], [70, 70, 70, 70], [70, 70, 66, 66]];
  const { fills, rejectedOrders } = run(rows, { stop: 0.5 }, { settings: { perpetual } });
  expect(fills.map(({ reason, index }) => `${index} ${reason}`)).toEqual([
    "1 coins to sell",
    "2 liquidation",
    "3 coins to sell",
    "4 liquidation",
  ]);
  expect(rejectedOrders).toEqual({});
});

test("a line whose money another market had rests again once that is free", () => {
  const other: Strategy = {
    ...grid,
    onCandle(context) {
      if (context.symbol === "A") grid.onCandle(context as never);
      else if (context.index === 0) context.market({ side: "buy", share: 0.75 });
      else if (context.index === 2) context.exit();
    },
  };
  const rows: Rows = [...laid, still, still, still, still, [100, 100, 94, 94]];
  const { settings, strategyVersion, ...one } = inputOver(grid, candlesFrom(rows));
  const markets = ["A", "B"].map((symbol) => ({ ...one, market: { ...one.market, symbol } }));
  const input = { strategy: other, strategyVersion, parameters: five, settings, markets };
  const { fills, rejectedOrders } = runMarkets(input);
  expect(rejectedOrders).toEqual({ "beyond-funds": 2 });
  expect(fills.map(({ market, side, price }) => `${market} ${side} ${price}`)).toEqual([
    "A buy 100",
    "B buy 100",
    "B sell 100",
    "A buy 95",
  ]);
});

const real = new URL("../../shared/data/ftx_BTC-PERP_1m_2022-01.csv.gz", import.meta.url);

test("recorded candles: holds nothing it did not buy, and no order is refused", ({ skip }) => {
  skip(!existsSync(real), "../shared/data is not there");
  const fees = { makerFee: 0.0005, takerFee: 0.001 };
  const dense = { lines: 30, below: 0.05, above: 0.05, stop: 0.02 };
  const result = runOver(grid, readCandleFile(real), dense, { settings: fees, timeframe: "1m" });
  expect(result.fills.length).toBeGreaterThan(100);
  expect(result.rejectedOrders).toEqual({});
  let held = 0;
  for (const { side, quantity } of result.fills) {
    held += side === "buy" ? quantity : -quantity;
    expect(held).toBeGreaterThan(-1e-9);
  }
});

test("draws the range, the next buy and sale in it, and the stop", () => {
  const { plots } = run([...laid, still, [100, 100, 94, 94]], { stop: 0.05 });
  const last = Object.fromEntries(plots.map(({ name, values }) => [name, values.at(-1)]));
  expect(last).toEqual({
    "Highest line": expect.closeTo(110, 9),
    "Next sale": expect.closeTo(100, 9),
    "Next buy": expect.closeTo(90, 9),
    "Lowest line": expect.closeTo(90, 9),
    Stop: expect.closeTo(85.5, 9),
  });
});
