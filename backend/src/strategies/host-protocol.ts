import type { StrategyManifest } from "@trading/contracts/strategies";
import type {
  Columns,
  Detail,
  MarketInput,
  MarketRules,
  ParameterValues,
  RunDescription,
  RunSettings,
  StrategyCheck,
  StrategyDescription,
} from "@trading/engine";

/** What a strategy says of itself. */
export type Manifest = StrategyManifest;

/** One backtest as a strategy host is asked to run it. */
export type RunOrder = Readonly<{
  code: string;
  version: string;
  parameters: ParameterValues;
  market: MarketRules;
  timeframe: string;
  candles: Columns;
  dataRevision: string;
  /** Finer candles, where the settings ask for them. */
  detail?: Detail | undefined;
  /** Further markets in the same wallet. */
  others?: readonly MarketInput[];
  settings: RunSettings;
  /** Whether the result is explained by further runs as well. */
  isExplained?: boolean;
}>;

/** From the worker to its host, over the one pipe between them. */
export type HostOrder =
  | Readonly<{ kind: "describe"; code: string }>
  | Readonly<{
      kind: "run";
      run: RunOrder;
      /** A run that took longer is not explained, lest the further runs use up its time. */
      explainableMs: number;
    }>
  | Readonly<{
      kind: "check";
      run: RunOrder;
      /** After how many moments the future is replaced. */
      moments: number;
    }>;

/** A place in bundled code; line from 1, column from 0. */
export type CodePlace = Readonly<{ line: number; column: number }>;

/** From the host to its worker. What it says is strategy-made and not to be trusted. */
export type HostAnswer =
  | Readonly<{ kind: "progress"; share: number }>
  | Readonly<{ kind: "described"; manifest: StrategyDescription }>
  | Readonly<{ kind: "ran"; result: RunDescription }>
  | Readonly<{ kind: "checked"; result: StrategyCheck }>
  | Readonly<{ kind: "failed"; message: string; place: CodePlace | null; candleAt: number | null }>
  | Readonly<{ kind: "out-of-memory" }>;
