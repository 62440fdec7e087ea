import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import type { Series } from "@trading/contracts/market-data";
import type { Detail } from "@trading/engine";
import { PlatformError } from "../platform/errors.ts";
import type { CandleSource } from "./candle-source.ts";
import type { ClaimedBacktest } from "./queue.ts";

type Needs = Readonly<{ candles: CandleSource }>;
type Asked = Pick<
  ClaimedBacktest,
  "userId" | "settings" | "timeframe" | "candles" | "fromAt" | "toAt"
>;
type Watch = Parameters<CandleSource["ensureCandles"]>[1];

const hour = 3_600_000;

/** As many finer candles a policy range reads at most: over a year of minutes. */
const rangeRowsMax = 600_000;

/** The finer timeframe that a market is asked for: fine enough to tell what came first, and not more to fetch than that. */
export function finerOf(timeframe: Timeframe): Timeframe {
  const ms = timeframeMs[timeframe];
  if (ms <= hour) return "1m";
  return ms <= 24 * hour ? "5m" : "1h";
}

/**
 * The finer candles that a backtest's policy reads: those that its series is made of, else those of the market. A policy
 * range takes them where they are stored and does without elsewhere. Throws `no-candles` where `detail` has none.
 */
export async function detailOf(
  needs: Needs,
  row: Asked,
  series: Series,
  watch: Watch,
): Promise<Detail | undefined> {
  const { fillPolicy, policyRange } = row.settings;
  const fromMs = row.fromAt?.getTime() ?? null;
  const toMs = row.toAt?.getTime() ?? null;
  const load = async (seriesId: string, timeframe: Timeframe): Promise<Detail> => {
    const from = fromMs ?? Number.NEGATIVE_INFINITY;
    const to = toMs ?? Number.POSITIVE_INFINITY;
    const range = { timeframe, fromMs: from, toMs: to };
    const { columns } = await needs.candles.load(row.userId, seriesId, range);
    return { candles: columns, timeframe, dataRevision: needs.candles.revisionOf(columns) };
  };
  if (fillPolicy !== "detail" && !policyRange) return undefined;
  const isDetailed = fillPolicy === "detail";
  if (series.timeframe !== row.timeframe)
    return isDetailed || rowsOf(series, fromMs, toMs) <= rangeRowsMax
      ? load(series.id, series.timeframe)
      : undefined;
  if (!isDetailed) return undefined;
  const timeframe = finerOf(row.timeframe);
  if (row.candles.kind === "series" || timeframe === row.timeframe) throw noneFiner(row.timeframe);
  const { exchange, symbol } = row.candles;
  const wanted = { exchange, symbol, timeframe, fromMs, toMs };
  const { seriesId } = await needs.candles.ensureCandles(wanted, watch);
  return load(seriesId, timeframe);
}

/** How many candles of its own a series has in a range, gaps counted as if they were there. */
function rowsOf({ first, last, timeframe }: Series, fromMs: number | null, toMs: number | null) {
  const from = Math.max(fromMs ?? 0, first === null ? 0 : Date.parse(first));
  const to = Math.min(toMs ?? Number.POSITIVE_INFINITY, last === null ? 0 : Date.parse(last));
  return Math.max(0, to - from) / timeframeMs[timeframe];
}

/** What to say where the policy `detail` was asked for and there is nothing finer. */
export const noneFiner = (timeframe: string) =>
  new PlatformError(
    "no-candles",
    `The fill policy detail reads candles finer than ${timeframe}, and there are none.`,
  );
