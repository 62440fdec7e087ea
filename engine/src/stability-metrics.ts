import type { Days } from "./daily-equity.ts";
import { log } from "./mathematics.ts";
import type { Measures } from "./measures.ts";
import type { PeriodReturn } from "./report/period-returns.ts";
import type { EngineTrade } from "./result.ts";
import { meanOf, sumOf } from "./statistics.ts";
import { tradesReason } from "./trade-metrics.ts";

const topTrades = 5;
const residueMin = 1e-24;

type Asked = Readonly<{
  days: Days;
  months: readonly PeriodReturn[];
  closed: readonly EngineTrade[];
  capital: number;
}>;

/** How evenly the profit came about: over days, months and trades. */
export function measureStability(
  { days, months, closed, capital }: Asked,
  measures: Measures,
): void {
  measureLine(days, measures);
  measureMonths(months, measures);
  measures.set("closedTradeDrawdown", closedTradeDrawdown(closed, capital));
  measures.setUnless(
    "marketConcentration",
    closed.some(({ pnl }) => pnl !== 0) ? null : "no closed trade won or lost",
    () => concentrationOf(closed),
  );
  const profits = closed.map((trade) => trade.pnl).sort((a, b) => b - a);
  const profit = sumOf(profits);
  const noProfit = profit > 0 ? null : "the closed trades made no profit";
  measures.setUnless(
    "topTradesShare",
    tradesReason(closed) ?? noProfit,
    () => sumOf(profits.slice(0, topTrades)) / profit,
  );
}

function concentrationOf(closed: readonly EngineTrade[]): number {
  const sizes = new Map<string, number>();
  for (const { market, pnl } of closed) sizes.set(market, (sizes.get(market) ?? 0) + Math.abs(pnl));
  const whole = sumOf([...sizes.values()]);
  return sumOf([...sizes.values()].map((size) => (size / whole) * (size / whole)));
}

function closedTradeDrawdown(closed: readonly EngineTrade[], capital: number): number {
  let balance = capital;
  let peak = capital;
  let deepest = 0;
  for (const { pnl } of closed) {
    balance += pnl;
    peak = Math.max(peak, balance);
    deepest = Math.max(deepest, 1 - balance / peak);
  }
  return deepest;
}

/** A straight line through the logarithm of daily equity, by least squares. */
function measureLine({ equity, reason }: Days, measures: Measures): void {
  if (reason !== null) {
    measures.leaveOut(["straightness", "kRatio"], reason);
    return;
  }
  const logs = equity.map(log);
  const middle = (logs.length - 1) / 2;
  const mean = meanOf(logs);
  const ofDays = sumOf(logs.map((_, day) => (day - middle) * (day - middle)));
  const ofBoth = sumOf(logs.map((value, day) => (day - middle) * (value - mean)));
  const ofLogs = sumOf(logs.map((value) => (value - mean) * (value - mean)));
  const slope = ofBoth / ofDays;
  const residue = Math.max(0, ofLogs - slope * ofBoth);
  const still = ofLogs < residueMin ? "the equity did not move from day to day" : null;
  measures.setUnless("straightness", still, () => (slope * ofBoth) / ofLogs);
  measures.setUnless("kRatio", residue < residueMin ? "the line is exactly straight" : null, () => {
    const error = Math.sqrt(residue / (logs.length - 2) / ofDays);
    return slope / error / Math.sqrt(logs.length);
  });
}

function measureMonths(months: readonly PeriodReturn[], measures: Measures): void {
  const shares = months.flatMap(({ share }) => (share === null ? [] : [share]));
  if (shares.length < 2) {
    measures.leaveOut(["bestMonth", "worstMonth", "positiveMonths"], "needs at least 2 months");
    return;
  }
  measures.set("bestMonth", Math.max(...shares));
  measures.set("worstMonth", Math.min(...shares));
  measures.set("positiveMonths", shares.filter((share) => share > 0).length / shares.length);
}
