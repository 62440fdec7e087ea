import type { Timeframe } from "@trading/contracts/common";
import type { Market, SeriesDetail } from "@trading/contracts/market-data";
import type { Columns } from "@trading/engine";

/** What is known of a series before a backtest is made over it. */
export type SeriesFacts = Readonly<
  Pick<
    SeriesDetail,
    | "id"
    | "source"
    | "exchange"
    | "symbol"
    | "base"
    | "quote"
    | "timeframe"
    | "timeframes"
    | "first"
    | "last"
    | "rows"
  >
>;

/** What backtests need to know of candles when they are asked for. */
export type CandleCatalogue = Readonly<{
  /** A series the user may read: shared, or their own. */
  findSeries(userId: string, seriesId: string): Promise<SeriesFacts | null>;
  findMarket(exchange: string, symbol: string): Promise<Market | null>;
}>;

export type FetchProgress = (share: number, step: string) => Promise<void>;

/** What a run needs of candles. */
export type CandleSource = Readonly<{
  /** Brings what is missing of a market's candles; returns the series that has them. */
  ensureCandles(
    wanted: Readonly<{
      exchange: string;
      symbol: string;
      timeframe: Timeframe;
      from: Date | null;
      to: Date | null;
    }>,
    onProgress: FetchProgress,
    signal: AbortSignal,
  ): Promise<string>;
  loadSeries(userId: string, seriesId: string): Promise<LoadedSeries | null>;
  loadColumns(
    seriesId: string,
    range: Readonly<{ timeframe: Timeframe; fromMs: number; toMs: number }>,
  ): Promise<Columns>;
  revisionOf(columns: Columns): string;
}>;

export type LoadedSeries = Readonly<{ facts: SeriesFacts; market: Market | null }>;
