import { useQuery } from "@tanstack/react-query";
import type { BacktestDetail } from "@trading/contracts/backtests";
import { type MetricName, metricConventions } from "@trading/engine";
import { useEffect, useMemo, useState } from "react";
import { compareQuery, strategiesQuery } from "../../api/queries.ts";
import { useSettings } from "../../api/settings.ts";
import { Link, pageAddress } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { plotColours, readChartTheme } from "../../ui/chart-theme.ts";
import { cx } from "../../ui/cx.ts";
import { ExchangeText, isSimulated } from "../../ui/exchange-text.tsx";
import { EmptyState, Skeleton } from "../../ui/feedback.tsx";
import { metricText } from "../../ui/metric-text.ts";
import { Page, Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { bestOf, differences, normalised } from "./differences.ts";
import { Overlay } from "./overlay.tsx";
import { SaveComparison, SavedComparisons } from "./saved-comparisons.tsx";
import { compareSearch, idsOf } from "./search.ts";
import { texts } from "./texts.ts";

const route = pageAddress("/compare", compareSearch);

/** Two to four backtests side by side: their curves, figures and what was set differently. */
export function ComparePage() {
  const search = route.useSearch();
  const ids = useMemo(() => idsOf(search), [search]);
  const isEnough = ids.length >= 2;
  const query = useQuery({ ...compareQuery(ids), enabled: isEnough });
  const backtests = query.data?.items;
  return (
    <Page
      title={texts.title}
      tools={backtests && <SaveComparison ids={ids} suggestion={suggestionFor(backtests)} />}
    >
      {!isEnough && (
        <EmptyState
          action={
            <Link to="/backtests" className={buttonClass("primary")}>
              {texts.fewAction}
            </Link>
          }
        >
          {texts.few}
        </EmptyState>
      )}
      {query.isError && (
        <ProblemView error={query.error} onRetry={() => void query.refetch()} className="m-4" />
      )}
      {isEnough && query.isPending && <Skeleton className="h-80 rounded-none" />}
      {backtests && <Comparison backtests={backtests} />}
      <SavedComparisons current={ids} />
    </Page>
  );
}

/** Names what is compared: the strategy where it is one, and the markets. */
function suggestionFor(backtests: readonly BacktestDetail[]): string {
  const parts = [
    new Set(backtests.map(({ strategyTitle }) => strategyTitle)),
    new Set(backtests.map(({ symbol }) => symbol)),
  ];
  return parts
    .map((names) => [...names].join(", "))
    .join(" on ")
    .slice(0, 120);
}

function Comparison({ backtests }: { backtests: readonly BacktestDetail[] }) {
  const colours = useColours();
  const lines = useMemo(
    () =>
      backtests.map((one, index) => ({
        id: one.id,
        title: one.title,
        colour: colours[index] ?? "#888888",
        time: one.result?.curve.time ?? [],
        values: normalised(one.result?.curve.equity ?? [], one.settings.capital),
      })),
    [backtests, colours],
  );
  const strategies = useQuery(strategiesQuery).data?.items ?? [];
  const tables = Object.fromEntries(strategies.map(({ name, parameters }) => [name, parameters]));
  const rows = differences(backtests, tables);
  return (
    <>
      <Overlay lines={lines} />
      <Section title={texts.settings}>
        {rows.length === 0 ? (
          <p className="px-4 pb-3 text-sm text-muted">{texts.same}</p>
        ) : (
          <SideBySide backtests={backtests} colours={colours} caption={texts.settings}>
            {rows.map(({ name, values }) => (
              <tr key={name} className="h-7 border-t border-line">
                <th scope="row" className={nameCell}>
                  {name}
                </th>
                {backtests.map(({ id }, index) => (
                  <td key={id} className={valueCell}>
                    {values[index]}
                  </td>
                ))}
              </tr>
            ))}
          </SideBySide>
        )}
      </Section>
      <Section
        title={texts.figures}
        tools={<span className="text-xs text-muted">{texts.hypothetical}</span>}
      >
        <SideBySide backtests={backtests} colours={colours} caption={texts.figures}>
          {(Object.keys(metricConventions) as MetricName[]).map((name) => (
            <MetricRow key={name} name={name} backtests={backtests} />
          ))}
        </SideBySide>
        <p className="px-4 py-2 text-xs text-muted">{texts.quotes}</p>
      </Section>
    </>
  );
}

type SideProps = Readonly<{
  backtests: readonly BacktestDetail[];
  colours: readonly string[];
  caption: string;
  children: React.ReactNode;
}>;

const nameCell =
  "sticky left-0 bg-ground px-4 text-left font-normal text-muted max-sm:px-2 max-sm:pl-4";
const valueCell = "px-4 text-right max-sm:px-2";

/** A table with one column per backtest, each under its name in the colour of its curve. */
function SideBySide({ backtests, colours, caption, children }: SideProps) {
  return (
    <div className="relative overflow-x-auto">
      <table
        className="w-full table-fixed border-collapse text-sm"
        style={{ minWidth: `${(backtests.length + 1) * 7}rem` }}
      >
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="text-xs">
            <th scope="col" className={cx(nameCell, "font-medium")}>
              {caption === texts.settings ? texts.setting : texts.metric}
            </th>
            {backtests.map(({ id, title, source, exchange }, index) => (
              <th key={id} scope="col" className="px-4 py-1 text-right font-medium max-sm:px-2">
                <Link
                  to="/workbench"
                  search={{ backtest: id }}
                  className="inline-flex max-w-full items-baseline gap-1.5 hover:underline"
                >
                  <span
                    className="size-2 shrink-0 rounded-full"
                    style={{ background: colours[index] }}
                  />
                  <span className="line-clamp-3 break-words">{title}</span>
                </Link>
                {source === "synthetic" && (
                  <div className="font-normal text-amber">{texts.synthetic}</div>
                )}
                {isSimulated(exchange) && (
                  <ExchangeText exchange={exchange} className="block font-normal" />
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function MetricRow({
  name,
  backtests,
}: {
  name: MetricName;
  backtests: readonly BacktestDetail[];
}) {
  const { label, unit, convention } = metricConventions[name];
  const values = backtests.map(({ result }) => result?.metrics[name] ?? null);
  if (values.every((value) => value === null)) return null;
  const best = bestOf(name, values);
  return (
    <tr className="h-7 border-t border-line hover:bg-hover" title={convention}>
      <th scope="row" className={nameCell}>
        {label}
      </th>
      {backtests.map(({ id, result }, index) => {
        const value = values[index] ?? null;
        const isBest = best.includes(index);
        return (
          <td
            key={id}
            className={cx(valueCell, isBest && "font-semibold text-accent")}
            title={result?.metricReasons[name]}
          >
            {isBest && <span className="sr-only">{texts.best} </span>}
            {isBest && <span aria-hidden="true">● </span>}
            {value === null ? "–" : metricText(value, unit)}
          </td>
        );
      })}
    </tr>
  );
}

/** The colours of the curves, by theme. */
function useColours(): readonly string[] {
  const [{ theme }] = useSettings();
  const [colours, setColours] = useState(() =>
    plotColours(readChartTheme(document.documentElement)),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens change with the theme.
  useEffect(() => setColours(plotColours(readChartTheme(document.documentElement))), [theme]);
  return colours;
}
