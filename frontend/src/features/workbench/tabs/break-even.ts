import type { RunTrade } from "../result/shown.ts";

/** Notional bought and sold by all trades; one open at the end has only been entered. */
export function tradedNotional(trades: readonly RunTrade[]): number {
  return trades.reduce((sum, { quantity, entryPrice, exitPrice, exitReason }) => {
    const left = exitReason === "end-of-data" ? 0 : exitPrice;
    return sum + quantity * (entryPrice + left);
  }, 0);
}

/** The fee per side at which the same trades would earn nothing; null when they lose even without fees. */
export function breakEvenFee(netProfit: number, fees: number, traded: number): number | null {
  const gross = netProfit + fees;
  return traded > 0 && gross > 0 ? gross / traded : null;
}
