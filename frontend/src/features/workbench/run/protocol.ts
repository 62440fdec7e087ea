import type {
  CandleCertificate,
  Columns,
  Detail,
  MarketInput,
  MarketPlot,
  MarketRules,
  ParameterValues,
  Plot,
  PolicyRange,
  RunDescription,
  RunExplanation,
  RunSettings,
  StrategyCheck,
} from "@trading/engine";

/** Candles to run over, with all that the fingerprint says about them. */
export type CandleSet = Readonly<{
  candles: Columns;
  market: MarketRules;
  timeframe: string;
  dataRevision: string;
  /** The finer candles that these are made of, where the settings ask for them. */
  detail?: Detail;
  /** Further markets in the same wallet. */
  others?: readonly MarketInput[];
}>;

/** One of the markets of a run, with its candles. */
export type ChartedMarket = Pick<CandleSet, "candles" | "market" | "timeframe" | "dataRevision">;

/** One version of a strategy, as the server bundled it. */
export type Script = Readonly<{ name: string; version: string; code: string }>;

export type RunWish = Readonly<{ parameters: ParameterValues; settings: RunSettings }>;

/** To the worker. It keeps candles and script; a run names neither. */
export type ToWorker =
  | { kind: "candles"; set: CandleSet }
  | { kind: "script"; script: Script }
  | { kind: "run"; id: number; wish: RunWish }
  /** Runs it in other ways too, several times as long as it takes itself. */
  | { kind: "explain"; id: number; wish: RunWish }
  /** Runs it over changed candles, after so many moments, to see whether the strategy decides what it could not know. */
  | { kind: "check"; id: number; wish: RunWish; moments: number };

export type BrowserResult = Readonly<{
  description: RunDescription;
  equity: Float64Array;
  /** Each over the candles of its market, where there are several. */
  plots: readonly (Plot & Partial<Pick<MarketPlot, "market">>)[];
  /** Names of plots that are no prices. */
  plotsBelow: readonly string[];
  /** When candles closed, ms since epoch, where there are several markets: the equity counts these moments. */
  moments: Float64Array | null;
  elapsedMs: number;
  /** What can be said about the candles of each market, the first one first. */
  certificates: readonly CandleCertificate[];
  /** Whether the strategy decides over all markets of a wallet at once. */
  isOfWallet: boolean;
}>;

/** What takes further runs to know. */
export type BrowserExplanation = Readonly<{
  explanation: RunExplanation;
  policyRange: PolicyRange;
  /** Lowest and highest equity under any fill policy, counted as the equity; null where all are the same. */
  band: Readonly<{ low: Float64Array; high: Float64Array }> | null;
  /** As in the result. */
  moments: Float64Array | null;
}>;

/** What went wrong in a run, in the same words and codes as the server's. */
export type RunProblem = Readonly<{ code: string; detail: string }>;

export type FromWorker =
  | { kind: "done"; id: number; result: BrowserResult }
  | { kind: "explained"; id: number; explained: BrowserExplanation }
  | { kind: "checked"; id: number; check: StrategyCheck }
  | { kind: "failed"; id: number; problem: RunProblem };
