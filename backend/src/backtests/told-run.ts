import { type DescribedTrade, type FillTable, fillsIn } from "@trading/engine";

/** Trades and fills as they are told outside: instants in place of milliseconds, and no places among the candles. */

const instant = (ms: number) => new Date(ms).toISOString();

export const toldTrades = (trades: readonly DescribedTrade[]) =>
  trades.map(({ entryIndex: _, exitIndex: __, ...trade }) => ({
    ...trade,
    entryAt: instant(trade.entryAt),
    exitAt: instant(trade.exitAt),
  }));

export const toldFills = (fills: FillTable) =>
  fillsIn(fills).map((fill) => ({ ...fill, at: instant(fill.at) }));
