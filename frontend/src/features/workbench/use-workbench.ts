import type { BacktestDetail } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import type { StrategyVersion, StrategyView } from "@trading/contracts/strategies";
import type { CandleCertificate } from "@trading/engine";
import { useEffect, useMemo, useRef, useState } from "react";
import { useSettings } from "../../api/settings.ts";
import type { Drawing } from "./chart/chart-result.ts";
import { type Shown, shownOfBrowser } from "./result/shown.ts";
import type {
  BrowserResult,
  CandleSet,
  ChartedMarket,
  RunProblem,
  Script,
} from "./run/protocol.ts";
import { type CurrentRun, useBrowserRun } from "./run/use-browser-run.ts";
import { fitted, freshState, type WorkbenchState, withFittedOthers } from "./state.ts";
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
  /** Whether what is set gives no result: a run that failed, or no candles. What was shown before belongs to other settings. */
  hasNone: boolean;
  /** What can be said about the candles of each market; empty until the browser has run over them. */
  certificates: readonly MarketCertificate[];
  /** The stored backtest that is open, while nothing of it was changed. */
  stored: BacktestDetail | null;
  /** How many markets share the wallet with the first one. */
  furtherMarkets: number;
  /** Whether the strategy decides over all markets of a wallet at once, so that one alone gives it little to choose. */
  isOfWallet: boolean;
  /** The market whose candles the chart draws. */
  charted: ChartedMarket | null;
  /** Draws another market of the wallet, by its symbol. */
  showMarket: (symbol: string) => void;
  script: Script | null;
  drawing: Drawing | null;
  /** Whether the result on the screen belongs to other settings than those set. */
  isStale: boolean;
  problem: RunProblem | null;
  error: unknown;
  retry: () => void;
}>;

/** What can be said about the candles of a market; without its name where it is the only one. */
export type MarketCertificate = CandleCertificate & Readonly<{ market?: string | undefined }>;

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
  const run = useBrowserRun(isEmpty ? null : candles, script, wish);
  const { charted, showMarket } = useCharted(set);
  const result = resultOf(run, set);
  const computed = useMemo(
    () => (result && set ? shownOfBrowser(result, set) : null),
    [result, set],
  );
  const stored = useStored(opened, charted);
  const latest = useLatest(computed ?? stored.shown);
  const hasNone = stored.shown === null && (isEmpty || error !== null || problemOf(run) !== null);
  const drawing = useMemo<Drawing | null>(
    () => result && set && { kind: "run", result, isOfSeveral: set.others !== undefined },
    [result, set],
  );
  useRemembered(state, state !== initial);
  const changes = useMemo(
    () => ({
      change: (change: Partial<WorkbenchState>) => setState((old) => changed(old, change, series)),
      chooseStrategy: (next: StrategyView) => setState((old) => withStrategy(old, next, series)),
      takeNewest: () => newest && setState((old) => withNewest(old, newest)),
      chooseSeries: (next: Series) =>
        setState((old) =>
          withFittedOthers(freshRange({ ...old, ...keepTimeframe(next, strategy, old) }), series),
        ),
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
    shown: hasNone ? null : latest,
    hasNone,
    certificates: certificatesOf(result, set),
    stored: opened,
    furtherMarkets: state.others?.length ?? 0,
    isOfWallet: result?.isOfWallet ?? false,
    charted,
    showMarket,
    script,
    drawing: drawing ?? stored.drawing,
    isStale: stored.shown === null && (candles !== set || run?.outcome.wish !== wish),
    problem: problemOf(run),
    error,
    retry,
  };
}

/** Another timeframe may be one that not all markets have. */
const changed = (
  old: WorkbenchState,
  change: Partial<WorkbenchState>,
  series: readonly Series[],
): WorkbenchState =>
  change.timeframe || change.others
    ? withFittedOthers({ ...old, ...change }, series)
    : { ...old, ...change };

/** The market that the chart draws: the first of the wallet until another one is chosen. */
function useCharted(set: CandleSet | null) {
  const [symbol, showMarket] = useState<string | null>(null);
  const charted = useMemo<ChartedMarket | null>(
    () => set?.others?.find(({ market }) => market.symbol === symbol) ?? set,
    [set, symbol],
  );
  return { charted, showMarket };
}

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
  const { from, to, settings, timeframe, others } = old;
  const wanted = { from, to, settings, timeframe, ...(others && { others }) };
  return withFittedOthers(freshState(next, over, wanted), series);
}

const resultOf = (run: CurrentRun | null, set: CandleSet | null) =>
  run !== null && run.set === set && run.outcome.kind === "done" ? run.outcome.result : null;

function certificatesOf(result: BrowserResult | null, set: CandleSet | null): MarketCertificate[] {
  if (!result || !set) return [];
  const { certificates } = result;
  if (!set.others) return [...certificates];
  const markets = [set, ...set.others];
  return certificates.map((one, i) => ({ ...one, market: markets[i]?.market.symbol }));
}

const problemOf = (run: CurrentRun | null) =>
  run?.outcome.kind === "failed" ? run.outcome.problem : null;

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
