import type { BacktestResult, BacktestView, DataUsed } from "@trading/contracts/backtests";
import type { PolicyRange, RunSettings } from "@trading/engine";
import { type Cell, definitions, type Pair, shown, table } from "./report-parts.ts";
import { number, percent, priceDigits, signedNumber } from "./report-words.ts";

/** What a result rests on: its candles, its doubts, what it was made with. */
export function trust(view: BacktestView, result: BacktestResult): string {
  const used = result.markets ?? [result.data];
  const range = result.policyRange;
  return [
    definitions([
      ...ofCandles(used),
      ...ofDoubts(view, result),
      ...ofPerpetual(view, result),
      ...ofReceipt(result),
    ]),
    used.length > 1 ? `<h3>Candles of each market</h3>${marketsTable(used)}` : "",
    missingFunding(result),
    range && range.parting > 0 ? decidingCandles(range, used) : "",
  ].join("");
}

const sourceOf = ({ source, exchange }: DataUsed): string =>
  source === "synthetic" ? "synthetic: generated, not recorded" : (exchange ?? source);

function ofCandles(used: readonly DataUsed[]): Pair[] {
  const total = (count: (one: DataUsed) => number) =>
    used.reduce((sum, one) => sum + count(one), 0);
  const ofAll = used.length > 1 ? `, of ${used.length} markets` : "";
  return [
    ["Source", [...new Set(used.map(sourceOf))].join(", ")],
    ["Candles", `${number(total(({ rows }) => rows))}${ofAll}`],
    [
      "Gaps",
      `${number(total(({ gaps }) => gaps))} (${number(total(({ missing }) => missing))} candles missing)`,
    ],
    ["Impossible candles", number(total(({ impossible }) => impossible))],
    ["Jumps", number(total(({ jumps }) => jumps))],
  ];
}

function marketsTable(used: readonly DataUsed[]): string {
  const rows = used.map((one): Cell[] => [
    one.symbol,
    one.timeframe,
    sourceOf(one),
    { at: Date.parse(one.first) },
    { at: Date.parse(one.last) },
    shown(number(one.rows)),
    shown(number(one.gaps)),
    shown(number(one.missing)),
    shown(number(one.impossible)),
    shown(number(one.jumps)),
    one.revision,
  ]);
  const heads = [
    "Market",
    "Timeframe",
    "Source",
    "First (UTC)",
    "Last (UTC)",
    "Candles",
    "Gaps",
    "Missing",
    "Impossible",
    "Jumps",
    "Data revision",
  ];
  return table(heads, rows);
}

/** What was done where candles do not say whether stop or target came first. */
const takenInDoubt: Readonly<Record<RunSettings["fillPolicy"] & string, string>> = {
  pessimistic: "the worse was taken",
  path: "the way of the candle's shape was taken, which may be the better",
  detail: "finer candles do not tell either; the worse was taken",
};

function ofDoubts({ quote, settings }: BacktestView, result: BacktestResult): Pair[] {
  const { tradesTouchingGaps, ambiguousCandles, rejectedOrders, refusedLines = [] } = result;
  const { report, warmup } = result;
  const rejected = Object.entries(rejectedOrders).map(([cause, times]) => `${cause} ${times}`);
  const gapProfit = report ? `, profit ${signedNumber(report.gapProfit, 2)} ${quote}` : "";
  const taken = takenInDoubt[settings.fillPolicy ?? "pessimistic"];
  return [
    ["Trades that touched a gap", `${number(tradesTouchingGaps)}${gapProfit}`],
    [
      "Candles with stop and target in doubt",
      ambiguousCandles === 0 ? "none" : `${number(ambiguousCandles)}; ${taken}`,
    ],
    ["Orders refused", rejected.length === 0 ? "none" : rejected.join(", ")],
    ...refusedLines.map(
      ({ name, cause, why }): Pair => [
        "Planned line refused",
        `${name}: ${cause}${why === undefined ? "" : ` (${why})`}`,
      ],
    ),
    ["Candles before the first decision", number(warmup)],
  ];
}

/** Funding and liquidation; nothing of what a run on spot does not have. */
function ofPerpetual({ quote }: BacktestView, result: BacktestResult): Pair[] {
  const { funding, liquidations, liquidationDistance } = result;
  const words: Pair[] = [];
  if (funding) {
    const { payments, total, missing, gaps } = funding;
    const sum = `${signedNumber(total, 2)} ${quote}`;
    words.push(["Funding", `${number(payments)} payments, ${sum} in all`]);
    if (missing > 0) {
      const where = `in ${number(gaps.length)} ${gaps.length === 1 ? "stretch" : "stretches"}`;
      words.push([
        "Funding missing",
        `${number(missing)} payments ${where}, listed below; what was held then paid nothing`,
      ]);
    }
  }
  if (liquidationDistance != null) {
    words.push(["Liquidations", liquidations ? number(liquidations) : "none"]);
    words.push(["Nearest to liquidation", `${percent(liquidationDistance)} of the price`]);
  }
  return words;
}

function ofReceipt({ data, markets, report, fingerprint, engineVersion }: BacktestResult): Pair[] {
  return [
    ...((markets?.length ?? 1) > 1 ? [] : [["Data revision", data.revision] as const]),
    ...(report ? [["Inputs", report.receipt.inputs] as const] : []),
    ["Engine", engineVersion],
    ["Fingerprint", fingerprint],
  ];
}

function missingFunding({ funding }: BacktestResult): string {
  if (!funding || funding.gaps.length === 0) return "";
  const rows = funding.gaps.map(({ fromMs, toMs, missing }): Cell[] => [
    { at: fromMs },
    { at: toMs },
    shown(number(missing)),
  ]);
  const told = funding.gaps.reduce((sum, { missing }) => sum + missing, 0);
  const cut =
    told < funding.missing
      ? `<p class="quiet-text">These hold ${number(told)} of ${number(funding.missing)} missing payments.</p>`
      : "";
  return `<h3>Funding that is missing</h3>${table(["From (UTC)", "To (UTC)", "Payments"], rows)}${cut}`;
}

const policyNames = {
  pessimistic: "Pessimistic",
  path: "Path",
  detail: "Finer candles",
} as const satisfies Readonly<Record<PolicyRange["runs"][number]["policy"], string>>;

/** The candles in which policies part, with what each filled there. */
function decidingCandles(
  { runs, parting, partingAt, partingMarkets, partingFills }: PolicyRange,
  used: readonly DataUsed[],
): string {
  const tick = used.length > 1 ? null : used[0]?.rules?.tick;
  const prices = (partingFills ?? [])
    .flat()
    .flatMap(({ fills }) => fills.map(({ price }) => price));
  const decimals = priceDigits(prices, tick);
  const policies = partingFills ? runs.map(({ policy }) => policy) : [];
  const rows = partingAt.map((at, i): Cell[] => [
    { at },
    ...(partingMarkets ? [partingMarkets[i] ?? ""] : []),
    ...policies.map((policy) => {
      const filled = partingFills?.[i]?.find((one) => one.policy === policy);
      return filled ? fillsText(filled.fills, decimals) : "as the first";
    }),
  ]);
  const heads = [
    "Candle (UTC)",
    ...(partingMarkets ? ["Market"] : []),
    ...policies.map((policy) => policyNames[policy]),
  ];
  const cut =
    parting > partingAt.length
      ? `<p class="quiet-text">The first ${number(partingAt.length)} of ${number(parting)}.</p>`
      : "";
  return `<h3>Candles that decide between the policies</h3>${table(heads, rows)}${cut}`;
}

type Fills = NonNullable<PolicyRange["partingFills"]>[number][number]["fills"];

const fillsText = (fills: Fills, decimals: number): string =>
  fills.length === 0
    ? "nothing filled"
    : fills
        .map(({ side, price, reason }) => {
          const verb = side === "buy" ? "bought" : "sold";
          return `${verb} at ${number(price, decimals)} (${reason})`;
        })
        .join(", ");
