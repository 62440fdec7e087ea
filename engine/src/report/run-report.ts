import type { Days } from "../daily-equity.ts";
import type { DescribedTrade, TradedSeries } from "../described-trade.ts";
import type { RunResult } from "../result.ts";
import type { RunInput } from "../run.ts";
import { sumOf } from "../statistics.ts";
import { monthKey, yearKey } from "./calendar.ts";
import { type Distributions, distributionsOf } from "./distributions.ts";
import type { Drawdown, Falls } from "./drawdowns.ts";
import { type FreqtradeFigures, freqtradeFigures } from "./freqtrade.ts";
import { type Groupings, groupTrades } from "./groupings.ts";
import { type PeriodReturn, periodReturns } from "./period-returns.ts";
import { regimesOf } from "./regime.ts";
import { type RollingSharpe, rollingSharpe } from "./rolling-sharpe.ts";

/** What a result was made from and what came out, in hashes: who has the same gets the same. */
export type Receipt = Readonly<{
  engineVersion: string;
  strategyVersion: string;
  /** SHA-256 of parameters, settings, market rules and timeframe. */
  inputs: string;
  dataRevision: string;
  fingerprint: string;
}>;

/** What a report holds besides metrics. */
export type RunReport = Readonly<{
  groupings: Groupings;
  months: readonly PeriodReturn[];
  years: readonly PeriodReturn[];
  rollingSharpe: RollingSharpe;
  /** The deepest, deepest first. */
  drawdowns: readonly Drawdown[];
  distributions: Distributions;
  /** Profit of the trades that touched a gap. */
  gapProfit: number;
  receipt: Receipt;
  freqtrade: FreqtradeFigures;
}>;

/** What the metrics have worked out already. */
type Known = Readonly<{
  closed: readonly DescribedTrade[];
  trades: readonly DescribedTrade[];
  traded: readonly TradedSeries[];
  own: Days;
  held: Days;
  falls: Falls;
  timeframeMs: number;
}>;

/** Everything but metrics that a report says of a run; no further run is needed for it. */
export function reportRun(input: RunInput, result: RunResult, known: Known): RunReport {
  const { candles, settings, timeframe, strategyVersion, dataRevision } = input;
  const { time } = candles;
  const { closed, trades, traded, own, held, falls, timeframeMs } = known;
  const firstAt = time[0] ?? 0;
  const span = { firstAt, endAt: (time.at(-1) ?? 0) + timeframeMs };
  const { engineVersion, inputsRevision, fingerprint, fills, rejectedOrders, orderCounts } = result;
  const gapProfits = trades.filter((trade) => trade.touchedGap).map((trade) => trade.pnl);
  return {
    groupings: groupTrades(closed, regimesOf(traded)),
    months: periodReturns(monthKey, span, own.equity, held.equity),
    years: periodReturns(yearKey, span, own.equity, held.equity),
    rollingSharpe: rollingSharpe(firstAt, own.returns),
    drawdowns: falls.deepest,
    distributions: distributionsOf(closed),
    gapProfit: sumOf(gapProfits),
    receipt: { engineVersion, strategyVersion, inputs: inputsRevision, dataRevision, fingerprint },
    freqtrade: freqtradeFigures({
      trades,
      fills,
      time,
      traded,
      capital: settings.capital,
      leverage: settings.perpetual?.leverage ?? 1,
      timeframe,
      rejectedOrders,
      orderCounts,
    }),
  };
}
