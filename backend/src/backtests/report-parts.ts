import type { BacktestResult } from "@trading/contracts/backtests";
import type {
  Bucket,
  Drawdown,
  Groupings,
  PeriodReturn,
  RunExplanation,
  RunReport,
  TradeGroup,
} from "@trading/contracts/reports";
import {
  type MetricConvention,
  metricConventions,
  metricGroups,
  regimeConvention,
} from "@trading/engine";
import { escapeHtml } from "../platform/escape-html.ts";
import { barChart, lineChart } from "./report-chart.ts";
import {
  figure,
  minuteOf,
  number,
  percent,
  plain,
  signedNumber,
  signedPercent,
} from "./report-words.ts";

/** The parts of a report, each a piece of HTML in which every text is escaped. */

export type Pair = readonly [name: string, value: string];

/** A cell: text, or a number as it is shown, or one that is a profit or a loss, or an instant. */
export type Cell = string | Readonly<{ shown: string; sign?: number }> | Readonly<{ at: number }>;

export const definitions = (pairs: readonly Pair[]): string =>
  `<dl>${pairs.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;

/** A table with a head; numbers stand to the right. One that is told in its last column puts that below on a phone. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  kind: "wide" | "wide told" = "wide",
): string {
  const isNumber = heads.map((_, i) => rows.some((row) => isFigure(row[i])));
  const head = heads.map(
    (one, i) => `<th scope="col"${isNumber[i] ? ' class="n"' : ""}>${escapeHtml(one)}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`);
  return `<div class="${kind}"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

const isFigure = (value: Cell | undefined): boolean =>
  typeof value === "object" && "shown" in value;

function cell(value: Cell): string {
  if (typeof value === "string") return `<td>${escapeHtml(value)}</td>`;
  if ("at" in value) return `<td class="at">${minuteOf(value.at)}</td>`;
  const sign = value.sign ?? 0;
  const colour = sign > 0 ? " up" : sign < 0 ? " down" : "";
  return `<td class="n${colour}">${escapeHtml(value.shown)}</td>`;
}

export const shown = (text: string): Cell => ({ shown: text });
export const signed = (value: number | null, text: (value: number) => string): Cell =>
  value === null ? shown("–") : { shown: text(value), sign: value };
export const money = (value: number) => signedNumber(value, 2);

/** Every metric by group, with its convention; what has no number says why. */
export function figures(
  { metrics, metricReasons, benchmark }: BacktestResult,
  quote: string,
): string {
  const all: [string, MetricConvention][] = Object.entries(metricConventions);
  return Object.entries(metricGroups)
    .map(([group, title]) => {
      const known = all.filter(([name, one]) => one.group === group && name in metrics);
      if (known.length === 0) return "";
      const rows = known.map(([name, { label, unit, convention }]): Cell[] => {
        const value = metrics[name] ?? null;
        const held = benchmark[name] ?? null;
        const reason = metricReasons[name];
        return [
          label,
          shown(value === null ? "–" : figure(value, unit, quote)),
          shown(held === null ? "" : figure(held, unit, quote)),
          reason === undefined ? convention : `${reason}. ${convention}`,
        ];
      });
      const heads = ["Figure", "Strategy", "Buy and hold", "How it is computed"];
      return `<h3>${escapeHtml(title)}</h3>${table(heads, rows, "wide told")}`;
    })
    .join("");
}

/** A year per row, a month per column. */
export function months(all: readonly PeriodReturn[], years: readonly PeriodReturn[]): string {
  const names = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
  ];
  const byKey = new Map(all.map((one) => [one.key, one]));
  const cellOf = (one: PeriodReturn | undefined): Cell =>
    one === undefined
      ? ""
      : one.share === null
        ? shown("–")
        : {
            shown: `${signedNumber(one.share * 100, 2)}${one.isWhole ? "" : "*"}`,
            sign: one.share,
          };
  const isCut = all.some(({ isWhole }) => !isWhole);
  const note = isCut ? '<p class="quiet-text">* covered in part</p>' : "";
  const rows = years.map((year): Cell[] => [
    year.key,
    ...names.map((_, i) => cellOf(byKey.get(`${year.key}-${String(i + 1).padStart(2, "0")}`))),
    cellOf(year),
    signed(year.benchmark, (share) => signedNumber(share * 100, 2)),
  ]);
  return `${table(["Year", ...names, "Year", "Buy and hold"], rows)}${note}`;
}

const stepLabels = {
  fees: "Fees",
  slippage: "Slippage",
  funding: "Funding",
  missed: "Missed: too small, too late or too much for the volume",
  rounding: "Rounding to tick and lot",
} as const;

/** From the gross profit to the net one. */
export function costs({ waterfall, reasons }: RunExplanation): string {
  if (waterfall === null)
    return `<p>Costs cannot be told apart: ${escapeHtml(reasons.waterfall ?? "unknown")}.</p>`;
  const { gross, steps, net } = waterfall;
  const rows = steps.map(({ kind, amount, isUsed }): Cell[] => [
    stepLabels[kind],
    isUsed ? signed(amount, money) : shown("not in use"),
  ]);
  const all = [["Gross profit", signed(gross, money)], ...rows, ["Net profit", signed(net, money)]];
  return `${table(["Step", "Amount"], all)}<p class="quiet-text">Each step is the difference between two runs that place the same orders, one of them without this cost and those below it.</p>`;
}

export function drawdowns(all: readonly Drawdown[]): string {
  if (all.length === 0) return "<p>The equity never fell.</p>";
  const rows = all.map((one): Cell[] => [
    { at: one.startAt },
    { at: one.troughAt },
    one.recoveredAt === null ? "not yet" : { at: one.recoveredAt },
    shown(percent(one.depth)),
    shown(number(one.money, 2)),
    shown(number(one.daysToTrough, 1)),
    shown(number(one.days, 1)),
  ]);
  const heads = ["Peak (UTC)", "Trough", "Recovered", "Depth", "Money", "Days down", "Days in all"];
  return table(heads, rows);
}

const groupingLabels: Readonly<Record<keyof Groupings, string>> = {
  market: "By market",
  side: "By side",
  entryReason: "By reason of the entry",
  exitReason: "By reason of the exit",
  entryAndExit: "By entry and exit",
  regime: "By regime before the entry",
  hour: "By hour of the entry, UTC",
  weekday: "By weekday of the entry, UTC",
  month: "By month of the entry",
  year: "By year of the entry",
};
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Trades by what they have in common; a grouping with one group says nothing. */
export function groupings(all: Groupings): string {
  const names = Object.keys(groupingLabels) as (keyof Groupings)[];
  const tables = names.flatMap((name) => {
    const groups = all[name] ?? [];
    const note = name === "regime" ? `<p>${escapeHtml(regimeConvention)}</p>` : "";
    const head = `<h3>${groupingLabels[name]}</h3>${note}`;
    return groups.length > 1 ? [`${head}${groupTable(name, groups)}`] : [];
  });
  return tables.length === 0 ? "<p>All trades are of one kind.</p>" : tables.join("");
}

const groupsMax = 100;

function groupTable(name: keyof Groupings, groups: readonly TradeGroup[]): string {
  const rows = groups
    .slice(0, groupsMax)
    .map((group): Cell[] => [
      name === "weekday" ? (weekdays[Number(group.key) - 1] ?? group.key) : group.key,
      shown(number(group.trades)),
      shown(group.winShare === null ? "–" : percent(group.winShare)),
      shown(group.profitFactor === null ? "–" : number(group.profitFactor, 2)),
      signed(group.average, money),
      signed(group.averageShare, signedPercent),
      signed(group.net, money),
    ]);
  const heads = ["", "Trades", "Won", "Profit factor", "Average", "Average share", "Net"];
  return table(heads, rows);
}

export function distributions({ distributions: all, rollingSharpe }: RunReport): string {
  const bars = (label: string, buckets: readonly Bucket[]) =>
    `<h3>${label}</h3>${barChart(
      label,
      buckets.map(({ from, to, won, lost }) => ({
        label: `${signedPercent(from)} to ${signedPercent(to)}`,
        won,
        lost,
      })),
      [signedPercent(buckets[0]?.from ?? 0), signedPercent(buckets.at(-1)?.to ?? 0)],
    )}`;
  const values = rollingSharpe.sharpe;
  const rolling =
    values.length < 2
      ? ""
      : `<h3>Sharpe over ${rollingSharpe.windowDays} days</h3>${lineChart("Rolling Sharpe", rollingSharpe.time, [{ label: "Sharpe", values, kind: "main" }])}`;
  return [
    rolling,
    bars("Profit of trades, share of the notional", all.profit),
    bars("Worst excursion of trades", all.mae),
    bars("Best excursion of trades", all.mfe),
  ].join("");
}

/** Freqtrade's figures, so that results can be held against each other. */
export function freqtrade(all: RunReport["freqtrade"]): string {
  const told = (name: string, value: number) =>
    name.endsWith("_ts") ? String(value) : plain(value);
  const rows = Object.entries(all).map(([name, value]): Cell[] => [
    name,
    shown(typeof value === "number" ? told(name, value) : (value ?? "–")),
  ]);
  return `<p class="quiet-text">By freqtrade's own formulas, under its own names; its stand-in numbers are left out.</p>${table(["Figure", "Value"], rows)}`;
}
