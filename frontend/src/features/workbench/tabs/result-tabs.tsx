import { lazy, memo, Suspense, useMemo } from "react";
import { useHiddenColumns } from "../../../api/settings.ts";
import { EmptyState, Skeleton } from "../../../ui/feedback.tsx";
import { ColumnsMenu, CsvButton } from "../../../ui/table-tools.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import type { Stretch } from "../chart/selected.ts";
import type { Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";
import type { Workbench } from "../use-workbench.ts";
import type { DetailTab } from "./detail.tsx";
import { TradesTab, tradeColumns } from "./trades-tab.tsx";

// Each behind its tab: what is not looked at is neither fetched nor drawn.
const Detail = lazy(() => import("./detail.tsx").then((module) => ({ default: module.Detail })));

const save = async (workbench: Workbench) =>
  (await import("./save-trades.ts")).saveTrades(workbench);

const refusedOf = (shown: Shown | null) =>
  Object.values(shown?.rejectedOrders ?? {}).reduce((sum, times) => sum + times, 0);

export type ResultTab = DetailTab | "trades";

type ResultTabsProps = Readonly<{
  workbench: Workbench;
  tab: ResultTab;
  onTab: (tab: ResultTab) => void;
  selected: number | null;
  onSelect: (number: number) => void;
  onStretch: (stretch: Stretch) => void;
}>;

/** The details of a result, below its chart. */
export const ResultTabs = memo(function ResultTabs(props: ResultTabsProps) {
  const { workbench, tab, onTab, selected, onSelect, onStretch } = props;
  const { shown, set, series } = workbench;
  const [hidden, setHidden] = useHiddenColumns("trades");
  const tick = workbench.furtherMarkets > 0 ? null : (set?.market.tick ?? null);
  const hasMarkets = workbench.furtherMarkets > 0;
  const { quote = "" } = series ?? {};
  const base = hasMarkets ? "" : (series?.base ?? "");
  const isDaily = workbench.state.timeframe === "1d" || workbench.state.timeframe === "1w";
  const isPerpetual = workbench.state.settings.perpetual !== undefined;
  const units = useMemo(
    () => ({ base, quote, tick, isDaily, isPerpetual, hasMarkets }),
    [base, quote, tick, isDaily, isPerpetual, hasMarkets],
  );
  const columns = useMemo(() => tradeColumns(units), [units]);
  const t = texts.tabs;
  const hasTrades = shown?.trades != null && shown.trades.length > 0;
  return (
    <Tabs<ResultTab>
      label={t.label}
      className="h-full"
      value={tab}
      onChange={onTab}
      tabs={[
        { name: "overview", label: t.overview },
        { name: "trades", label: t.trades, ...(shown && { count: shown.tradeCount }) },
        { name: "metrics", label: t.metrics },
        { name: "costs", label: t.costs },
        { name: "trust", label: t.trust },
      ]}
      actions={
        tab === "trades" &&
        hasTrades && (
          <>
            <ColumnsMenu columns={columns} hidden={hidden} onHidden={setHidden} />
            <CsvButton onSave={() => void save(workbench)} />
          </>
        )
      }
    >
      {shown === null && workbench.problem !== null ? (
        <EmptyState>{t.nothing}</EmptyState>
      ) : tab === "trades" ? (
        <TradesTab
          trades={shown?.trades ?? null}
          refused={refusedOf(shown)}
          units={units}
          hidden={hidden}
          selected={selected}
          onSelect={onSelect}
        />
      ) : (
        shown && (
          <Suspense fallback={<Skeleton className="m-4 h-6" />}>
            <Detail
              workbench={workbench}
              shown={shown}
              tab={tab}
              selected={selected}
              onTrade={onSelect}
              onStretch={onStretch}
            />
          </Suspense>
        )
      )}
    </Tabs>
  );
});
