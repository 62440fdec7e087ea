import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import type { Market } from "@trading/contracts/market-data";
import { candleStart } from "@trading/engine";
import { and, eq } from "drizzle-orm";
import {
  type CandleRow,
  type Exchange,
  type Exchanges,
  ExchangeUnavailable,
} from "../exchanges/exchange.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Database } from "../platform/postgres.ts";
import type { CandleCache } from "./candle-cache.ts";
import { coarserTimeframes } from "./candle-store.ts";
import { columnsFromRows } from "./columns.ts";
import type { MarketStore } from "./market-store.ts";
import { series, type TimeSpan } from "./schema.ts";
import { certifySeries, findOrMakeSeries, missingSpans, recordDownloaded } from "./series-store.ts";

export type FetchNeeds = Readonly<{
  database: Database;
  cache: CandleCache;
  markets: MarketStore;
  exchanges: Exchanges;
  now(): number;
  /** Waits, or rejects when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}>;

export type CandlesWanted = Readonly<{
  exchange: string;
  symbol: string;
  timeframe: Timeframe;
  /** Null: as many as a first look needs. */
  fromMs: number | null;
  /** Null: until now. */
  toMs: number | null;
}>;

type Watch = Readonly<{
  signal: AbortSignal;
  onProgress(progress: {
    share: number;
    step: string;
    remainingMs: number | null;
    rows: number;
  }): void;
}>;

const firstLookCandles = 20_000;
const firstLookMsMax = 3 * 365 * 86_400_000;
const triesMax = 6;
const waitMsMax = 120_000;

/**
 * Makes sure that a market's candles are stored, and tells in which series. What is there is not asked for
 * again; what is missing comes page by page and is stored page by page, so that stopping loses nothing.
 * Throws `unknown-market`, `exchange-unavailable` or `no-candles`; the signal's reason when it is aborted.
 */
export async function ensureCandles(
  needs: FetchNeeds,
  wanted: CandlesWanted,
  watch: Watch,
): Promise<{ seriesId: string; rows: number }> {
  const span = spanOf(wanted, needs.now());
  const stored = await findCovering(needs, wanted, span);
  if (stored !== null) return { seriesId: stored, rows: 0 };

  watch.onProgress({ share: 0, step: "Reading the market's rules", remainingMs: null, rows: 0 });
  const market = await getMarket(needs, wanted, watch.signal);
  const timeframe = fetchedTimeframe(market, wanted.timeframe);
  const exchange = await needs.exchanges.open(wanted.exchange);
  const seriesId = await findOrMakeSeries(needs.database.db, {
    source: "exchange",
    exchange: wanted.exchange,
    symbol: market.symbol,
    base: market.base,
    quote: market.quote,
    timeframe,
  });
  const [row] = await needs.database.db
    .select({ fetched: series.fetched })
    .from(series)
    .where(eq(series.id, seriesId));
  const fetched = row?.fetched ?? [];
  const rows = await fetchSpans(
    needs,
    { exchange, seriesId, symbol: market.symbol, timeframe },
    missingSpans(span, fetched),
    watch,
  ).catch((error) => {
    throw tellWhatIsStored(error, fetched, span);
  });
  await certifySeries(needs, seriesId);
  return { seriesId, rows };
}

/** A silent exchange with the way out: the part of the wanted span that needs none. */
function tellWhatIsStored(
  error: unknown,
  fetched: readonly TimeSpan[],
  [from, to]: TimeSpan,
): unknown {
  if (!(error instanceof ExchangeUnavailable)) return error;
  const usable = fetched.find(([start, end]) => start < to && end > from);
  if (usable === undefined) return error;
  const [first, last] = [Math.max(from, usable[0]), Math.min(to, usable[1])].map((ms) =>
    new Date(ms).toISOString().slice(0, 16),
  );
  const wayOut = `Candles from ${first} to ${last} UTC are stored: choose a range inside to do without the exchange.`;
  return new ExchangeUnavailable(`${error.message} ${wayOut}`, error.isPassing, error.retryAfter);
}

/** From and to on the grid of the timeframe; a candle still forming is not part of it. */
function spanOf({ timeframe, fromMs, toMs }: CandlesWanted, nowMs: number): TimeSpan {
  const step = timeframeMs[timeframe];
  const closed = candleStart(nowMs, step);
  const to = toMs === null ? closed : Math.min(closed, Math.ceil(toMs / step) * step);
  const from = candleStart(fromMs ?? to - Math.min(firstLookMsMax, firstLookCandles * step), step);
  if (from < to) return [from, to];
  throw new PlatformError("no-candles", "The range holds no closed candle.");
}

/** A series of the market, of this timeframe or a finer one, that holds the whole span; the coarsest. */
async function findCovering(
  { database }: FetchNeeds,
  { exchange, symbol, timeframe }: CandlesWanted,
  span: TimeSpan,
): Promise<string | null> {
  const rows = await database.db
    .select({ id: series.id, timeframe: series.timeframe, fetched: series.fetched })
    .from(series)
    .where(
      and(eq(series.source, "exchange"), eq(series.exchange, exchange), eq(series.symbol, symbol)),
    );
  const covering = rows
    .filter((row) => coarserTimeframes(row.timeframe as Timeframe).includes(timeframe))
    .filter((row) => missingSpans(span, row.fetched).length === 0)
    .sort((a, b) => timeframeMs[b.timeframe as Timeframe] - timeframeMs[a.timeframe as Timeframe]);
  return covering[0]?.id ?? null;
}

async function getMarket(
  needs: FetchNeeds,
  wanted: CandlesWanted,
  signal: AbortSignal,
): Promise<Market> {
  const known = await needs.markets.find(wanted.exchange, wanted.symbol);
  if (known !== null) return known;
  await refreshMarkets(needs, wanted.exchange, signal);
  const found = await needs.markets.find(wanted.exchange, wanted.symbol);
  if (found !== null) return found;
  throw new PlatformError("unknown-market", `${wanted.exchange} has no market ${wanted.symbol}.`);
}

/** Reads the exchange's markets and stores them; a failure is kept for the user to see, and thrown. */
export async function refreshMarkets(
  needs: Pick<FetchNeeds, "exchanges" | "markets" | "now">,
  exchangeId: string,
  signal: AbortSignal,
): Promise<void> {
  const exchange = await needs.exchanges.open(exchangeId);
  try {
    const list = await exchange.readMarkets(signal);
    await needs.markets.recordMarkets(exchangeId, list, new Date(needs.now()));
  } catch (error) {
    if (error instanceof PlatformError)
      await needs.markets.recordProblem(exchangeId, error.message);
    throw error;
  }
}

function fetchedTimeframe(market: Market, wanted: Timeframe): Timeframe {
  const fitting = market.timeframes
    .filter((name) => timeframeMs[wanted] % timeframeMs[name] === 0)
    .sort((a, b) => timeframeMs[b] - timeframeMs[a]);
  const best = fitting[0];
  if (best !== undefined) return best;
  throw new PlatformError(
    "no-candles",
    `${market.exchange} has no candles from which ${wanted} can be made.`,
  );
}

type Source = Readonly<{
  exchange: Exchange;
  seriesId: string;
  symbol: string;
  timeframe: Timeframe;
}>;

async function fetchSpans(
  needs: FetchNeeds,
  source: Source,
  spans: readonly TimeSpan[],
  watch: Watch,
): Promise<number> {
  const totalMs = spans.reduce((sum, [from, to]) => sum + to - from, 0);
  const startedAt = needs.now();
  let doneMs = 0;
  let rows = 0;
  for (const [from, to] of spans) {
    for (let at = from; at < to; ) {
      const page = await fetchPage(needs, source, [at, to], watch.signal);
      const written = await recordDownloaded(
        needs.database,
        source.seriesId,
        columnsFromRows(page.rows),
        [at, page.until],
      );
      rows += written.added + written.corrected;
      doneMs += page.until - at;
      at = page.until;
      const share = doneMs / totalMs;
      const remainingMs = Math.round(((needs.now() - startedAt) / share) * (1 - share));
      const step = `Fetching candles: ${new Date(at).toISOString().slice(0, 10)}`;
      watch.onProgress({ share, step, remainingMs, rows });
    }
  }
  return rows;
}

type Page = { rows: CandleRow[]; until: number };

/** One page and until where it reaches; trouble that may pass is waited out. */
async function fetchPage(
  needs: FetchNeeds,
  { exchange, symbol, timeframe }: Source,
  [from, to]: TimeSpan,
  signal: AbortSignal,
): Promise<Page> {
  for (let tries = 1; ; tries++) {
    try {
      const rows = await exchange.readCandles({ symbol, timeframe, fromMs: from }, signal);
      return pageOf(rows, [from, to], timeframeMs[timeframe], exchange.pageCandles(symbol));
    } catch (error) {
      const mayPass = error instanceof ExchangeUnavailable && error.isPassing;
      if (!mayPass || tries === triesMax) throw error;
      const waitMs = (error.retryAfter ?? 0.5 * 2 ** tries) * 1_000;
      await needs.wait(Math.min(waitMs, waitMsMax), signal);
    }
  }
}

/**
 * Keeps what belongs to the span and can be stored. The page reaches to its last candle, or as far as one
 * page can when it is empty, and never beyond the span.
 */
function pageOf(
  rows: readonly CandleRow[],
  [from, to]: TimeSpan,
  step: number,
  pageCandles: number,
): Page {
  const byTime = new Map<number, CandleRow>();
  for (const row of rows) {
    const [time] = row;
    const isWanted = time >= from && time < to && candleStart(time, step) === time;
    if (isWanted && isStorable(row)) byTime.set(time, row);
  }
  const kept = [...byTime.values()].sort((a, b) => a[0] - b[0]);
  const last = kept[kept.length - 1];
  const until = last === undefined ? from + pageCandles * step : last[0] + step;
  return { rows: kept, until: Math.min(to, until) };
}

const isStorable = ([, open, high, low, close, volume]: CandleRow): boolean =>
  Math.min(open, low, close) > 0 &&
  high >= low &&
  volume >= 0 &&
  Number.isFinite(high + open + close + volume);
