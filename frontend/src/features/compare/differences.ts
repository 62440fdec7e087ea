import type { BacktestDetail } from "@trading/contracts/backtests";
import type { Parameter } from "@trading/contracts/strategies";
import { type MetricName, metricConventions } from "@trading/engine";
import { exchangeName } from "../../ui/exchange-text.tsx";
import { missing } from "../../ui/format.ts";
import { furtherMarketsText } from "../../ui/market-words.ts";
import { parameterText } from "../../ui/parameter-text.ts";
import { settingTexts, settingWords } from "../../ui/setting-words.ts";
import { texts } from "./texts.ts";

export type Row = Readonly<{ name: string; values: readonly string[] }>;

type Tables = Readonly<Record<string, Readonly<Record<string, Parameter>>>>;

/**
 * The settings in which the backtests differ, as texts; what is equal in all is left out. `tables` holds the parameter
 * table of each strategy: what it does not know is shown by its name.
 */
export function differences(backtests: readonly BacktestDetail[], tables: Tables): Row[] {
  const settings = backtests.map(settingsOf);
  const labels = { ...texts.labels, ...settingTexts.labels };
  const names = Object.keys(labels) as (keyof typeof labels)[];
  const rows = names.map((name) => ({
    name: labels[name] as string,
    values: settings.map((one) => one[name]),
  }));
  // Other strategies are other code; only the same one under two versions is worth a line.
  const codes = new Set(backtests.map(({ strategy, version }) => `${strategy} ${version}`));
  if (codes.size > new Set(backtests.map(({ strategy }) => strategy)).size) {
    rows.splice(1, 0, {
      name: texts.version,
      values: backtests.map(({ version }) => version.slice(0, 8)),
    });
  }
  const parameters = [...new Set(backtests.flatMap((one) => Object.keys(one.parameters)))];
  rows.push(
    ...parameters.map((name) => ({
      name: backtests.flatMap(({ strategy }) => tables[strategy]?.[name] ?? [])[0]?.label ?? name,
      values: backtests.map(({ strategy, parameters: { [name]: value } }) =>
        value === undefined ? missing : parameterText(tables[strategy]?.[name], value),
      ),
    })),
  );
  return rows.filter(({ values }) => new Set(values).size > 1);
}

/** What a backtest was set to beside its parameters, in words and units. */
function settingsOf(one: BacktestDetail) {
  return {
    strategy: one.strategyTitle,
    symbol: one.exchange === null ? one.symbol : `${one.symbol} · ${exchangeName(one.exchange)}`,
    others: furtherMarketsText(one) ?? texts.noOthers,
    timeframe: one.timeframe as string,
    from: one.from?.slice(0, 10) ?? texts.all,
    to: one.to?.slice(0, 10) ?? texts.all,
    ...settingWords(one.settings, one.quote),
  };
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
