import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import smaCrossover from "../../strategies/sma-crossover.ts";
import { type Columns, type EngineTrade, runBacktest } from "../src/index.ts";
import { readCandleFile } from "./support/candle-file.ts";

const shared = new URL("../../../shared/", import.meta.url);
const parity = new URL("parity/", shared);

type ReferenceTrade = Pick<
  EngineTrade,
  "entryAt" | "exitAt" | "entryPrice" | "exitPrice" | "quantity" | "fees" | "pnl" | "exitReason"
>;
type Reference = Readonly<{
  rows: number;
  fast: number;
  slow: number;
  mode: "unit" | "allin" | "bracket";
  fee: number;
  capital: number;
  closedTrades: number;
  finalEquity: number;
  trades: readonly ReferenceTrade[];
}>;

const files = existsSync(parity)
  ? readdirSync(parity).filter((name) => name.endsWith(".json"))
  : [];
const candles = new Map<string, Columns>();

function candlesOf(file: string): Columns {
  const name = file.slice(0, file.indexOf("__"));
  const known = candles.get(name) ?? readCandleFile(new URL(`data/${name}.csv.gz`, shared));
  candles.set(name, known);
  return known;
}

test("../shared/parity holds reference results", ({ skip }) => {
  skip(files.length === 0, "../shared/parity is not there");
  expect(files.length).toBeGreaterThan(0);
});

test.each(files)("%s: every trade of the reference, prices and equity within 1e-9", (file) => {
  const reference: Reference = JSON.parse(readFileSync(new URL(file, parity), "utf8"));
  const { mode, fast, slow, capital, fee } = reference;
  const exits = mode === "bracket" ? { stopLoss: 0.003, takeProfit: 0.006 } : {};
  const result = runBacktest({
    strategy: smaCrossover,
    strategyVersion: "parity",
    parameters: { fast, slow, quantity: mode === "allin" ? 0 : 1, ...exits },
    market: { symbol: "PARITY", tick: null, lot: null, notionalMin: null },
    timeframe: "1m",
    candles: candlesOf(file),
    dataRevision: "parity",
    settings: { capital, makerFee: fee, takerFee: fee, slippageBps: 0 },
  });
  const timesAndReasons = ({ entryAt, exitAt, exitReason }: ReferenceTrade) => ({
    entryAt,
    exitAt,
    exitReason,
  });
  expect(result.equity.length).toBe(reference.rows);
  expect(result.trades.map(timesAndReasons)).toEqual(reference.trades.map(timesAndReasons));
  result.trades.forEach((trade, i) => {
    const wanted = reference.trades[i] as ReferenceTrade;
    for (const name of ["entryPrice", "exitPrice", "quantity"] as const) {
      expectClose(trade[name], wanted[name], wanted[name]);
    }
    // The reference rounds money to 12 places; profits are small differences of large amounts.
    expectClose(trade.fees, wanted.fees, wanted.fees + 1e-3);
    expectClose(trade.pnl, wanted.pnl, wanted.quantity * wanted.entryPrice + 1e-3);
  });
  const closed = result.trades.filter((trade) => trade.exitReason !== "end-of-data");
  expect(closed).toHaveLength(reference.closedTrades);
  expectClose(result.finalEquity, reference.finalEquity, reference.finalEquity);
  expect(result.rejectedOrders).toEqual({});
});

function expectClose(actual: number, wanted: number, scale: number): void {
  expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(1e-9 * Math.abs(scale));
}
