import { daysReason } from "./equity-metrics.ts";
import type { Measures } from "./measures.ts";
import type { MetricName } from "./metric-conventions.ts";
import type { EngineTrade, Fill } from "./result.ts";
import { deviationOf, meanOf, sumOf } from "./statistics.ts";

const dayMs = 86_400_000;
const tradesMin = 10;
const deviationMin = 1e-12;

const ofAny: readonly MetricName[] = [
  "averageTradeShare",
  "bestTrade",
  "worstTrade",
  "averageTradeDays",
];
const ofMany: readonly MetricName[] = ["winRate", "profitFactor", "expectancy", "payoff", "sqn"];

/** Counts, averages and streaks of the trades that were closed. */
export function measureTrades(trades: readonly EngineTrade[], measures: Measures): void {
  const closed = trades.filter((trade) => trade.exitReason !== "end-of-data");
  const profits = closed.map((trade) => trade.pnl);
  const won = profits.filter((profit) => profit > 0);
  const lost = profits.filter((profit) => profit < 0);
  measures.set("closedTrades", closed.length);
  measures.set("longTrades", closed.filter((trade) => trade.side === "long").length);
  measures.set("shortTrades", closed.filter((trade) => trade.side === "short").length);
  measures.set("wonTrades", won.length);
  measures.set("lostTrades", lost.length);
  measures.set(
    "winStreak",
    longestRun(profits, (profit) => profit > 0),
  );
  measures.set(
    "lossStreak",
    longestRun(profits, (profit) => profit < 0),
  );
  if (closed.length === 0) measures.leaveOut(ofAny, "no trade was closed");
  else measureAverages(closed, measures);
  if (closed.length < tradesMin) {
    measures.leaveOut(
      ofMany,
      `needs at least ${tradesMin} closed trades; there are ${closed.length}`,
    );
  } else measureOdds(profits, won, lost, measures);
}

function measureAverages(closed: readonly EngineTrade[], measures: Measures): void {
  const profits = closed.map((trade) => trade.pnl);
  measures.set("averageTradeShare", meanOf(closed.map((trade) => trade.pnlShare)));
  measures.set(
    "bestTrade",
    profits.reduce((most, one) => Math.max(most, one)),
  );
  measures.set(
    "worstTrade",
    profits.reduce((least, one) => Math.min(least, one)),
  );
  measures.set(
    "averageTradeDays",
    meanOf(closed.map((trade) => trade.exitAt - trade.entryAt)) / dayMs,
  );
}

function measureOdds(
  profits: readonly number[],
  won: readonly number[],
  lost: readonly number[],
  measures: Measures,
): void {
  const noLoss = lost.length === 0 ? "no trade lost" : null;
  const noWin = won.length === 0 ? "no trade won" : null;
  const deviation = deviationOf(profits);
  const noSpread = deviation < deviationMin ? "all trades gave the same" : null;
  measures.set("winRate", won.length / profits.length);
  measures.set("expectancy", meanOf(profits));
  measures.setUnless("profitFactor", noLoss, () => sumOf(won) / -sumOf(lost));
  measures.setUnless("payoff", noLoss ?? noWin, () => meanOf(won) / -meanOf(lost));
  measures.setUnless(
    "sqn",
    noSpread,
    () => (Math.sqrt(profits.length) * meanOf(profits)) / deviation,
  );
}

function longestRun(profits: readonly number[], counts: (profit: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const profit of profits) {
    run = counts(profit) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Fees, slippage, turnover and the share of candles that closed with a position. */
export function measureActivity(
  fills: readonly Fill[],
  trades: readonly EngineTrade[],
  equity: Float64Array,
  days: number,
  measures: Measures,
): void {
  const fees = sumOf(fills.map((fill) => fill.fee));
  const slippage = sumOf(fills.map((fill) => fill.slippage));
  const gross = (measures.metrics.netProfit ?? 0) + fees + slippage;
  const meanEquity = equity.length === 0 ? 0 : plainSum(equity) / equity.length;
  const noEquity = meanEquity > 0 ? null : "the mean equity is not above zero";
  measures.set("fees", fees);
  measures.set("slippage", slippage);
  measures.setUnless(
    "costsShareOfGross",
    gross > 0 ? null : "there was no profit before costs",
    () => (fees + slippage) / gross,
  );
  measures.setUnless("turnover", daysReason(days) ?? noEquity, () => {
    const notional = sumOf(fills.map((fill) => fill.quantity * fill.price));
    return notional / meanEquity / (days / 365);
  });
  const held = trades.reduce((sum, trade) => sum + closesHeld(trade), 0);
  measures.setUnless(
    "exposure",
    equity.length > 0 ? null : "there are no candles",
    () => held / equity.length,
  );
}

/** Good enough for a mean that only scales another figure, and it passes over every candle. */
function plainSum(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}

const closesHeld = (trade: EngineTrade) =>
  trade.candles + (trade.exitReason === "end-of-data" ? 1 : 0);
