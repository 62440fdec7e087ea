import type { BacktestDetail } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import type { StrategyVersion, StrategyView } from "@trading/contracts/strategies";
import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useCallback, useDeferredValue, useRef, useState } from "react";
import { useSplit } from "../../api/settings.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/feedback.tsx";
import { useMedia } from "../../ui/media.ts";
import { SplitPane } from "../../ui/split-pane.tsx";
import type { Selected, Stretch } from "./chart/selected.ts";
import { WorkbenchChart } from "./chart/workbench-chart.tsx";
import { WorkbenchPanel } from "./panel/workbench-panel.tsx";
import { WorkbenchHead } from "./result/workbench-head.tsx";
import type { WantedMarket } from "./search.ts";
import type { WorkbenchState } from "./state.ts";
import type { ResultTab } from "./tabs/result-tabs.tsx";
import { texts } from "./texts.ts";
import { useWorkbench } from "./use-workbench.ts";
import { WorkbenchBar } from "./workbench-bar.tsx";

// Below the chart: they come after the first paint.
const ResultTabs = lazy(() =>
  import("./tabs/result-tabs.tsx").then((module) => ({ default: module.ResultTabs })),
);

// On phones only, behind a button.
const BottomSheet = lazy(() =>
  import("./panel/bottom-sheet.tsx").then((module) => ({ default: module.BottomSheet })),
);

type ViewProps = Readonly<{
  initial: WorkbenchState;
  market: WantedMarket | null;
  backtest: BacktestDetail | null;
  strategies: readonly StrategyView[];
  older: StrategyVersion | null;
  series: readonly Series[];
}>;

/** The parts of the workbench and how they lie on desk and phone. */
export function WorkbenchView(props: ViewProps) {
  const workbench = useWorkbench(props);
  // Figures and chart come first, the tables below a moment later.
  const details = useDeferredValue(workbench);
  const [tab, setTab] = useState<ResultTab>("trades");
  const [selected, setSelected] = useState<Selected>(noTrade);
  const [split, setSplit] = useSplit("workbench-rows", 0.62);
  const [sheet, setSheet] = useState(props.market !== null);
  const isWide = useMedia("(min-width: 1024px)");
  const panel = (
    <WorkbenchPanel
      workbench={workbench}
      strategies={props.strategies}
      series={props.series}
      market={props.market}
    />
  );
  const { showMarket } = workbench;
  const trades = workbench.shown?.trades;
  // On a phone the chart may be scrolled away when something below it is chosen.
  const chartOfPhone = useRef<HTMLDivElement>(null);
  const lookAtChart = useCallback(
    () => chartOfPhone.current?.scrollIntoView({ block: "nearest" }),
    [],
  );
  const selectOnChart = useCallback((number: number) => {
    setSelected({ number, stretch: null, shown: 0 });
    setTab("trades");
  }, []);
  const selectInTable = useCallback(
    (number: number) => {
      const market = trades?.find((trade) => trade.number === number)?.market;
      if (market !== undefined) showMarket(market);
      setSelected(({ shown }) => ({ number, stretch: null, shown: shown + 1 }));
      lookAtChart();
    },
    [trades, showMarket, lookAtChart],
  );
  const showStretch = useCallback(
    (stretch: Stretch) => {
      if (stretch.market !== undefined) showMarket(stretch.market);
      setSelected(({ shown }) => ({ number: null, stretch, shown: shown + 1 }));
      lookAtChart();
    },
    [showMarket, lookAtChart],
  );
  const head = <WorkbenchHead workbench={workbench} onTrust={() => setTab("trust")} />;
  const chart = (
    <WorkbenchChart workbench={workbench} selected={selected} onSelect={selectOnChart} />
  );
  const tabs = (
    <Suspense fallback={<Skeleton className="m-2 h-6" />}>
      <ResultTabs
        workbench={details}
        tab={tab}
        onTab={setTab}
        selected={selected.number}
        onSelect={selectInTable}
        onStretch={showStretch}
      />
    </Suspense>
  );
  if (!isWide) {
    return (
      <div className="relative flex h-full flex-col">
        <WorkbenchBar workbench={workbench} />
        <div className="relative min-h-0 flex-1 overflow-auto">
          <div ref={chartOfPhone} className="h-[46dvh] min-h-72 border-b border-line">
            {chart}
          </div>
          {head}
          <div className="h-[70dvh]">{tabs}</div>
        </div>
        <div className="grid shrink-0 border-t border-line px-3 py-1.5">
          <Button
            look="primary"
            icon={<SlidersHorizontal size={16} />}
            onClick={() => setSheet(true)}
          >
            {texts.panel.openSheet}
          </Button>
        </div>
        {sheet && (
          <Suspense>
            <BottomSheet label={texts.panel.label} onClose={() => setSheet(false)}>
              {panel}
            </BottomSheet>
          </Suspense>
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

const noTrade: Selected = { number: null, stretch: null, shown: 0 };
