import type { Trade } from "./backtests.ts";
import type { Fill } from "./fills.ts";

type Cell = string | number | boolean | null | undefined;

/** A table as CSV (RFC 4180): numbers as JSON writes them, texts that a spreadsheet would run made harmless. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(cell).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  // A spreadsheet takes these for the begin of a formula.
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const tradeColumns = [
  "number",
  "side",
  "quantity",
  "entryAt",
  "entryPrice",
  "exitAt",
  "exitPrice",
  "fees",
  "pnl",
  "pnlShare",
  "entryReason",
  "exitReason",
  "candles",
  "mae",
  "mfe",
  "stopPrice",
  "targetPrice",
  "touchedGap",
  "market",
  "funding",
  "liquidationPrice",
  "liquidationDistance",
  "entries",
  "exits",
] as const satisfies readonly (keyof Trade)[];

/** Trades as CSV under the names of the API; wherever they are saved, the file is the same. */
export const tradesCsv = (trades: readonly Pick<Trade, (typeof tradeColumns)[number]>[]): string =>
  csv(
    tradeColumns,
    trades.map((trade) => tradeColumns.map((name) => trade[name])),
  );

const fillColumns = [
  "number",
  "at",
  "market",
  "side",
  "quantity",
  "price",
  "fee",
  "liquidity",
  "slippage",
  "reason",
  "orderId",
  "stopPrice",
  "targetPrice",
  "enters",
  "leaves",
] as const satisfies readonly (keyof Fill)[];

/** Fills as CSV, the same wherever they are saved. */
export const fillsCsv = (fills: readonly Fill[]): string =>
  csv(
    fillColumns,
    fills.map((fill) => fillColumns.map((name) => fill[name])),
  );
