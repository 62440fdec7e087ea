import type { WalletLimits } from "./account.ts";
import type { PerpetualTerms } from "./perpetual.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Candles as columns of equal length, ordered by time; `time` is the open time in ms since epoch, UTC. Never changed once they
 * were handed to a run.
 */
export type Columns = Readonly<{
  time: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
}>;

/** The rules of a market; null where unknown: then nothing is rounded. */
export type MarketRules = Readonly<{
  symbol: string;
  tick: number | null;
  lot: number | null;
  notionalMin: number | null;
}>;

export type ParameterValues = Readonly<Record<string, number | boolean | string>>;

/**
 * Money and costs: capital in the quote currency, fees as fractions of notional, slippage against the order. What is left out
 * is off.
 */
export type RunSettings = Readonly<{
  capital: number;
  makerFee: number;
  takerFee: number;
  /** For the model `bps`. */
  slippageBps: number;
  /** The terms of the markets where they are linear perpetuals; left out: spot. */
  perpetual?: PerpetualTerms | undefined;
  /** What positions together may be; left out: as much as the funds carry. */
  limits?: WalletLimits | undefined;
}> &
  Partial<FillSettings>;

/** How orders meet candles. */
export type FillSettings = Readonly<{
  /** What is taken where a candle does not say what came first; see docs/engine.md. */
  fillPolicy: FillPolicy;
  /** `signal-close` fills market orders at the close that gave the signal: optimistic, because nobody can trade there. */
  fillOn: "next-candle" | "signal-close";
  /** `received` takes a buy's fee out of the coins bought, as spot exchanges do. */
  feeAsset: "quote" | "received";
  slippageModel: "bps" | "range" | "volume";
  /** Of the candle's range; the model `volume` multiplies it by the root of quantity over volume. */
  slippageShare: number;
  /** Orders together fill at most this share of a candle's volume; null fills all. */
  volumeShareMax: number | null;
  /** How long an order needs to arrive. */
  latencyCandles: number;
  latencyMs: number;
  /** Whether a description also tells what the other policies make of the run. */
  policyRange: boolean;
}>;

export type FillPolicy = "pessimistic" | "path" | "detail";

/** Finer candles, with the SHA-256 (hex) of their columns. */
export type Detail = Readonly<{ candles: Columns; timeframe: string; dataRevision: string }>;

/** Everything a run depends on; equal inputs give equal fingerprints on every machine. */
export type RunInput = Readonly<{
  strategy: Strategy;
  strategyVersion: string;
  parameters: ParameterValues;
  market: MarketRules;
  timeframe: string;
  candles: Columns;
  /** SHA-256 (hex) of the columns used, computed by the shell that loaded them. */
  dataRevision: string;
  settings: RunSettings;
  /** Finer candles of the same market, which the policy `detail` reads where an order could be touched. */
  detail?: Detail | undefined;
  /** Whether the lines that the strategy draws are kept; left out: they are. */
  isPlotted?: boolean;
  /**
   * Where the equity is written, if it is long enough. Whoever runs many backtests hands over the same memory each time and
   * is done with one result's `equity` before the next run.
   */
  equityMemory?: Float64Array;
  /** Called now and then with the share done, 0 to 1. Must not throw. */
  onProgress?: (share: number) => void;
}>;
