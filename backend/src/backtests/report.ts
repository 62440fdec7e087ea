import type { BacktestResult, BacktestView, Trade } from "@trading/contracts/backtests";
import { simulatedExchange } from "@trading/contracts/simulator";
import { hypotheticalNotice } from "@trading/contracts/site";
import type { Parameter } from "@trading/contracts/strategies";
import { escapeHtml } from "../platform/escape-html.ts";
import { fillWordsOf, limitWordsOf, perpetualWordsOf, policyWordsOf } from "./fill-words.ts";
import { lineChart } from "./report-chart.ts";
import {
  costs,
  definitions,
  distributions,
  drawdowns,
  figures,
  freqtrade,
  groupings,
  months,
  type Pair,
} from "./report-parts.ts";
import { reportStyle } from "./report-style.ts";
import { tradesTable } from "./report-trades.ts";
import { trust } from "./report-trust.ts";
import { minuteOf, parameterText, plain } from "./report-words.ts";

type ParameterTable = Readonly<Record<string, Parameter>>;

/**
 * One HTML page with everything in it: no script, no request, every text escaped, so that it can be opened and sent
 * on without trust. Figures stand beside the sentence that says how they are computed. Parameters are told in the words of
 * the strategy's table.
 */
export function reportHtml(
  view: BacktestView,
  result: BacktestResult,
  trades: readonly Trade[],
  parameters: ParameterTable,
  notice = hypotheticalNotice,
): string {
  const { report, explanation } = result;
  const sections = [
    section("Setup", definitions(setupOf(view, result, parameters))),
    section("Equity", equityOf(view, result)),
    report && section("Returns by month, in %", months(report.months, report.years)),
    explanation && section(`What costs took, in ${view.quote}`, costs(explanation)),
    section("Figures", figures(result, view.quote)),
    report && section("Falls from a peak, the deepest first", drawdowns(report.drawdowns)),
    report && section("Groups of trades", groupings(report.groupings)),
    report && section("How results are spread", distributions(report)),
    section("Trust", trust(view, result)),
    report && section("As freqtrade counts", freqtrade(report.freqtrade)),
    section("Trades", tradesTable(trades, result)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(view.title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escapeHtml(view.title)}</h1>
<p class="notice" role="note">${escapeHtml(notice)}</p>
</header>
<main>
${sections.filter((one) => one !== undefined).join("\n")}
</main>
<footer><p>Fingerprint <code>${escapeHtml(result.fingerprint)}</code>, engine ${escapeHtml(result.engineVersion)}. The same engine, strategy version, parameters and candles give the same fingerprint on every machine.</p></footer>
</body>
</html>
`;
}

const section = (title: string, content: string): string =>
  `<section><h2>${escapeHtml(title)}</h2>${content}</section>`;

const equityOf = ({ quote, strategyTitle }: BacktestView, { curve }: BacktestResult): string =>
  [
    lineChart(`Equity in ${quote}`, curve.time, [
      { label: strategyTitle, values: curve.equity, kind: "main" },
      { label: "Buy and hold", values: curve.benchmark, kind: "quiet" },
    ]),
    lineChart("Drawdown in per cent", curve.time, [
      {
        label: "Drawdown, per cent",
        values: curve.drawdown.map((share) => share * 100),
        kind: "loss",
      },
    ]),
  ].join("");

function marketOf({ symbol, exchange }: BacktestView): string {
  if (exchange === null) return symbol;
  return exchange === simulatedExchange
    ? `${symbol} on a simulated exchange, no real market`
    : `${symbol} on ${exchange}`;
}

function setupOf(view: BacktestView, result: BacktestResult, table: ParameterTable): Pair[] {
  const { settings } = view;
  const parameters = Object.entries(view.parameters).map(
    ([name, value]): Pair => [table[name]?.label ?? name, parameterText(table[name], value)],
  );
  return [
    ["Strategy", `${view.strategyTitle} (${view.strategy})`],
    ["Version", view.version],
    ["Market", marketOf(view)],
    ...(result.markets ?? [])
      .slice(1)
      .map(({ symbol, timeframe }): Pair => ["Further market", `${symbol}, ${timeframe}`]),
    ["Timeframe", view.timeframe],
    ["First candle", `${minuteOf(Date.parse(result.data.first))} UTC`],
    ["Last candle", `${minuteOf(Date.parse(result.data.last))} UTC`],
    ["Capital", `${plain(settings.capital)} ${view.quote}`],
    ["Maker fee", `${plain(settings.makerFee * 100)} %`],
    ["Taker fee", `${plain(settings.takerFee * 100)} %`],
    ...(settings.perpetual ? perpetualWordsOf(settings.perpetual) : []),
    ...limitWordsOf(settings),
    ...fillWordsOf(settings),
    ...policyWordsOf(result.policyRange, settings),
    ...parameters,
  ];
}
