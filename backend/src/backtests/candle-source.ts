import type { Timeframe } from "@trading/contracts/common";
import type { Exchange, Market, Series } from "@trading/contracts/market-data";
import type { Columns } from "@trading/engine";

/** What backtests need to know of candles when they are asked for. */
export type CandleCatalogue = Readonly<{
  /** A series the user may read: shared, or their own. */
  findSeries(userId: string, seriesId: string): Promise<Series | null>;
  findExchange(exchange: string): Promise<Exchange | null>;
  findMarket(exchange: string, symbol: string): Promise<Market | null>;
}>;

type Range = Readonly<{ timeframe: Timeframe; fromMs: number; toMs: number }>;
type Wanted = Readonly<{
  exchange: string;
  symbol: string;
  timeframe: Timeframe;
  fromMs: number | null;
  toMs: number | null;
}>;
type Watch = Readonly<{
  signal: AbortSignal;
  onProgress(progress: { share: number }): void;
}>;

/** What a run needs of candles. */
export type CandleSource = Readonly<{
  /** Brings what is missing of a market's candles; tells the series that has them. */
  ensureCandles(wanted: Wanted, watch: Watch): Promise<{ seriesId: string }>;
  findMarket(exchange: string, symbol: string): Promise<Market | null>;
  /** Candles of a series the user may read; throws `not-found`. */
  load(
    userId: string,
    seriesId: string,
    range: Range,
  ): Promise<Readonly<{ series: Series; columns: Columns }>>;
  revisionOf(columns: Columns): string;
}>;
