import type { BacktestDetail, BacktestResult, Trade } from "@trading/contracts/backtests";
import type {
  DescribedFill,
  DescribedTrade,
  FillTable,
  MetricName,
  MetricReasons,
  Metrics,
  RunExplanation,
  RunReport,
} from "@trading/engine";
import type { BrowserResult, CandleSet } from "../run/protocol.ts";

export type RunFill = DescribedFill;

/** How many fills a trade had is not known of results that were stored without. */
export type RunTrade = Omit<DescribedTrade, "entries" | "exits"> &
  Readonly<Pick<Trade, "entries" | "exits">>;

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

type Groupings = RunReport["groupings"];

/** A report as the screen shows it; results that were stored before there was a grouping lack it. */
export type ShownReport = Readonly<
  Omit<RunReport, "groupings"> & {
    groupings: Omit<Groupings, "regime"> & { regime?: Groupings["regime"] | undefined };
  }
>;

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
    report?: ShownReport | undefined;
    explanation?: RunExplanation | undefined;
    tradeCount: number;
    /** Null while only the server's figures are here. */
    trades: readonly RunTrade[] | null;
    /** Of the browser's run; those of the server's are asked for as they are looked at. */
    fills: FillTable | null;
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
  const used = (rest.markets ?? [data]).map((one) => ({
    ...one,
    firstMs: Date.parse(one.first),
    lastMs: Date.parse(one.last),
  }));
  return {
    ...rest,
    origin: "server",
    tradeCount: trades,
    trades: stored,
    fills: null,
    data: factsOf(used),
  };
}

/** What is known about the candles of all markets together; the revision is that of the first one. */
function factsOf(markets: readonly DataFacts[]): DataFacts {
  const total = (count: (one: DataFacts) => number) =>
    markets.reduce((sum, one) => sum + count(one), 0);
  return {
    rows: total(({ rows }) => rows),
    firstMs: Math.min(...markets.map(({ firstMs }) => firstMs)),
    lastMs: Math.max(...markets.map(({ lastMs }) => lastMs)),
    gaps: total(({ gaps }) => gaps),
    missing: total(({ missing }) => missing),
    impossible: total(({ impossible }) => impossible),
    jumps: total(({ jumps }) => jumps),
    revision: markets[0]?.revision ?? "",
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

export function shownOfBrowser(result: BrowserResult, set: CandleSet): Shown {
  const { curve: _, trades, ...rest } = result.description;
  const facts = [set, ...(set.others ?? [])].flatMap(
    ({ candles: { time }, dataRevision }, place) => {
      const found = result.certificates[place];
      return found
        ? [
            {
              ...found,
              rows: time.length,
              firstMs: time[0] ?? Number.NaN,
              lastMs: time[time.length - 1] ?? Number.NaN,
              revision: dataRevision,
            },
          ]
        : [];
    },
  );
  return {
    ...rest,
    origin: "browser",
    elapsedMs: result.elapsedMs,
    tradeCount: trades.length,
    trades,
    data: factsOf(facts),
  };
}

/** A metric by name; null where the run cannot give it. */
export const metricOf = (shown: Shown, name: MetricName): number | null =>
  shown.metrics[name] ?? null;
export const holdOf = (shown: Shown, name: MetricName): number | null =>
  shown.benchmark[name] ?? null;

/** How many orders were refused, and lines of a plan that were therefore never placed. */
export const refusals = ({ rejectedOrders, refusedLines = [] }: Shown): number =>
  Object.values(rejectedOrders).reduce((sum, times) => sum + times, refusedLines.length);
