import type {
  Columns,
  Detail,
  MarketRules,
  ParameterValues,
  Plot,
  RunDescription,
  RunSettings,
} from "@trading/engine";

/** Candles to run over, with all that the fingerprint says about them. */
export type CandleSet = Readonly<{
  candles: Columns;
  market: MarketRules;
  timeframe: string;
  dataRevision: string;
  /** The finer candles that these are made of, where the settings ask for them. */
  detail?: Detail;
}>;

/** One version of a strategy, as the server bundled it. */
export type Script = Readonly<{ name: string; version: string; code: string }>;

export type RunWish = Readonly<{ parameters: ParameterValues; settings: RunSettings }>;

/** To the worker. It keeps candles and script; a run names neither. */
export type ToWorker =
  | { kind: "candles"; set: CandleSet }
  | { kind: "script"; script: Script }
  | { kind: "run"; id: number; wish: RunWish };

export type BrowserResult = Readonly<{
  description: RunDescription;
  equity: Float64Array;
  plots: readonly Plot[];
  elapsedMs: number;
}>;

/** What went wrong in a run, in the same words and codes as the server's. */
export type RunProblem = Readonly<{ code: string; detail: string }>;

export type FromWorker =
  | { kind: "done"; id: number; result: BrowserResult }
  | { kind: "failed"; id: number; problem: RunProblem };
