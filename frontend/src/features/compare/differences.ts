import type { BacktestDetail } from "@trading/contracts/backtests";
import { type MetricName, metricConventions } from "@trading/engine";
import { exchangeName } from "../../ui/exchange-text.tsx";

export type Row = Readonly<{ name: string; values: readonly string[] }>;

/** The settings in which the backtests differ, as texts; what is equal in all is left out. */
export function differences(
  backtests: readonly BacktestDetail[],
  labels: Readonly<Record<string, string>>,
  all: string,
): Row[] {
  const settings = backtests.map((one) => ({
    strategy: one.strategyTitle,
    symbol: one.exchange === null ? one.symbol : `${one.symbol} · ${exchangeName(one.exchange)}`,
    timeframe: one.timeframe,
    from: one.from?.slice(0, 10) ?? all,
    to: one.to?.slice(0, 10) ?? all,
    ...one.settings,
  }));
  const names = Object.keys(labels) as (keyof (typeof settings)[number])[];
  const rows = names.map((name) => ({
    name: labels[name] ?? name,
    values: settings.map((one) => String(one[name])),
  }));
  const parameters = [...new Set(backtests.flatMap((one) => Object.keys(one.parameters)))];
  rows.push(
    ...parameters.map((name) => ({
      name,
      values: backtests.map((one) => String(one.parameters[name] ?? "–")),
    })),
  );
  return rows.filter(({ values }) => new Set(values).size > 1);
}

/** Indices of the best values of a metric; none where more is neither better nor worse, or all are equal. */
export function bestOf(name: MetricName, values: readonly (number | null)[]): readonly number[] {
  const { better } = metricConventions[name];
  const known = values.filter((value) => value !== null);
  if (better === null || known.length < 2) return [];
  const best = better === "more" ? Math.max(...known) : Math.min(...known);
  if (known.every((value) => value === best)) return [];
  return values.flatMap((value, index) => (value === best ? [index] : []));
}

/** A curve of equity that starts at 100, so that different capitals and currencies can be laid over each other. */
export function normalised(equity: readonly number[], capital: number): number[] {
  return equity.map((value) => (value / capital) * 100);
}
