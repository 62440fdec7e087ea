import type { Trade } from "@trading/contracts/backtests";

const columns = [
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
] as const satisfies readonly (keyof Trade)[];

/** Trades as CSV (RFC 4180, UTF-8): numbers as JSON writes them, texts that a spreadsheet would run made harmless. */
export function tradesCsv(trades: readonly Trade[]): string {
  const lines = trades.map((trade) => columns.map((name) => cell(trade[name])).join(","));
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  // A spreadsheet takes these for the begin of a formula.
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
