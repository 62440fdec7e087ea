import type { Sort } from "../../../ui/table.tsx";
import type { RunTrade } from "../result/shown.ts";

const keys = ["number", "entryAt", "exitAt", "pnl", "pnlShare", "candles"] as const;

/** The trades in the order asked for; equal ones in the order they happened. */
export function sortTrades(trades: readonly RunTrade[], { by, order }: Sort): readonly RunTrade[] {
  const key = keys.find((one) => one === by) ?? "number";
  const sign = order === "asc" ? 1 : -1;
  return trades.toSorted((a, b) => sign * (a[key] - b[key]) || a.number - b.number);
}
