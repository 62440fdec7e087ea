import type { BacktestDetail } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import type { StrategyVersion, StrategyView } from "@trading/contracts/strategies";
import { timeframeMs } from "@trading/contracts/timeframes";
import { type CandleCertificate, certify } from "@trading/engine";
import { useEffect, useMemo, useRef, useState } from "react";
import { useSettings } from "../../api/settings.ts";
import { chartResultOf } from "./chart/chart-result.ts";
import type { ChartResult } from "./chart/draw-result.ts";
import { type Shown, shownOfBrowser } from "./result/shown.ts";
import type { CandleSet, RunProblem, Script } from "./run/protocol.ts";
import { useBrowserRun } from "./run/use-browser-run.ts";
import { fitted, freshState, type WorkbenchState } from "./state.ts";
import { useInputs } from "./use-inputs.ts";
import { useStored } from "./use-stored.ts";

type Needs = Readonly<{
  initial: WorkbenchState;
  backtest: BacktestDetail | null;
  strategies: readonly StrategyView[];
  older: StrategyVersion | null;
  series: readonly Series[];
}>;

export type Workbench = Readonly<{
  state: WorkbenchState;
  /** The version that runs: the newest one, or the one that an opened backtest was made with. */
  strategy: StrategyVersion;
  isOlder: boolean;
  /** Whether the strategy still has a file. */
  isListed: boolean;
  series: Series | undefined;
  change: (change: Partial<WorkbenchState>) => void;
  chooseStrategy: (strategy: StrategyView) => void;
  takeNewest: () => void;
  chooseSeries: (series: Series) => void;
  /** The candles on the screen; those of the setting before while other ones load. */
  set: CandleSet | null;
  /** Whether the range that is set holds no candles. */
  isEmpty: boolean;
  shown: Shown | null;
  /** What can be said about the candles. */
  certificate: CandleCertificate | null;
  /** The stored backtest that is open, while nothing of it was changed. */
  stored: BacktestDetail | null;
  /** How many markets the stored backtest traded besides the one on the screen: only the server runs those. */
  furtherMarkets: number;
  script: Script | null;
  chartResult: ChartResult | null;
  /** Whether the result on the screen belongs to other settings than those set. */
  isStale: boolean;
  problem: RunProblem | null;
  error: unknown;
  retry: () => void;
}>;

/** The workbench without its looks: what is set, the candles and the run over them. */
export function useWorkbench(needs: Needs): Workbench {
  const { initial, backtest, strategies, older, series } = needs;
  const [state, setState] = useState(initial);
  const newest = strategies.find(({ name }) => name === state.strategy);
  const isOlder = older !== null && state.version === older.version;
  const strategy = isOlder ? older : (newest ?? (strategies[0] as StrategyView));
  const { candles, script, error, retry } = useInputs(state, strategy);
  const set = useLatest(candles);
  const wish = useMemo(
    () => ({ parameters: state.parameters, settings: state.settings }),
    [state.parameters, state.settings],
  );
  const isEmpty = candles !== null && candles.candles.time.length === 0;
  const opened = state === initial ? backtest : null;
  const furtherMarkets = furtherMarketsOf(opened);
  const run = useBrowserRun(isEmpty || furtherMarkets > 0 ? null : candles, script, wish);
  const certificate = useCertificate(set);
  const isOfSet = run !== null && run.set === set;
  const result = isOfSet && run.outcome.kind === "done" ? run.outcome.result : null;
  const computed = useMemo(
    () => (result && set && certificate ? shownOfBrowser(result, set, certificate) : null),
    [result, set, certificate],
  );
  const stored = useStored(opened, set);
  const shown = useLatest(computed ?? stored.shown);
  const drawn = useMemo(
    () => (result && set ? chartResultOf(result, set.candles) : null),
    [result, set],
  );
  useRemembered(state, state !== initial);
  const changes = useMemo(
    () => ({
      change: (change: Partial<WorkbenchState>) => setState((old) => ({ ...old, ...change })),
      chooseStrategy: (next: StrategyView) => setState((old) => withStrategy(old, next, series)),
      takeNewest: () => newest && setState((old) => withNewest(old, newest)),
      chooseSeries: (next: Series) =>
        setState((old) => freshRange({ ...old, ...keepTimeframe(next, strategy, old) })),
    }),
    [newest, strategy, series],
  );
  return {
    state,
    strategy,
    isOlder,
    isListed: newest !== undefined,
    series: series.find(({ id }) => id === state.seriesId),
    ...changes,
    set,
    isEmpty,
    shown,
    certificate,
    stored: opened,
    furtherMarkets,
    script,
    chartResult: drawn ?? stored.chartResult,
    isStale: stored.shown === null && (candles !== set || run?.outcome.wish !== wish),
    problem: run?.outcome.kind === "failed" ? run.outcome.problem : null,
    error,
    retry,
  };
}

const furtherMarketsOf = (backtest: BacktestDetail | null): number =>
  backtest?.candles.others?.length ?? 0;

/** The newest version with the values that it still knows and allows. */
function withNewest({ version: _, ...old }: WorkbenchState, newest: StrategyView): WorkbenchState {
  return { ...old, parameters: fitted(newest.parameters, old.parameters) };
}

const keepTimeframe = (series: Series, strategy: StrategyVersion, old: WorkbenchState) => {
  const { seriesId, timeframe } = freshState(strategy, series, { timeframe: old.timeframe });
  return { seriesId, timeframe };
};

/** Another series has other days, so a range chosen for the old one goes. */
const freshRange = (state: WorkbenchState): WorkbenchState => ({ ...state, from: null, to: null });

function withStrategy(
  old: WorkbenchState,
  next: StrategyView,
  series: readonly Series[],
): WorkbenchState {
  const over = series.find(({ id }) => id === old.seriesId);
  if (!over) return old;
  const { from, to, settings, timeframe } = old;
  return freshState(next, over, { from, to, settings, timeframe });
}

function useCertificate(set: CandleSet | null): CandleCertificate | null {
  return useMemo(
    () =>
      set ? certify(set.candles, timeframeMs[set.timeframe as keyof typeof timeframeMs]) : null,
    [set],
  );
}

/** The newest value that was not null. */
function useLatest<Value>(value: Value | null): Value | null {
  const latest = useRef(value);
  if (value !== null) latest.current = value;
  return latest.current;
}

/** Keeps what is set with the user's settings, well after the last move of a slider, and on leaving. */
function useRemembered(state: WorkbenchState, isChanged: boolean): void {
  const [, changeSettings] = useSettings();
  const waiting = useRef<WorkbenchState | null>(null);
  const save = useRef(() => {});
  save.current = () => {
    if (waiting.current) changeSettings({ workbench: waiting.current });
    waiting.current = null;
  };
  useEffect(() => {
    if (!isChanged) return;
    waiting.current = state;
    const timer = setTimeout(() => save.current(), 5_000);
    return () => clearTimeout(timer);
  }, [state, isChanged]);
  useEffect(() => () => save.current(), []);
}
