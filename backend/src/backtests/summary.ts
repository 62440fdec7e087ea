import type { BacktestResult, BacktestView } from "@trading/contracts/backtests";

const sparklinePointsMax = 60;

/** The figures that lists show of a result. */
export function summaryOf({
  metrics,
  curve,
}: BacktestResult): NonNullable<BacktestView["summary"]> {
  return {
    netProfitShare: metrics.netProfitShare ?? null,
    cagr: metrics.cagr ?? null,
    maxDrawdown: metrics.maxDrawdown ?? null,
    sharpe: metrics.sharpe ?? null,
    closedTrades: metrics.closedTrades ?? null,
    sparkline: thin(curve.equity, sparklinePointsMax),
  };
}

/** At most `max` of the values, evenly spread, first and last among them. */
function thin(values: readonly number[], max: number): number[] {
  if (values.length <= max) return [...values];
  const step = (values.length - 1) / (max - 1);
  return Array.from({ length: max }, (_, index) => values[Math.round(index * step)] ?? 0);
}
