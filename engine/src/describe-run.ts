import { measureActivity } from "./activity-metrics.ts";
import { benchmarkOf } from "./benchmark.ts";
import { curveOf, type EquityPoints } from "./curve.ts";
import type { RunExplanation } from "./decisions/explain-run.ts";
import { type FillTable, tableOfFills } from "./described-fill.ts";
import { type DescribedTrade, describeTrades, type TradedSeries } from "./described-trade.ts";
import { measureEquity } from "./equity-metrics.ts";
import { measureExcursions } from "./excursion-metrics.ts";
import { isCashOnly } from "./lending.ts";
import { Measures, type MetricReasons, type Metrics } from "./measures.ts";
import { comparePolicies, type PolicyRange } from "./policy-range.ts";
import { measureRelative } from "./relative-metrics.ts";
import { type RunReport, reportRun } from "./report/run-report.ts";
import type { FundingGap, RefusedLine, RejectionCause, RunResult } from "./result.ts";
import type { RunInput } from "./run.ts";
import { measureStability } from "./stability-metrics.ts";
import { sumOf } from "./statistics.ts";
import { timeframeMs } from "./timeframe.ts";
import { closedOf, measureTrades } from "./trade-metrics.ts";

/** All that reports and screens show of a run. */
export type RunDescription = Readonly<{
  fingerprint: string;
  engineVersion: string;
  metrics: Metrics;
  metricReasons: MetricReasons;
  /** Buy and hold with the same capital and one fee, under the same names. */
  benchmark: Metrics;
  curve: EquityPoints;
  trades: readonly DescribedTrade[];
  fills: FillTable;
  tradesTouchingGaps: number;
  rejectedOrders: Readonly<Partial<Record<RejectionCause, number>>>;
  refusedLines: readonly RefusedLine[];
  ambiguousCandles: number;
  /** Null on spot. */
  funding: FundingSummary | null;
  liquidations: number;
  /** The smallest distance of any trade to its liquidation, as a share of the price; null where nothing can be liquidated. */
  liquidationDistance: number | null;
  warmup: number;
  report: RunReport;
  /** Null unless the settings ask for it: it runs everything once more for each other policy. */
  policyRange: PolicyRange | null;
  /** What `explainRun` found, where it was asked. */
  explanation?: RunExplanation;
}>;

/** What funding did in a run, and where its series had none. */
export type FundingSummary = Readonly<{
  /** Received less paid, in the quote currency. */
  total: number;
  payments: number;
  missing: number;
  gaps: readonly FundingGap[];
}>;

/** Measures a run where it happened, so that a host, a command line and a browser show the same figures. */
export function describeRun(
  input: RunInput,
  result: RunResult,
  traded: readonly TradedSeries[] = [seriesOf(input)],
): RunDescription {
  const { candles, settings } = input;
  const { time } = candles;
  const { capital } = settings;
  const lengthMs = timeframeMs(input.timeframe) ?? 0;
  const { takerFee } = settings;
  const hold = benchmarkOf(candles, { capital, takerFee, timeframeMs: lengthMs });
  const measures = new Measures();
  const { days: own, falls } = measureEquity(
    { time, equity: result.equity, capital, timeframeMs: lengthMs },
    measures,
  );
  const fills = tableOfFills(result.trades, result.fills);
  const trades = describeTrades(result.trades, fills, traded);
  const closed = closedOf(trades);
  measureTrades(closed, measures);
  measureExcursions(closed, measures);
  measureActivity(result, { candles, traded, timeframeMs: lengthMs }, measures);
  measureRelative(own, hold.days, traded, hold.measures, measures);
  const known = { closed, trades, traded, own, held: hold.days, falls, timeframeMs: lengthMs };
  const report = reportRun(input, result, known);
  measureStability({ days: own, months: report.months, closed, capital }, measures);
  return {
    fingerprint: result.fingerprint,
    engineVersion: result.engineVersion,
    metrics: measures.metrics,
    metricReasons: measures.reasons,
    benchmark: hold.measures.metrics,
    curve: curveOf(time, result.equity, hold.equityAt, capital, lengthMs),
    trades,
    fills,
    tradesTouchingGaps: trades.filter((trade) => trade.touchedGap).length,
    rejectedOrders: result.rejectedOrders,
    refusedLines: result.refusedLines,
    ambiguousCandles: result.ambiguousCandles,
    funding: isCashOnly(input.settings) ? null : fundingOf(result),
    liquidations: result.fills.filter((fill) => fill.orderId === 0).length,
    liquidationDistance: smallest(trades.map((trade) => trade.liquidationDistance)),
    warmup: result.warmup,
    report,
    policyRange: settings.policyRange === true ? comparePolicies(input, result) : null,
  };
}

const seriesOf = ({ market, candles, timeframe }: RunInput): TradedSeries => ({
  symbol: market.symbol,
  candles,
  lengthMs: timeframeMs(timeframe) ?? 0,
});

const fundingOf = ({ fundingPayments, fundingGaps }: RunResult): FundingSummary => ({
  total: sumOf(fundingPayments.map(({ amount }) => amount)),
  payments: fundingPayments.length,
  missing: sumOf(fundingGaps.map(({ missing }) => missing)),
  gaps: fundingGaps,
});

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((least, one) => Math.min(least, one));
}
