import { isStillOpen } from "./end-of-data.ts";
import type { Measures } from "./measures.ts";
import type { MetricName } from "./metric-conventions.ts";
import type { EngineTrade } from "./result.ts";
import { deviationOf, meanOf, medianOf, sumOf } from "./statistics.ts";

const dayMs = 86_400_000;
const tradesMin = 10;
const sqnTradesMax = 100;
const deviationMin = 1e-12;

const ofAny: readonly MetricName[] = [
  "averageTradeShare",
  "bestTrade",
  "worstTrade",
  "medianTrade",
  "averageTradeDays",
  "medianTradeDays",
  "longestTradeDays",
];
const ofMany: readonly MetricName[] = [
  "winRate",
  "profitFactor",
  "expectancy",
  "payoff",
  "expectancyRatio",
  "kelly",
  "sqn",
  "sqn100",
];

/** Trades that ended before the data did. */
export const closedOf = <Trade extends EngineTrade>(trades: readonly Trade[]): readonly Trade[] =>
  trades.filter((trade) => !isStillOpen(trade));

/** Why odds would say nothing of so few trades; null when they do. */
export const tradesReason = (closed: readonly EngineTrade[]): string | null =>
  closed.length < tradesMin
    ? `needs at least ${tradesMin} closed trades; there are ${closed.length}`
    : null;

/** Counts, averages and streaks of the trades that were closed. */
export function measureTrades(closed: readonly EngineTrade[], measures: Measures): void {
  const won = closed.filter((trade) => trade.pnl > 0);
  const lost = closed.filter((trade) => trade.pnl < 0);
  measureCounts(closed, won.length, lost.length, measures);
  measureStreaks(closed, measures);
  measureKind(won, "averageWin", "averageWinDays", "no trade won", measures);
  measureKind(lost, "averageLoss", "averageLossDays", "no trade lost", measures);
  if (closed.length === 0) measures.leaveOut(ofAny, "no trade was closed");
  else measureAverages(closed, measures);
  const reason = tradesReason(closed);
  if (reason !== null) measures.leaveOut(ofMany, reason);
  else measureOdds(closed.map(profitOf), won.map(profitOf), lost.map(profitOf), measures);
}

const profitOf = (trade: EngineTrade) => trade.pnl;
const lengthOf = (trade: EngineTrade) => (trade.exitAt - trade.entryAt) / dayMs;
const largest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));
const smallest = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));

function measureCounts(
  closed: readonly EngineTrade[],
  won: number,
  lost: number,
  measures: Measures,
): void {
  const longs = closed.filter((trade) => trade.side === "long");
  const shorts = closed.filter((trade) => trade.side === "short");
  measures.set("closedTrades", closed.length);
  measures.set("longTrades", longs.length);
  measures.set("shortTrades", shorts.length);
  measures.set("longProfit", sumOf(longs.map(profitOf)));
  measures.set("shortProfit", sumOf(shorts.map(profitOf)));
  measures.set("wonTrades", won);
  measures.set("lostTrades", lost);
  measures.set("drawnTrades", closed.length - won - lost);
}

function measureStreaks(closed: readonly EngineTrade[], measures: Measures): void {
  let longestWin = 0;
  let longestLoss = 0;
  let streak = 0;
  for (const { pnl } of closed) {
    const sign = Math.sign(pnl);
    streak = sign !== 0 && sign === Math.sign(streak) ? streak + sign : sign;
    longestWin = Math.max(longestWin, streak);
    longestLoss = Math.max(longestLoss, -streak);
  }
  measures.set("winStreak", longestWin);
  measures.set("lossStreak", longestLoss);
  measures.set("streak", streak);
}

function measureKind(
  trades: readonly EngineTrade[],
  profit: MetricName,
  days: MetricName,
  none: string,
  measures: Measures,
): void {
  const reason = trades.length > 0 ? null : none;
  measures.setUnless(profit, reason, () => meanOf(trades.map(profitOf)));
  measures.setUnless(days, reason, () => meanOf(trades.map(lengthOf)));
}

function measureAverages(closed: readonly EngineTrade[], measures: Measures): void {
  const profits = closed.map(profitOf);
  const days = closed.map(lengthOf);
  measures.set("averageTradeShare", meanOf(closed.map((trade) => trade.pnlShare)));
  measures.set("bestTrade", largest(profits));
  measures.set("worstTrade", smallest(profits));
  measures.set("medianTrade", medianOf(profits));
  measures.set("averageTradeDays", meanOf(days));
  measures.set("medianTradeDays", medianOf(days));
  measures.set("longestTradeDays", largest(days));
}

function measureOdds(
  profits: readonly number[],
  won: readonly number[],
  lost: readonly number[],
  measures: Measures,
): void {
  const noLoss = lost.length === 0 ? "no trade lost" : null;
  const noPayoff = noLoss ?? (won.length === 0 ? "no trade won" : null);
  const deviation = deviationOf(profits);
  const noSpread = deviation < deviationMin ? "all trades gave the same" : null;
  const winRate = won.length / profits.length;
  const payoff = meanOf(won) / -meanOf(lost);
  const perRoot = meanOf(profits) / deviation;
  measures.set("winRate", winRate);
  measures.set("expectancy", meanOf(profits));
  measures.setUnless("profitFactor", noLoss, () => sumOf(won) / -sumOf(lost));
  measures.setUnless("payoff", noPayoff, () => payoff);
  measures.setUnless("expectancyRatio", noPayoff, () => (1 + payoff) * winRate - 1);
  measures.setUnless("kelly", noPayoff, () => winRate - (1 - winRate) / payoff);
  measures.setUnless("sqn", noSpread, () => Math.sqrt(profits.length) * perRoot);
  measures.setUnless("sqn100", noSpread, () => {
    return Math.sqrt(Math.min(sqnTradesMax, profits.length)) * perRoot;
  });
}
