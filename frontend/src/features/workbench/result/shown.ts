import type { BacktestDetail, BacktestResult, Trade } from "@trading/contracts/backtests";
import type {
  CandleCertificate,
  DescribedTrade,
  MetricName,
  MetricReasons,
  Metrics,
  RunExplanation,
  RunReport,
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
  Omit<
    BacktestResult,
    | "curve"
    | "data"
    | "trades"
    | "metrics"
    | "metricReasons"
    | "benchmark"
    | "report"
    | "explanation"
  > & {
    origin: "browser" | "server";
    metrics: Metrics;
    metricReasons: MetricReasons;
    benchmark: Metrics;
    /** Undefined for results that were stored before there were reports. */
    report?: RunReport | undefined;
    explanation?: RunExplanation | undefined;
    tradeCount: number;
    /** Null while only the server's figures are here. */
    trades: readonly RunTrade[] | null;
    data: DataFacts;
  }
>;

/** The server's stored result, with its trades as soon as they are here. */
export function shownOfServer(
  { result }: BacktestDetail,
  stored: readonly RunTrade[] | null,
): Shown | null {
  if (result === null) return null;
  const { curve: _, data, trades, ...rest } = result;
  const { rows, gaps, missing, impossible, jumps, revision } = data;
  const [firstMs, lastMs] = [Date.parse(data.first), Date.parse(data.last)];
  return {
    ...rest,
    origin: "server",
    tradeCount: trades,
    trades: stored,
    data: { rows, firstMs, lastMs, gaps, missing, impossible, jumps, revision },
  };
}

/** Trades as the server sends them, with their places among the candles; −1 while those are not here. */
export function tradesOfServer(
  trades: readonly Trade[],
  time: Float64Array | null,
): readonly RunTrade[] {
  const placeOf = (at: number) => (time === null ? -1 : lastAtOrBefore(time, at));
  return trades.map((trade) => {
    const entryAt = Date.parse(trade.entryAt);
    const exitAt = Date.parse(trade.exitAt);
    const places = { entryIndex: placeOf(entryAt), exitIndex: placeOf(exitAt) };
    return { ...trade, entryAt, exitAt, ...places };
  });
}

/** The place of the last of some rising numbers that is not above `limit`; −1 where all are. */
export function lastAtOrBefore(rising: ArrayLike<number>, limit: number): number {
  let from = 0;
  let to = rising.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rising[middle] ?? 0) <= limit) from = middle + 1;
    else to = middle;
  }
  return from - 1;
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
