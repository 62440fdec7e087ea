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

/** Names of the figures of one kind of trade: the won, the lost. */
type KindNames = Readonly<
  Record<"profit" | "averageDays" | "medianDays" | "longestDays", MetricName>
>;

const ofWon: KindNames = {
  profit: "averageWin",
  averageDays: "averageWinDays",
  medianDays: "medianWinDays",
  longestDays: "longestWinDays",
};
const ofLost: KindNames = {
  profit: "averageLoss",
  averageDays: "averageLossDays",
  medianDays: "medianLossDays",
  longestDays: "longestLossDays",
};

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
  measureKind(won, ofWon, "no trade won", measures);
  measureKind(lost, ofLost, "no trade lost", measures);
  if (closed.length === 0) measures.leaveOut(ofAny, "no trade was closed");
  else measureAverages(closed, measures);
  const reason = tradesReason(closed);
  if (reason !== null) {
    measures.leaveOut(ofMany, reason);
    return;
  }
  measureOdds(closed.map(profitOf), won.map(profitOf), lost.map(profitOf), measures);
  measureQuality(closed, measures);
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
  names: KindNames,
  none: string,
  measures: Measures,
): void {
  const reason = trades.length > 0 ? null : none;
  const days = trades.map(lengthOf);
  measures.setUnless(names.profit, reason, () => meanOf(trades.map(profitOf)));
  measures.setUnless(names.averageDays, reason, () => meanOf(days));
  measures.setUnless(names.medianDays, reason, () => medianOf(days));
  measures.setUnless(names.longestDays, reason, () => largest(days));
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
  const winRate = won.length / profits.length;
  const payoff = meanOf(won) / -meanOf(lost);
  measures.set("winRate", winRate);
  measures.set("expectancy", meanOf(profits));
  measures.setUnless("profitFactor", noLoss, () => sumOf(won) / -sumOf(lost));
  measures.setUnless("payoff", noPayoff, () => payoff);
  measures.setUnless("expectancyRatio", noPayoff, () => (1 + payoff) * winRate - 1);
  measures.setUnless("kelly", noPayoff, () => winRate - (1 - winRate) / payoff);
}

/** System quality: of what each trade made of its initial risk where that is known of all, else of the profits. */
function measureQuality(closed: readonly EngineTrade[], measures: Measures): void {
  const risks = closed.map(riskOf);
  const areKnown = risks.every((risk) => risk > 0);
  const results = closed.map(({ pnl }, i) => (areKnown ? pnl / (risks[i] as number) : pnl));
  const deviation = deviationOf(results);
  if (deviation < deviationMin) {
    measures.leaveOut(["sqn", "sqn100"], "all trades gave the same");
    return;
  }
  const quality = (trades: number) => (Math.sqrt(trades) * meanOf(results)) / deviation;
  const remark = areKnown
    ? "of profit over the risk to the stop of the entry"
    : "of the profit: not every trade began with a stop";
  measures.setWith("sqn", quality(closed.length), remark);
  measures.setWith("sqn100", quality(Math.min(sqnTradesMax, closed.length)), remark);
}

/** What the stop of the entry put at risk; 0 where there was none, or the entry was beyond it. */
function riskOf({ side, quantity, entryPrice, stopPrice }: EngineTrade): number {
  if (stopPrice === null) return 0;
  const distance = side === "long" ? entryPrice - stopPrice : stopPrice - entryPrice;
  return Math.max(0, distance * quantity);
}
