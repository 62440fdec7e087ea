import { useQuery } from "@tanstack/react-query";
import { memo, useMemo } from "react";
import { siteQuery } from "../../../api/queries.ts";
import { useHiddenColumns } from "../../../api/settings.ts";
import { csv, saveText } from "../../../ui/csv.ts";
import { ColumnsMenu, CsvButton } from "../../../ui/table-tools.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import { seriesName } from "../panel/candles-form.tsx";
import type { RunTrade } from "../result/shown.ts";
import { texts } from "../texts.ts";
import type { Workbench } from "../use-workbench.ts";
import { CostsTab } from "./costs-tab.tsx";
import { MetricsTab } from "./metrics-tab.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { TradesTab, type TradeUnits, tradeColumns } from "./trades-tab.tsx";
import { TrustTab } from "./trust-tab.tsx";

export type DetailTab = "overview" | "trades" | "metrics" | "costs" | "trust";

type ResultTabsProps = Readonly<{
  workbench: Workbench;
  tab: DetailTab;
  onTab: (tab: DetailTab) => void;
  selected: number | null;
  onSelect: (number: number) => void;
}>;

/** The details of a result, below its chart. */
export const ResultTabs = memo(function ResultTabs(props: ResultTabsProps) {
  const { workbench, tab, onTab, selected, onSelect } = props;
  const { shown, set, series } = workbench;
  const [hidden, setHidden] = useHiddenColumns("trades");
  const tick = set?.market.tick ?? null;
  const { base = "", quote = "" } = series ?? {};
  const isDaily = workbench.state.timeframe === "1d" || workbench.state.timeframe === "1w";
  const units = useMemo(() => ({ base, quote, tick, isDaily }), [base, quote, tick, isDaily]);
  const columns = useMemo(() => tradeColumns(units), [units]);
  const t = texts.tabs;
  const hasTrades = shown?.trades != null && shown.trades.length > 0;
  return (
    <Tabs<DetailTab>
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
            <CsvButton onSave={() => saveTrades(workbench, units)} />
          </>
        )
      }
    >
      {tab === "trades" ? (
        <TradesTab
          trades={shown?.trades ?? null}
          units={units}
          hidden={hidden}
          selected={selected}
          onSelect={onSelect}
        />
      ) : (
        shown && <Detail workbench={workbench} tab={tab} />
      )}
    </Tabs>
  );
});

function Detail({ workbench, tab }: { workbench: Workbench; tab: Exclude<DetailTab, "trades"> }) {
  const { shown, set, chartResult, series, strategy, state } = workbench;
  const notice = useQuery(siteQuery).data?.hypotheticalNotice ?? texts.trust.notice;
  if (!shown) return null;
  const quote = series?.quote ?? "";
  const { capital } = state.settings;
  switch (tab) {
    case "overview":
      return (
        <OverviewTab
          shown={shown}
          quote={quote}
          capital={capital}
          time={chartResult && set ? set.candles.time : null}
          // A stored curve has too few points for exact months.
          equity={shown.origin === "browser" ? (chartResult?.equity ?? null) : null}
        />
      );
    case "metrics":
      return <MetricsTab shown={shown} quote={quote} />;
    case "costs":
      return <CostsTab shown={shown} quote={quote} capital={capital} />;
    case "trust":
      return (
        <TrustTab
          shown={shown}
          version={strategy.version}
          source={sourceText(series)}
          notice={notice}
        />
      );
  }
}

function sourceText(series: Workbench["series"]): string {
  if (!series) return "";
  return series.source === "synthetic" ? texts.synthetic : seriesName(series);
}

const csvFields = [
  "number",
  "side",
  "quantity",
  "entryAt",
  "entryPrice",
  "exitAt",
  "exitPrice",
  "fees",
  "pnl",
  "pnlShare",
  "entryReason",
  "exitReason",
  "mae",
  "mfe",
  "stopPrice",
  "targetPrice",
  "candles",
] as const satisfies readonly (keyof RunTrade)[];

/** Saves the trades on the screen under the names of the API; instants as ISO 8601. */
function saveTrades({ shown, series, strategy, state }: Workbench, units: TradeUnits): void {
  const rows = (shown?.trades ?? []).map((trade) =>
    csvFields.map((field) =>
      field === "entryAt" || field === "exitAt"
        ? new Date(trade[field]).toISOString()
        : trade[field],
    ),
  );
  const symbol = (series?.symbol ?? units.base).replaceAll("/", "-");
  saveText(`${strategy.name}_${symbol}_${state.timeframe}_trades.csv`, csv(csvFields, rows));
}
