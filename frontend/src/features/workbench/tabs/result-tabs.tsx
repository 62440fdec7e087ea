import { lazy, memo, Suspense, useMemo } from "react";
import { useHiddenColumns } from "../../../api/settings.ts";
import { EmptyState, Skeleton } from "../../../ui/feedback.tsx";
import { ColumnsMenu, CsvButton } from "../../../ui/table-tools.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import type { Stretch } from "../chart/selected.ts";
import type { RunTrade } from "../result/shown.ts";
import { isOfSeveral } from "../result/trade-fills.ts";
import { texts } from "../texts.ts";
import type { Workbench } from "../use-workbench.ts";
import type { DetailTab } from "./detail.tsx";
import { noTrades } from "./no-trades.ts";
import { TradeFilterMenu } from "./trade-filter.tsx";
import { useTradeList } from "./trade-list.ts";
import type { TradeUnits } from "./trade-units.ts";
import { TradesTab, tradeColumns } from "./trades-tab.tsx";

// Each behind its tab: what is not looked at is neither fetched nor drawn.
const Detail = lazy(() => import("./detail.tsx").then((module) => ({ default: module.Detail })));

const save = async (workbench: Workbench, trades: readonly RunTrade[]) =>
  (await import("./save-trades.ts")).saveTrades(workbench, trades);

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
  const { shown } = workbench;
  const [hidden, setHidden] = useHiddenColumns("trades");
  const units = useUnits(workbench);
  const columns = useMemo(() => tradeColumns(units), [units]);
  const t = texts.tabs;
  const list = useTradeList(shown?.trades ?? null);
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
            <TradeFilterMenu trades={shown.trades} list={list} />
            <ColumnsMenu columns={columns} hidden={hidden} onHidden={setHidden} />
            <CsvButton onSave={() => void save(workbench, list.matching ?? [])} />
          </>
        )
      }
    >
      {workbench.hasNone ? (
        <EmptyState>{t.nothing}</EmptyState>
      ) : tab === "trades" ? (
        <TradesTab
          workbench={workbench}
          list={list}
          empty={shown ? noTrades(shown) : ""}
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

/** What the trades on the screen are counted in. */
function useUnits({ furtherMarkets, set, series, state, shown }: Workbench): TradeUnits {
  const hasMarkets = furtherMarkets > 0;
  const tick = hasMarkets ? null : (set?.market.tick ?? null);
  const base = hasMarkets ? "" : (series?.base ?? "");
  const { quote = "" } = series ?? {};
  const isDaily = state.timeframe === "1d" || state.timeframe === "1w";
  const isPerpetual = state.settings.perpetual !== undefined;
  const trades = shown?.trades;
  const hasSeveral = useMemo(() => trades?.some(isOfSeveral) ?? false, [trades]);
  return useMemo(
    () => ({ base, quote, tick, isDaily, isPerpetual, hasMarkets, hasSeveral }),
    [base, quote, tick, isDaily, isPerpetual, hasMarkets, hasSeveral],
  );
}
