import type { BacktestResult, BacktestView, Trade } from "@trading/contracts/backtests";
import { simulatedExchange } from "@trading/contracts/simulator";
import { hypotheticalNotice } from "@trading/contracts/site";
import { type MetricConvention, type MetricUnit, metricConventions } from "@trading/engine";
import { escapeHtml } from "./escape-html.ts";
import { fillWordsOf, policyWordsOf } from "./fill-words.ts";
import { lineChart } from "./report-chart.ts";

const tradesMax = 5_000;

/**
 * One HTML page with everything in it: no script, no request, every text escaped, so that it can be opened and sent
 * on without trust. Figures stand beside the sentence that says how they are computed.
 */
export function reportHtml(
  view: BacktestView,
  result: BacktestResult,
  trades: readonly Trade[],
): string {
  const { curve } = result;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(view.title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(view.title)}</h1>
<p class="notice" role="note">${escapeHtml(hypotheticalNotice)}</p>
</header>
<main>
<section><h2>Setup</h2>${definitions(setupOf(view, result))}</section>
<section><h2>Equity</h2>
${lineChart(`Equity in ${view.quote}`, curve.time, [
  { label: view.strategyTitle, values: curve.equity, kind: "main" },
  { label: "Buy and hold", values: curve.benchmark, kind: "quiet" },
])}
</section>
<section><h2>Drawdown</h2>
${lineChart("Drawdown in per cent", curve.time, [
  { label: "Drawdown", values: curve.drawdown.map((share) => share * 100), kind: "loss" },
])}
</section>
<section><h2>Figures</h2>${figures(result, view.quote)}</section>
<section><h2>Data</h2>${definitions(dataOf(result))}</section>
<section><h2>Trades</h2>${tradesTable(trades)}</section>
</main>
<footer><p>Fingerprint <code>${escapeHtml(result.fingerprint)}</code>, engine ${escapeHtml(result.engineVersion)}. The same engine, strategy version, parameters and candles give the same fingerprint on every machine.</p></footer>
</body>
</html>
`;
}

type Pair = readonly [name: string, value: string];

function marketOf({ symbol, exchange }: BacktestView): string {
  if (exchange === null) return symbol;
  return exchange === simulatedExchange
    ? `${symbol} on a simulated exchange, no real market`
    : `${symbol} on ${exchange}`;
}

function setupOf(view: BacktestView, result: BacktestResult): Pair[] {
  const { settings } = view;
  const parameters = Object.entries(view.parameters).map(
    ([name, value]): Pair => [name, String(value)],
  );
  return [
    ["Strategy", `${view.strategyTitle} (${view.strategy})`],
    ["Version", view.version],
    ["Market", marketOf(view)],
    ["Timeframe", view.timeframe],
    ["From", result.data.first],
    ["To", result.data.last],
    ["Capital", `${number(settings.capital)} ${view.quote}`],
    ["Maker fee", percent(settings.makerFee)],
    ["Taker fee", percent(settings.takerFee)],
    ...fillWordsOf(settings),
    ...(result.policyRange ? policyWordsOf(result.policyRange) : []),
    ...parameters,
  ];
}

function dataOf({
  data,
  tradesTouchingGaps,
  ambiguousCandles,
  rejectedOrders,
  refusedLines = [],
}: BacktestResult): Pair[] {
  const rejected = Object.entries(rejectedOrders).map(([cause, times]) => `${cause} ${times}`);
  return [
    ["Source", data.source === "synthetic" ? "synthetic: generated, not recorded" : data.source],
    ["Candles", number(data.rows)],
    ["Gaps", `${number(data.gaps)} (${number(data.missing)} candles missing)`],
    ["Impossible candles", number(data.impossible)],
    ["Jumps", number(data.jumps)],
    ["Trades that touched a gap", number(tradesTouchingGaps)],
    ["Candles that met stop and target", `${number(ambiguousCandles)}; the worse was taken`],
    ["Orders refused", rejected.length === 0 ? "none" : rejected.join(", ")],
    ...refusedLines.map(({ name, cause }): Pair => ["Planned line refused", `${name}: ${cause}`]),
    ["Data revision", data.revision],
  ];
}

const definitions = (pairs: readonly Pair[]): string =>
  `<dl>${pairs.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;

function figures({ metrics, metricReasons, benchmark }: BacktestResult, quote: string): string {
  const conventions: [string, MetricConvention][] = Object.entries(metricConventions);
  const rows = conventions.map(([name, { label, unit, convention }]) => {
    const value = metrics[name] ?? null;
    const shown = value === null ? `– ${metricReasons[name] ?? ""}` : figure(value, unit, quote);
    const held = benchmark[name] ?? null;
    const compared = held === null ? "" : figure(held, unit, quote);
    return `<tr><th scope="row">${escapeHtml(label)}</th><td class="n">${escapeHtml(shown)}</td><td class="n">${escapeHtml(compared)}</td><td>${escapeHtml(convention)}</td></tr>`;
  });
  return `<table><thead><tr><th>Figure</th><th>Strategy</th><th>Buy and hold</th><th>How it is computed</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function figure(value: number, unit: MetricUnit, quote: string): string {
  switch (unit) {
    case "money":
      return `${number(value, 2)} ${quote}`;
    case "fraction":
      return percent(value);
    case "days":
      return `${number(value, 1)} d`;
    case "ratio":
      return number(value, 2);
    case "count":
      return number(value);
  }
}

function tradesTable(trades: readonly Trade[]): string {
  if (trades.length === 0) return "<p>No trades.</p>";
  const rows = trades.slice(0, tradesMax).map((trade) => {
    const texts = [trade.side, trade.entryAt, trade.exitAt, trade.exitReason].map(textCell);
    const numbers = [
      trade.number,
      trade.quantity,
      trade.entryPrice,
      trade.exitPrice,
      trade.fees,
      trade.pnl,
    ];
    const [nr, ...rest] = numbers.map((value) => `<td class="n">${number(value, 8)}</td>`);
    const gap = trade.touchedGap ? "yes" : "";
    return `<tr>${nr}${texts.join("")}${rest.join("")}<td class="n">${percent(trade.pnlShare)}</td><td>${gap}</td></tr>`;
  });
  const cut =
    trades.length > tradesMax
      ? `<p>The first ${number(tradesMax)} of ${number(trades.length)} trades; the CSV holds all.</p>`
      : "";
  const heads = [
    "#",
    "Side",
    "Entry (UTC)",
    "Exit (UTC)",
    "Why it ended",
    "Quantity",
    "Entry price",
    "Exit price",
    "Fees",
    "Profit",
    "Profit, share",
    "Gap",
  ];
  const head = heads.map((one) => `<th>${one}</th>`).join("");
  return `${cut}<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

const textCell = (text: string): string => `<td>${escapeHtml(text)}</td>`;

const number = (value: number, digits = 0): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: digits });
const percent = (share: number): string =>
  share.toLocaleString("en-US", { style: "percent", maximumFractionDigits: 2 });

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.notice { border-left: 3px solid #c80; padding: .25rem .75rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; } dt { opacity: .7; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.wide { overflow-x: auto; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; opacity: .7; }
.grid { stroke: #8884; } .main { stroke: #2b7de0; } .quiet { stroke: #999; } .loss { stroke: #d04a4a; }
polyline { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
footer { margin: 2rem 0; opacity: .8; overflow-wrap: anywhere; }
`;
