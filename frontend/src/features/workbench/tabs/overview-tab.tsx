import { type MetricName, metricConventions } from "@trading/engine";
import { type ReactNode, useMemo } from "react";
import { cx } from "../../../ui/cx.ts";
import { count, number, percent } from "../../../ui/format.ts";
import { metricText } from "../../../ui/metric-text.ts";
import type { Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { exitCounts, monthlyReturns, type YearReturns } from "./breakdown.ts";
import { reasonText } from "./trades-tab.tsx";

type OverviewProps = Readonly<{
  shown: Shown;
  quote: string;
  capital: number;
  time: Float64Array | null;
  equity: Float64Array | null;
}>;

const keyFigures = [
  "winRate",
  "profitFactor",
  "averageTradeShare",
  "bestTrade",
  "worstTrade",
  "exposure",
  "volatility",
  "maxDrawdownDays",
] as const satisfies readonly MetricName[];

/** Where the result came from: months, how trades ended, and the figures most asked for. */
export function OverviewTab({ shown, quote, capital, time, equity }: OverviewProps) {
  const years = useMemo(
    () => (time && equity ? monthlyReturns(time, equity, capital) : null),
    [time, equity, capital],
  );
  return (
    <div className="grid gap-x-8 gap-y-5 p-4 text-sm xl:grid-cols-[minmax(0,2fr)_minmax(260px,1fr)]">
      <Part title={texts.overview.months} className="xl:row-span-2">
        {years ? <Months years={years} /> : <p className="text-muted">{texts.overview.waiting}</p>}
      </Part>
      <Part title={texts.overview.exits}>
        {shown.trades ? (
          <Exits shown={shown} quote={quote} />
        ) : (
          <p className="text-muted">{texts.overview.waiting}</p>
        )}
      </Part>
      <Part title={texts.overview.keys}>
        <dl>
          {keyFigures.map((name) => {
            const { label, unit, convention } = metricConventions[name];
            const value = shown.metrics[name] ?? null;
            return (
              <div
                key={name}
                className="flex min-h-6 items-baseline justify-between gap-4 border-b border-line py-1"
                title={convention}
              >
                <dt className="text-muted">{label}</dt>
                <dd className="text-right" title={shown.metricReasons[name]}>
                  {value === null ? texts.missing : metricText(value, unit)}
                  {value !== null && unit === "money" && ` ${quote}`}
                </dd>
              </div>
            );
          })}
        </dl>
      </Part>
    </div>
  );
}

function Part({
  title,
  className,
  children,
}: {
  title: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={cx("min-w-0", className)}>
      <h3 className="mb-1.5 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

/** Years down, months across; the depth of the ground follows the size of the return. */
function Months({ years }: { years: readonly YearReturns[] }) {
  const largest = Math.max(
    0.01,
    ...years.flatMap(({ months }) => months.map((share) => Math.abs(share ?? 0))),
  );
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-separate border-spacing-px">
        <thead>
          <tr className="h-6 text-xs text-muted">
            <th scope="col" className="pr-2 text-left font-medium">
              {texts.overview.year}
            </th>
            {texts.overview.monthNames.map((name) => (
              <th key={name} scope="col" className="px-1 text-right font-medium">
                {name}
              </th>
            ))}
            <th scope="col" className="px-1 text-right font-medium">
              {texts.overview.total}
            </th>
          </tr>
        </thead>
        <tbody>
          {years.map(({ year, months, total }) => (
            <tr key={year} className="h-7">
              <th scope="row" className="pr-2 text-left font-normal text-muted">
                {year}
              </th>
              {months.map((share, month) => (
                <MonthCell key={texts.overview.monthNames[month]} share={share} largest={largest} />
              ))}
              <td
                className={cx(
                  "px-1.5 text-right font-medium",
                  total > 0 && "text-up",
                  total < 0 && "text-down",
                )}
              >
                {percent(total, { sign: true, unit: false })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MonthCell({ share, largest }: { share: number | null; largest: number }) {
  if (share === null) return <td />;
  const depth = Math.round(6 + 38 * (Math.abs(share) / largest));
  const colour = share >= 0 ? "var(--up)" : "var(--down)";
  return (
    <td
      className="rounded px-1.5 text-right"
      style={
        share === 0
          ? undefined
          : { background: `color-mix(in srgb, ${colour} ${depth}%, transparent)` }
      }
    >
      {percent(share, { sign: true, unit: false })}
    </td>
  );
}

function Exits({ shown, quote }: { shown: Shown; quote: string }) {
  const counts = exitCounts(shown.trades ?? []);
  if (counts.length === 0) return <p className="text-muted">{texts.tradesTable.empty}</p>;
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr className="h-6 text-xs text-muted">
          <th className="text-left font-medium">{texts.overview.reason}</th>
          <th className="text-right font-medium">{texts.overview.count}</th>
          <th className="text-right font-medium">{texts.overview.won}</th>
          <th className="text-right font-medium">{texts.overview.pnl(quote)}</th>
        </tr>
      </thead>
      <tbody>
        {counts.map(({ reason, trades, won, pnl }) => (
          <tr key={reason} className="h-7 border-t border-line">
            <td>{reasonText(reason)}</td>
            <td className="text-right">{count(trades)}</td>
            <td className="text-right">{count(won)}</td>
            <td className={cx("text-right", pnl > 0 && "text-up", pnl < 0 && "text-down")}>
              {number(pnl, { sign: true })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
