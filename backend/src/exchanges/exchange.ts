import type { Timeframe } from "@trading/contracts/common";
import type { MarketPrice } from "@trading/contracts/live-markets";
import type { Market } from "@trading/contracts/market-data";
import { PlatformError } from "../platform/errors.ts";

export type CandleRequest = Readonly<{
  symbol: string;
  timeframe: Timeframe;
  /** The open time of the first candle wanted. */
  fromMs: number;
}>;

/** `[time, open, high, low, close, volume]`, time in ms, ordered. */
export type CandleRow = readonly [number, number, number, number, number, number];

/** What we need of an exchange; every call ends by its own deadline and throws `ExchangeUnavailable`. */
export type Exchange = Readonly<{
  id: string;
  /** Spot markets and linear perpetuals with their rules. */
  readMarkets(signal: AbortSignal): Promise<Market[]>;
  /** Candles from a time on, at most `pageCandles` of them; none where it has none. */
  readCandles(request: CandleRequest, signal: AbortSignal): Promise<CandleRow[]>;
  pageCandles(symbol: string): number;
  /** Last prices of all its markets at once; none where it has no such request. */
  readPrices(signal: AbortSignal): Promise<MarketPrice[]>;
}>;

export type Exchanges = Readonly<{
  /** Throws `unknown-market` for an exchange that is not supported. */
  open(id: string): Promise<Exchange>;
}>;

/** The exchange did not answer as it should; `isPassing` when trying again may help. */
export class ExchangeUnavailable extends PlatformError {
  readonly isPassing: boolean;

  constructor(detail: string, isPassing: boolean, retryAfter?: number) {
    super("exchange-unavailable", detail, retryAfter === undefined ? {} : { retryAfter });
    this.name = "ExchangeUnavailable";
    this.isPassing = isPassing;
  }
}
