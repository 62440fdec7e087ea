import type { StrategyManifest } from "@trading/contracts/strategies";
import {
  type MetricConvention,
  metricConventions,
  metricGroups,
  type ParameterValues,
  type RunDescription,
  type RunSettings,
} from "@trading/engine";
import { candleFactsOf } from "../backtests/candle-facts.ts";
import {
  fillWordsOf,
  limitWordsOf,
  perpetualWordsOf,
  policyWordsOf,
} from "../backtests/fill-words.ts";
import { toldFills, toldTrades } from "../backtests/told-run.ts";
import type { CliCandles } from "./backtest-candles.ts";

export type CliRun = Readonly<{
  manifest: StrategyManifest;
  version: string;
  parameters: ParameterValues;
  settings: RunSettings;
  candles: CliCandles;
  /** Further markets in the same wallet. */
  others: readonly CliCandles[];
  run: RunDescription;
}>;

const instant = (ms: number | undefined): string => new Date(ms ?? 0).toISOString();

/** The JSON document: times as ISO in UTC, amounts as numbers in the quote currency. */
export function documentOf(found: CliRun): object {
  const { manifest, version, parameters, settings, candles, run } = found;
  return {
    fingerprint: run.fingerprint,
    engineVersion: run.engineVersion,
    strategy: manifest.name,
    version,
    parameters,
    settings,
    data: { ...marketLine(candles), revision: run.report.receipt.dataRevision },
    otherMarkets: found.others.map(marketLine),
    metrics: run.metrics,
    metricReasons: run.metricReasons,
    benchmark: run.benchmark,
    rejectedOrders: run.rejectedOrders,
    refusedLines: run.refusedLines,
    ambiguousCandles: run.ambiguousCandles,
    tradesTouchingGaps: run.tradesTouchingGaps,
    policyRange: run.policyRange,
    funding: run.funding,
    liquidations: run.liquidations,
    liquidationDistance: run.liquidationDistance,
    warmup: run.warmup,
    report: run.report,
    explanation: run.explanation,
    curve: run.curve,
    trades: toldTrades(run.trades),
    fills: toldFills(run.fills),
  };
}

const marketLine = (candles: CliCandles) => ({
  symbol: candles.market.symbol,
  timeframe: candles.timeframe,
  ...candleFactsOf(candles.columns, candles.timeframe),
  duplicates: candles.duplicates,
  rules: rulesOf(candles),
});

const rulesOf = ({ market: { tick, lot, notionalMin } }: CliCandles) => ({
  tick,
  lot,
  notionalMin,
});

/** The same for people: what ran, then every figure. */
export function textOf(found: CliRun): string {
  const { manifest, parameters, settings, candles, others, run } = found;
  const { columns } = candles;
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const also = others.map((other): [string, string] => ["", candlesLine(other)]);
  const head: [string, string][] = [
    ["Strategy", `${manifest.title} (${given.join(", ") || "no parameters"})`],
    ["Candles", candlesLine(candles)],
    ...also,
    ["From", instant(columns.time[0])],
    ["To", instant(columns.time.at(-1))],
    ["Gaps", gapsText([candles, ...others])],
    ...[candles, ...others].flatMap(leftOutLines),
  ];
  const refused = run.refusedLines.map(({ name, cause, why }): [string, string] => [
    "Not placed",
    `${name}: ${cause} (${why})`,
  ]);
  return [
    table([
      ...head,
      ...(settings.perpetual ? perpetualWordsOf(settings.perpetual) : []),
      ...limitWordsOf(settings),
      ...fillWordsOf(settings),
      ...policyWordsOf(run.policyRange, settings),
      ...doubtLines(run),
      ...refused,
      ...perpetualLines(run),
    ]),
    "",
    ...figuresOf(run),
    "",
    ...waterfallLines(run),
    `Fingerprint ${run.fingerprint}`,
  ].join("\n");
}

/** Every figure, by group; names stand in one column all the way down. */
function figuresOf(run: RunDescription): string[] {
  const all: [string, MetricConvention][] = Object.entries(metricConventions);
  const width = Math.max(...all.map(([, { label }]) => label.length));
  return Object.entries(metricGroups).flatMap(([group, title], i) => {
    const known = all.filter(([, one]) => one.group === group);
    const lines = known.map(([name, { label, unit }]) => {
      const value = run.metrics[name as keyof typeof run.metrics] ?? null;
      const text = value === null ? `– ${reasonOf(run, name)}` : figure(value, unit);
      return `${label.padEnd(width)}  ${text}`;
    });
    return [...(i === 0 ? [] : [""]), title, ...lines];
  });
}

/** From gross to net profit, where it was asked for. */
function waterfallLines({ explanation }: RunDescription): string[] {
  if (explanation === undefined) return [];
  const { waterfall, reasons } = explanation;
  if (waterfall === null) return [`Costs are not told apart: ${reasons.waterfall}`, ""];
  const used = waterfall.steps.filter(({ isUsed }) => isUsed);
  const steps = used.map(({ kind, amount }): [string, string] => [kind, amount.toFixed(2)]);
  const [gross, net] = [waterfall.gross.toFixed(2), waterfall.net.toFixed(2)];
  return [table([["Gross profit", gross], ...steps, ["Net profit", net]]), ""];
}

const candlesLine = ({ market, timeframe, columns }: CliCandles) =>
  `${market.symbol} ${timeframe}, ${columns.time.length}`;

function gapsText(markets: readonly CliCandles[]): string {
  const found = markets.map(({ columns, timeframe }) => candleFactsOf(columns, timeframe));
  const gaps = found.reduce((sum, one) => sum + one.gaps, 0);
  const missing = found.reduce((sum, one) => sum + one.missing, 0);
  return `${gaps} (${missing} candles missing)`;
}

/** What a file held and the run did not see. */
function leftOutLines({ market, duplicates, skipped }: CliCandles): [string, string][] {
  if (duplicates + skipped === 0) return [];
  const repeated = duplicates === 0 ? [] : [`${duplicates} repeated`];
  const others = skipped === 0 ? [] : [`${skipped} not closed or not readable`];
  return [["Left out", `${[...repeated, ...others].join(", ")} (${market.symbol})`]];
}

/** What a result cannot be sure of, and what the strategy asked for in vain. */
function doubtLines(run: RunDescription): [string, string][] {
  const { ambiguousCandles, tradesTouchingGaps, rejectedOrders, warmup, report } = run;
  const causes = Object.entries(rejectedOrders).map(([cause, times]) => `${times} ${cause}`);
  const profit = figure(report.gapProfit, "money");
  return [
    ["Stop and target in doubt", `in ${ambiguousCandles} candles`],
    ["Trades touching gaps", `${tradesTouchingGaps}, profit ${profit}`],
    ["Refused orders", causes.join(", ") || "none"],
    ["Warm-up", `${warmup} candles`],
  ];
}

/** What only perpetuals have. */
function perpetualLines({
  funding,
  liquidations,
  liquidationDistance,
}: RunDescription): [string, string][] {
  if (funding === null) return [];
  const missing = funding.missing === 0 ? "" : `; ${funding.missing} payments are not known`;
  const nearest = liquidationDistance === null ? "–" : figure(liquidationDistance, "fraction");
  return [
    [
      "Funding in all",
      `${figure(funding.total, "money")} in ${funding.payments} payments${missing}`,
    ],
    ["Liquidations", `${liquidations}, nearest ${nearest}`],
  ];
}

const reasonOf = (run: RunDescription, name: string): string =>
  (run.metricReasons as Readonly<Record<string, string | undefined>>)[name] ?? "";

function figure(value: number, unit: MetricConvention["unit"]): string {
  switch (unit) {
    case "fraction":
      return `${(value * 100).toFixed(2)} %`;
    case "count":
      return value.toFixed(0);
    case "money":
    case "ratio":
      return value.toFixed(2);
    case "days":
      return `${value.toFixed(1)} d`;
  }
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}
