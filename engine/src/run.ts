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

/** Money and costs: capital in the quote currency, fees as fractions of notional, slippage against the order. */
export type RunSettings = Readonly<{
  capital: number;
  makerFee: number;
  takerFee: number;
  slippageBps: number;
}>;

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
