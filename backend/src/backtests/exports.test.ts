import type { BacktestResult, BacktestView, Trade } from "@trading/contracts/backtests";
import { tradesCsv } from "@trading/contracts/csv";
import type { RunReport, TradeGroup } from "@trading/contracts/reports";
import { expect, test } from "vitest";
import { reportHtml } from "./report.ts";
import { compressRows, readTrades, sortTrades } from "./trades.ts";

const trade = (changed: Partial<Trade> = {}): Trade => ({
  number: 1,
  market: "BTC/USDT",
  side: "long",
  quantity: 0.5,
  entryAt: "2024-01-01T00:00:00.000Z",
  entryPrice: 100,
  exitAt: "2024-01-02T00:00:00.000Z",
  exitPrice: 90,
  fees: 0.1,
  funding: 0,
  entries: 1,
  exits: 1,
  pnl: -5.1,
  pnlShare: -0.102,
  exitReason: "signal",
  entryReason: "signal",
  candles: 24,
  mae: -6,
  mfe: 1,
  stopPrice: null,
  targetPrice: null,
  liquidationPrice: null,
  liquidationDistance: null,
  touchedGap: false,
  ...changed,
});

test.each([
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\rx", '"\'\rx"'],
  ['a,"b"', '"a,""b"""'],
  ["stop", "stop"],
])("a text cell %j is written as %j", (reason, written) => {
  const line = tradesCsv([trade({ exitReason: reason })]).split("\r\n")[1];
  expect(line).toContain(`,signal,${written},24,`);
});

test("numbers stay numbers, also below zero and very small", () => {
  const csv = tradesCsv([trade({ fees: 1e-9 })]);
  expect(csv).toContain(",-5.1,-0.102,");
  expect(csv).toContain(",1e-9,");
  expect(csv.split("\r\n")[0]).toMatch(/^number,side,quantity,entryAt/);
});

test("a trade without a bracket leaves its cells empty", () => {
  const csv = tradesCsv([trade({ targetPrice: 110 })]);
  expect(csv).toContain(",-6,1,,110,false,BTC/USDT,0,,,1,1\r\n");
});

test("trades are sorted and come back from compression as they were", async () => {
  const trades = [
    trade({ number: 1, pnl: 3 }),
    trade({ number: 2, pnl: -1 }),
    trade({ number: 3, pnl: 3 }),
  ];
  expect(sortTrades(trades, "pnl", "desc").map((one) => one.number)).toEqual([1, 3, 2]);
  expect(sortTrades(trades, "pnl", "asc").map((one) => one.number)).toEqual([2, 1, 3]);
  expect(await readTrades(await compressRows(trades), "BTC/USDT")).toEqual(trades);
});

test("trades stored before they had brackets, a market or funding are read without any", async () => {
  const { stopPrice, targetPrice, market, funding, entries, exits, ...old } = trade();
  const stored = await compressRows([old as Trade]);
  const read = {
    ...trade({ stopPrice, targetPrice, market, funding }),
    entries: null,
    exits: null,
  };
  expect(await readTrades(stored, "BTC/USDT")).toEqual([read]);
});

const group = (key: string): TradeGroup => ({
  key,
  trades: 2,
  won: 1,
  lost: 1,
  net: 3,
  fees: 1,
  winShare: 0.5,
  profitFactor: 2,
  average: 1.5,
  averageShare: 0.01,
  best: 4,
  worst: -1,
  averageDays: 1,
});

/** One of everything. */
function fullReport({ key }: { key: string }): RunReport {
  const month = { share: 0.125, benchmark: 0.1, isWhole: false };
  const bucket = { from: 0, to: 0.01, won: 1, lost: 1 };
  return {
    groupings: {
      market: [group(key), group("other")],
      side: [group("long"), group("short")],
      entryReason: [group(key)],
      exitReason: [group(key), group("stop")],
      entryAndExit: [group(key)],
      regime: [group("up low"), group("down high")],
      hour: [],
      weekday: [group("1"), group("7")],
      month: [],
      year: [],
    },
    months: [{ key: "2024-01", ...month }],
    years: [{ key: "2024", ...month }],
    rollingSharpe: { windowDays: 30, time: [0, 86_400_000], sharpe: [1, null] },
    drawdowns: [
      {
        startAt: 0,
        troughAt: 1,
        recoveredAt: null,
        depth: 0.1,
        money: 1,
        days: 1,
        daysToTrough: 1,
      },
    ],
    distributions: { profit: [bucket], mae: [], mfe: [bucket] },
    gapProfit: 0,
    receipt: {
      engineVersion: "1",
      strategyVersion: "v",
      inputs: "i",
      dataRevision: "r",
      fingerprint: "f",
    },
    freqtrade: { total_trades: 2, timeframe: key, sharpe: null },
  };
}

const evil = `<img src=x onerror=alert(1)>"'&`;
const view = {
  title: evil,
  strategy: "tried",
  strategyTitle: evil,
  version: "v",
  symbol: evil,
  exchange: evil,
  quote: "USDT",
  timeframe: "1h",
  parameters: { [evil]: evil },
  settings: { capital: 1, makerFee: 0, takerFee: 0, slippageBps: 0 },
} as unknown as BacktestView;
const result = {
  fingerprint: "f",
  engineVersion: "1",
  metrics: { netProfitShare: 0.5, sharpe: null },
  metricReasons: { sharpe: evil },
  benchmark: {},
  curve: {
    time: [0, 1e9, 2e9],
    equity: [1, 2, 1.5],
    drawdown: [0, 0, -0.25],
    benchmark: [1, 1, 1],
  },
  trades: 1,
  tradesTouchingGaps: 0,
  rejectedOrders: { [evil]: 1 },
  ambiguousCandles: 0,
  warmup: 0,
  data: {
    rows: 3,
    first: "2024-01-01T00:00:00.000Z",
    last: "2024-02-01T00:00:00.000Z",
    gaps: 0,
    missing: 0,
    impossible: 0,
    jumps: 0,
    revision: "r",
    source: "synthetic",
  },
} as unknown as BacktestResult;

const table = {
  fast: {
    kind: "percent",
    label: "Fast <b>",
    help: "",
    default: 0.02,
    min: 0,
    max: 1,
    step: 0.01,
  },
} as const;
const report = fullReport({ key: evil });
const explanation = {
  waterfall: {
    gross: 10,
    steps: [{ kind: "fees" as const, amount: -3, isUsed: true }],
    net: 7,
  },
  reasons: {},
};

test("a report tells parameters, costs, months, falls and groups in words", () => {
  const words = reportHtml(
    { ...view, parameters: { fast: 0.02 } },
    { ...result, report, explanation },
    [],
    table,
  );
  expect(words).toContain("<dt>Fast &lt;b&gt;</dt><dd>2 %</dd>");
  expect(words).toMatch(/Gross profit.*10\.00.*Fees.*−3\.00.*Net profit.*7\.00/);
  expect(words).toMatch(/2024<\/td>.*\+12\.50\*/);
  expect(words).toMatch(/By side.*long/);
  expect(words).toContain("not yet");
  expect(words).toContain("<dt>First candle</dt><dd>2024-01-01 00:00 UTC</dd>");
  expect(words).toContain("total_trades");
});

test("a report holds no markup that came with the data, and asks nothing of a network", () => {
  const html = reportHtml(
    view,
    { ...result, report, explanation },
    [trade({ exitReason: evil })],
    table,
  );
  expect(html).not.toContain("<img");
  expect(html).not.toMatch(/<script|javascript:|https?:\/\//);
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("hypothetical");
  expect(html).toContain("<polyline");
  expect(html).toContain("synthetic: generated, not recorded");
  expect(html).toContain("Net profit over capital.");
});

test("a report without trades and with one candle is still a report", () => {
  const small = { ...result, curve: { time: [0], equity: [1], drawdown: [0], benchmark: [1] } };
  expect(reportHtml(view, small as BacktestResult, [], {})).toContain("No trades.");
});

test("a report says where funding is missing, what can be liquidated, and which candles decide", () => {
  const tiers = [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }];
  const perpetual = { leverage: 5, marginMode: "isolated", tiers, liquidationFee: 0.0125 };
  const settings = { ...view.settings, fillPolicy: "path", perpetual };
  const gap = { fromMs: 0, toMs: 86_400_000, missing: 3 };
  const run = { finalEquity: 1, maxDrawdown: 0, closedTrades: 1, ambiguousCandles: 1 };
  const words = reportHtml(
    { ...view, settings } as BacktestView,
    {
      ...result,
      ambiguousCandles: 2,
      funding: { total: -317.5, payments: 782, missing: 3, gaps: [gap] },
      liquidations: 0,
      liquidationDistance: 0.031,
      policyRange: {
        runs: (["path", "pessimistic"] as const).map((policy) => ({
          ...run,
          policy,
          netProfitShare: -0.0004,
          fingerprint: "f",
        })),
        parting: 1,
        partingAt: [86_400_000],
        partingFills: [
          [
            { policy: "path", fills: [{ side: "sell", price: 103, reason: "target" }] },
            { policy: "pessimistic", fills: [{ side: "sell", price: 98.5, reason: "stop" }] },
          ],
        ],
      },
      data: { ...result.data, rules: { tick: 0.01, lot: null, notionalMin: null } },
    },
    [trade({ funding: -1.5, liquidationPrice: 80, liquidationDistance: 0.031 })],
    {},
  );
  expect(words).toContain("<dt>Margin tier</dt><dd>1 % must stay, at most 50×</dd>");
  expect(words).toContain("<dt>Liquidation fee</dt><dd>1.25 % of the notional</dd>");
  expect(words).toContain("<dd>782 payments, −317.50 USDT in all</dd>");
  expect(words).toContain("3 payments in 1 stretch, listed below");
  expect(words).toMatch(/1970-01-01 00:00<\/td><td class="at">1970-01-02 00:00<\/td>.*>3</);
  expect(words).toContain("<dd>3.10 % of the price</dd>");
  expect(words).toContain("2; the way of the candle");
  expect(words).not.toContain("the worse was taken");
  expect(words).toContain("path −0.04 %");
  expect(words).toMatch(/sold at 103\.00 \(target\).*sold at 98\.50 \(stop\)/);
  expect(words).toMatch(/Funding<\/th>.*Nearest to liquidation<\/th>.*>−1\.50</);
});

test("a report of several markets tells the candles of each", () => {
  const used = ["BTC/USDT", "ETH/USDT"].map((symbol, place) => ({
    ...result.data,
    symbol,
    timeframe: "1h" as const,
    rows: 1_000 + place,
    gaps: 2,
    missing: 5,
  }));
  const words = reportHtml(view, { ...result, markets: used }, [], {});
  expect(words).toContain("<dd>2,001, of 2 markets</dd>");
  expect(words).toContain("<dd>4 (10 candles missing)</dd>");
  expect(words).toMatch(/<td>BTC\/USDT<\/td>.*1,000.*<td>ETH\/USDT<\/td>.*1,001/);
});

test("a line is broken where there is no value", () => {
  const words = reportHtml(view, { ...result, report }, [], {});
  expect(words).toMatch(/Sharpe over 30 days.*points="0\.0,250\.0"/s);
});
