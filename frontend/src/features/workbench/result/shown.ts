import type { BacktestDetail, BacktestResult } from "@trading/contracts/backtests";
import type {
  CandleCertificate,
  DescribedTrade,
  MetricName,
  MetricReasons,
  Metrics,
} from "@trading/engine";
import type { BrowserResult, CandleSet } from "../run/protocol.ts";

export type RunTrade = DescribedTrade;

/** What was known about the candles of a run, wherever it ran. */
export type DataFacts = Readonly<{
  rows: number;
  firstMs: number;
  /** Open time of the last candle. */
  lastMs: number;
  gaps: number;
  missing: number;
  impossible: number;
  jumps: number;
  revision: string;
}>;

/** A result as the screen shows it, from the browser's run or from the server's. */
export type Shown = Readonly<
  Omit<BacktestResult, "curve" | "data" | "trades" | "metrics" | "metricReasons" | "benchmark"> & {
    origin: "browser" | "server";
    metrics: Metrics;
    metricReasons: MetricReasons;
    benchmark: Metrics;
    tradeCount: number;
    /** Null while only the server's figures are here. */
    trades: readonly RunTrade[] | null;
    data: DataFacts;
  }
>;

/** The server's stored result; its trades are left to the run in the browser. */
export function shownOfServer(backtest: BacktestDetail): Shown | null {
  if (backtest.result === null) return null;
  const { curve: _, data, trades, ...rest } = backtest.result;
  const { rows, gaps, missing, impossible, jumps, revision } = data;
  const [firstMs, lastMs] = [Date.parse(data.first), Date.parse(data.last)];
  return {
    ...rest,
    origin: "server",
    tradeCount: trades,
    trades: null,
    data: { rows, firstMs, lastMs, gaps, missing, impossible, jumps, revision },
  };
}

export function shownOfBrowser(
  result: BrowserResult,
  set: CandleSet,
  certificate: CandleCertificate,
): Shown {
  const { curve: _, trades, ...rest } = result.description;
  const { time } = set.candles;
  const { gaps, missing, impossible, jumps } = certificate;
  return {
    ...rest,
    origin: "browser",
    elapsedMs: result.elapsedMs,
    tradeCount: trades.length,
    trades,
    data: {
      rows: time.length,
      firstMs: time[0] ?? Number.NaN,
      lastMs: time[time.length - 1] ?? Number.NaN,
      gaps,
      missing,
      impossible,
      jumps,
      revision: set.dataRevision,
    },
  };
}

/** A metric by name; null where the run cannot give it. */
export const metricOf = (shown: Shown, name: MetricName): number | null =>
  shown.metrics[name] ?? null;
export const holdOf = (shown: Shown, name: MetricName): number | null =>
  shown.benchmark[name] ?? null;
