import type { BacktestDetail, BacktestRequest } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import type { StrategyView } from "@trading/contracts/strategies";
import { timeframeMs } from "@trading/contracts/timeframes";
import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSplit } from "../../api/settings.ts";
import { navigate } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { EmptyState, Skeleton } from "../../ui/feedback.tsx";
import { money, number, percent, priceDecimals } from "../../ui/format.ts";
import { useMedia } from "../../ui/media.ts";
import { amountDecimals } from "../../ui/metric-text.ts";
import { ProblemView } from "../../ui/problem-view.tsx";
import { SplitPane } from "../../ui/split-pane.tsx";
import { PriceChart } from "./chart/price-chart.tsx";
import { BottomSheet } from "./panel/bottom-sheet.tsx";
import { SaveBox } from "./panel/save-box.tsx";
import { SettingsPanel } from "./panel/settings-panel.tsx";
import { ResultHead } from "./result/result-head.tsx";
import { RunProblemView } from "./result/run-problem-view.tsx";
import type { WorkbenchState } from "./state.ts";
import { requestOf } from "./state.ts";
import type { DetailTab } from "./tabs/result-tabs.tsx";
import { texts } from "./texts.ts";
import { type Saving, useSave } from "./use-save.ts";
import { useWorkbench, type Workbench } from "./use-workbench.ts";
import { WorkbenchBar } from "./workbench-bar.tsx";

// Below the chart and behind a button: they come after the first paint.
const ResultTabs = lazy(() =>
  import("./tabs/result-tabs.tsx").then((module) => ({ default: module.ResultTabs })),
);
const AnotherMarket = lazy(() =>
  import("./panel/another-market.tsx").then((module) => ({ default: module.AnotherMarket })),
);

type ViewProps = Readonly<{
  initial: WorkbenchState;
  backtest: BacktestDetail | null;
  strategies: readonly StrategyView[];
  series: readonly Series[];
}>;

/** The parts of the workbench and how they lie on desk and phone. */
export function WorkbenchView(props: ViewProps) {
  const workbench = useWorkbench(props);
  const [tab, setTab] = useState<DetailTab>("trades");
  const [selected, setSelected] = useState<Selected>(noTrade);
  const [split, setSplit] = useSplit("workbench-rows", 0.62);
  const [sheet, setSheet] = useState(false);
  const isWide = useMedia("(min-width: 1024px)");
  const panel = <Panel workbench={workbench} strategies={props.strategies} series={props.series} />;
  const selectOnChart = useCallback((number: number) => {
    setSelected({ number, shown: 0 });
    setTab("trades");
  }, []);
  const selectInTable = useCallback(
    (number: number) => setSelected((old) => ({ number, shown: old.shown + 1 })),
    [],
  );
  const head = <Head workbench={workbench} onTrust={() => setTab("trust")} />;
  const chart = <Chart workbench={workbench} selected={selected} onSelect={selectOnChart} />;
  const tabs = (
    <Suspense fallback={<Skeleton className="m-2 h-6" />}>
      <ResultTabs
        workbench={workbench}
        tab={tab}
        onTab={setTab}
        selected={selected.number}
        onSelect={selectInTable}
      />
    </Suspense>
  );
  if (!isWide) {
    return (
      <div className="relative flex h-full flex-col">
        <WorkbenchBar workbench={workbench} />
        <div className="min-h-0 flex-1 overflow-auto">
          <div className="h-[46dvh] min-h-72 border-b border-line">{chart}</div>
          {head}
          <div className="h-[70dvh]">{tabs}</div>
        </div>
        <Button
          look="primary"
          icon={<SlidersHorizontal size={16} />}
          className="absolute right-3 bottom-3 z-20 shadow-none"
          onClick={() => setSheet(true)}
        >
          {texts.panel.openSheet}
        </Button>
        {sheet && (
          <BottomSheet label={texts.panel.label} onClose={() => setSheet(false)}>
            {panel}
          </BottomSheet>
        )}
      </div>
    );
  }
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)_320px]">
      <WorkbenchBar workbench={workbench} />
      <div className="flex min-h-0 min-w-0 flex-col">
        {head}
        <SplitPane
          label={texts.chart.split}
          direction="rows"
          share={split}
          onShare={setSplit}
          min={0.25}
          max={0.85}
          className="flex-1"
          first={chart}
          second={tabs}
        />
      </div>
      <aside aria-label={texts.panel.label} className="min-h-0 border-l border-line bg-panel">
        {panel}
      </aside>
    </div>
  );
}

type Selected = Readonly<{ number: number | null; shown: number }>;
const noTrade: Selected = { number: null, shown: 0 };

function Head({ workbench, onTrust }: { workbench: Workbench; onTrust: () => void }) {
  const { state, strategy, series, shown, problem, error, isStale, retry } = workbench;
  if (error) return <ProblemView error={error} onRetry={retry} className="border-b border-line" />;
  if (problem) return <RunProblemView problem={problem} />;
  if (workbench.isEmpty) return null;
  if (!shown || !series) {
    return (
      <div
        className="flex h-18 shrink-0 items-center gap-6 border-b border-line px-3"
        aria-busy="true"
      >
        <Skeleton className="h-9 w-72" />
        <Skeleton className="h-9 flex-1" />
      </div>
    );
  }
  return (
    <div
      className={cx("shrink-0 transition-opacity duration-150", isStale && "opacity-60 delay-150")}
    >
      <ResultHead
        name={`${strategy.title}${numbersOf(strategy, state)}`}
        shown={shown}
        capital={state.settings.capital}
        quote={series.quote}
        timeframeMs={timeframeMs[state.timeframe]}
        isSynthetic={series.source === "synthetic"}
        onTrust={onTrust}
      />
    </div>
  );
}

/** The lengths a strategy is known by, as in "SMA crossover 10/30". */
function numbersOf(strategy: StrategyView, { parameters }: WorkbenchState): string {
  const lengths = Object.entries(strategy.parameters)
    .filter(([, { kind }]) => kind === "integer")
    .map(([name]) => parameters[name])
    .slice(0, 2);
  return lengths.length > 0 ? ` ${lengths.join("/")}` : "";
}

type ChartProps = { workbench: Workbench; selected: Selected; onSelect: (number: number) => void };

function Chart({ workbench, selected, onSelect }: ChartProps) {
  const { state, series, set, chartResult } = workbench;
  const tick = set?.market.tick ?? null;
  const lastClose = set?.candles.close.at(-1) ?? 0;
  const capital = state.settings.capital;
  const formats = useMemo(() => {
    const decimals = priceDecimals(tick, lastClose);
    return {
      price: (value: number) => number(value, { decimals }),
      money: (value: number) => money(value, { decimals: amountDecimals(capital) }),
      percent: (fraction: number) => percent(fraction),
    };
  }, [tick, lastClose, capital]);
  if (workbench.isEmpty) {
    return (
      <EmptyState
        className="content-center"
        action={
          <Button onClick={() => workbench.change({ from: null, to: null })}>
            {texts.states.noCandlesAction}
          </Button>
        }
      >
        {texts.states.noCandles}
      </EmptyState>
    );
  }
  return (
    <PriceChart
      title={`${series?.symbol ?? ""} ${set?.timeframe ?? state.timeframe}`}
      quote={series?.quote ?? ""}
      candles={set?.candles ?? null}
      timeframeMs={timeframeMs[(set?.timeframe ?? state.timeframe) as keyof typeof timeframeMs]}
      result={chartResult}
      formats={formats}
      selected={selected}
      onSelect={onSelect}
    />
  );
}

type PanelProps = {
  workbench: Workbench;
  strategies: readonly StrategyView[];
  series: readonly Series[];
};

function Panel({ workbench, strategies, series }: PanelProps) {
  const { state, strategy, shown, isStale } = workbench;
  const [isChoosing, setChoosing] = useState(false);
  const saving = useSave();
  const elsewhere = useSave();
  useOpenWhenDone(elsewhere.backtest);
  useForgotten(saving, state);
  const canSave = shown?.origin === "browser" && !isStale && !saving.isBusy;
  const runElsewhere = (wanted: Pick<BacktestRequest, "candles" | "timeframe" | "from">) =>
    elsewhere.save({ ...requestOf(state, { version: strategy.version }), ...wanted });
  return (
    <>
      <SettingsPanel
        state={state}
        strategy={strategy}
        strategies={strategies}
        series={series}
        quote={workbench.series?.quote ?? ""}
        onChange={workbench.change}
        onStrategy={workbench.chooseStrategy}
        onSeries={workbench.chooseSeries}
        onAnotherMarket={() => setChoosing(true)}
        footer={
          <SaveBox
            shown={shown}
            saving={elsewhere.isBusy || elsewhere.error ? elsewhere : saving}
            canSave={canSave}
            onSave={() =>
              shown &&
              saving.save(
                requestOf(state, {
                  version: strategy.version,
                  expectedFingerprint: shown.fingerprint,
                }),
              )
            }
          />
        }
      />
      {isChoosing && (
        <Suspense>
          <AnotherMarket
            timeframe={state.timeframe}
            busy={elsewhere.isBusy}
            onRun={(wanted) => {
              runElsewhere(wanted);
              setChoosing(false);
            }}
            onClose={() => setChoosing(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/** What the server said belongs to what was set then; with the next change it goes. */
function useForgotten(saving: Saving, state: WorkbenchState): void {
  const saidAbout = useRef(state);
  const { isBusy, forget } = saving;
  const differs = saving.backtest?.fingerprintAgrees === false;
  useEffect(() => {
    if (isBusy || saidAbout.current === state || differs) return;
    saidAbout.current = state;
    forget();
  }, [state, isBusy, differs, forget]);
}

/** A backtest on a market whose candles had to be fetched opens here as soon as it is done. */
function useOpenWhenDone(backtest: BacktestDetail | null): void {
  const id = backtest?.status === "done" ? backtest.id : null;
  useEffect(() => {
    if (id !== null) navigate({ to: "/workbench", search: { backtest: id } });
  }, [id]);
}
