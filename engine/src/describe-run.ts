import { measureActivity } from "./activity-metrics.ts";
import { buyAndHold } from "./benchmark.ts";
import { curveOf, type EquityPoints } from "./curve.ts";
import { type DescribedTrade, markGaps } from "./described-trade.ts";
import { measureEquity } from "./equity-metrics.ts";
import { measureExcursions } from "./excursion-metrics.ts";
import { Measures, type MetricReasons, type Metrics } from "./measures.ts";
import { measureRelative } from "./relative-metrics.ts";
import { type RunReport, reportRun } from "./report/run-report.ts";
import type { RejectionCause, RunResult } from "./result.ts";
import type { RunInput } from "./run.ts";
import { measureStability } from "./stability-metrics.ts";
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
  tradesTouchingGaps: number;
  rejectedOrders: Readonly<Partial<Record<RejectionCause, number>>>;
  ambiguousCandles: number;
  warmup: number;
  report: RunReport;
}>;

/** Measures a run where it happened, so that a host, a command line and a browser show the same figures. */
export function describeRun(input: RunInput, result: RunResult): RunDescription {
  const { candles, settings } = input;
  const { time } = candles;
  const { capital } = settings;
  const lengthMs = timeframeMs(input.timeframe) ?? 0;
  const hold = buyAndHold(candles, capital, settings.takerFee);
  const measures = new Measures();
  const benchmark = new Measures();
  const { days: own, falls } = measureEquity(
    { time, equity: result.equity, capital, timeframeMs: lengthMs },
    measures,
  );
  const { days: held } = measureEquity(
    { time, equity: hold, capital, timeframeMs: lengthMs },
    benchmark,
  );
  const trades = markGaps(result.trades, time, lengthMs);
  const closed = closedOf(trades);
  measureTrades(closed, measures);
  measureExcursions(closed, measures);
  measureActivity(result, candles, lengthMs, measures);
  measureRelative(own, held, candles.close, benchmark, measures);
  const known = { closed, trades, own, held, falls, timeframeMs: lengthMs };
  const report = reportRun(input, result, known);
  measureStability({ days: own, months: report.months, closed, capital }, measures);
  return {
    fingerprint: result.fingerprint,
    engineVersion: result.engineVersion,
    metrics: measures.metrics,
    metricReasons: measures.reasons,
    benchmark: benchmark.metrics,
    curve: curveOf(time, result.equity, hold, capital, lengthMs),
    trades,
    tradesTouchingGaps: trades.filter((trade) => trade.touchedGap).length,
    rejectedOrders: result.rejectedOrders,
    ambiguousCandles: result.ambiguousCandles,
    warmup: result.warmup,
    report,
  };
}
