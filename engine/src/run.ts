import type { Columns, Detail } from "./columns.ts";
import type { IndicatorMemory } from "./indicator-memory.ts";
import type { ParameterValues } from "./parameters.ts";
import type { MarketRules, RunSettings } from "./run-settings.ts";
import type { Strategy } from "./strategy.ts";

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
   * Whether the equity of every candle is worked out along the run; left out: it is. Else it is once it is asked for, which
   * spares a sweep that looks at the end alone.
   */
  isEquityDrawn?: boolean;
  /**
   * Where the equity is written, if it is long enough. Whoever runs many backtests hands over the same memory each time and
   * is done with one result's `equity` before the next run.
   */
  equityMemory?: Float64Array;
  /** Indicators that other runs over these candles computed; what this one computes is left there. */
  indicatorMemory?: IndicatorMemory | undefined;
  /** Called now and then with the share done, 0 to 1. Must not throw. */
  onProgress?: (share: number) => void;
}>;
