import type { RunTrade } from "../result/shown.ts";

export type YearReturns = Readonly<{
  year: number;
  /** Twelve entries; null where the run did not reach into the month. */
  months: readonly (number | null)[];
  total: number;
}>;

/** The return of each month (UTC) and year: last equity of the month over that of the month before, less one. */
export function monthlyReturns(
  time: Float64Array,
  equity: Float64Array,
  capital: number,
): YearReturns[] {
  const years = new Map<number, { months: (number | null)[]; start: number; end: number }>();
  let before = capital;
  let index = 0;
  while (index < time.length) {
    const { year, month, end } = monthOf(time[index] ?? 0);
    while (index + 1 < time.length && (time[index + 1] ?? 0) < end) index++;
    const last = equity[index] ?? before;
    const entry = years.get(year) ?? {
      months: Array<number | null>(12).fill(null),
      start: before,
      end: last,
    };
    entry.months[month] = before === 0 ? null : last / before - 1;
    entry.end = last;
    years.set(year, entry);
    before = last;
    index++;
  }
  return [...years].map(([year, { months, start, end }]) => ({
    year,
    months,
    total: start === 0 ? 0 : end / start - 1,
  }));
}

function monthOf(ms: number): { year: number; month: number; end: number } {
  const date = new Date(ms);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { year, month, end: Date.UTC(year, month + 1, 1) };
}

export type ExitCount = Readonly<{ reason: string; trades: number; won: number; pnl: number }>;

/** Trades counted by how they ended, the most frequent first. */
export function exitCounts(trades: readonly RunTrade[]): ExitCount[] {
  const counts = new Map<string, { reason: string; trades: number; won: number; pnl: number }>();
  for (const { exitReason: reason, pnl } of trades) {
    const count = counts.get(reason) ?? { reason, trades: 0, won: 0, pnl: 0 };
    count.trades += 1;
    count.won += pnl > 0 ? 1 : 0;
    count.pnl += pnl;
    counts.set(reason, count);
  }
  return [...counts.values()].toSorted((a, b) => b.trades - a.trades);
}

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
