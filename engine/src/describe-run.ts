import { buyAndHold } from "./benchmark.ts";
import { curveOf, type EquityPoints } from "./curve.ts";
import { daysOf, measureEquity } from "./equity-metrics.ts";
import { Measures, type MetricReasons, type Metrics } from "./measures.ts";
import type { EngineTrade, RejectionCause, RunResult } from "./result.ts";
import type { RunInput } from "./run.ts";
import { timeframeMs } from "./timeframe.ts";
import { measureActivity, measureTrades } from "./trade-metrics.ts";

/** A trade with what the data say about it. */
export type DescribedTrade = EngineTrade &
  Readonly<{
    /** A gap in the data lies inside the trade, or right before its entry or exit. */
    touchedGap: boolean;
  }>;

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
}>;

/** Measures a run where it happened, so that a host, a command line and a browser show the same figures. */
export function describeRun(input: RunInput, result: RunResult): RunDescription {
  const { candles, settings } = input;
  const { time } = candles;
  const { capital } = settings;
  const lengthMs = timeframeMs(input.timeframe) ?? 0;
  const held = buyAndHold(candles, capital, settings.takerFee);
  const measures = new Measures();
  const benchmark = new Measures();
  measureEquity({ time, equity: result.equity, capital, timeframeMs: lengthMs }, measures);
  measureEquity({ time, equity: held, capital, timeframeMs: lengthMs }, benchmark);
  measureTrades(result.trades, measures);
  const days = daysOf({ time, timeframeMs: lengthMs });
  measureActivity(result.fills, result.trades, result.equity, days, measures);
  const trades = markGaps(result.trades, time, lengthMs);
  return {
    fingerprint: result.fingerprint,
    engineVersion: result.engineVersion,
    metrics: measures.metrics,
    metricReasons: measures.reasons,
    benchmark: benchmark.metrics,
    curve: curveOf(time, result.equity, held, capital, lengthMs),
    trades,
    tradesTouchingGaps: trades.filter((trade) => trade.touchedGap).length,
    rejectedOrders: result.rejectedOrders,
    ambiguousCandles: result.ambiguousCandles,
    warmup: result.warmup,
  };
}

function markGaps(
  trades: readonly EngineTrade[],
  time: Float64Array,
  lengthMs: number,
): DescribedTrade[] {
  const afterGap: number[] = [];
  for (let i = 1; i < time.length; i++) {
    if ((time[i] as number) - (time[i - 1] as number) > lengthMs) afterGap.push(i);
  }
  return trades.map((trade) => ({
    ...trade,
    touchedGap: countBelow(afterGap, trade.exitIndex + 1) > countBelow(afterGap, trade.entryIndex),
  }));
}

/** How many of some rising numbers lie below `limit`. */
function countBelow(rising: readonly number[], limit: number): number {
  let from = 0;
  let to = rising.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rising[middle] as number) < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}
