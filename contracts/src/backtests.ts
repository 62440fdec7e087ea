import { z } from "zod";
import { id, instant, pageOf, pageQuery, progress, textOf, timeframe } from "./common.ts";
import { funding, fundingSummary, perpetualTerms, walletLimits } from "./perpetuals.ts";
import { problem } from "./problems.ts";
import { runExplanation, runReport } from "./reports.ts";
import { runSettings, settingFields, wantedSettings } from "./run-settings.ts";
import { parameterValues } from "./strategies.ts";

const ofSeries = { kind: z.literal("series"), seriesId: id };
const ofMarket = {
  kind: z.literal("market"),
  exchange: z.string().max(40),
  symbol: z.string().max(40),
};

const apart = {
  timeframe: timeframe.optional().describe("left out: that of the backtest"),
  funding: funding.nullable().optional().describe("left out: that of the settings"),
};

/** A further market in the same wallet, by the series that holds its candles. */
export const otherSeries = z.object({ ...ofSeries, ...apart }).strict();
export type OtherSeries = z.infer<typeof otherSeries>;

/** A further market in the same wallet. */
export const otherMarket = z.discriminatedUnion("kind", [
  otherSeries,
  z.object({ ...ofMarket, ...apart }).strict(),
]);

const others = z
  .array(otherMarket)
  .max(19)
  .optional()
  .describe("further markets that share the wallet, all with the same quote currency");

/** Where candles come from: a stored series, or a market whose missing candles are fetched first. */
export const candlesWanted = z.discriminatedUnion("kind", [
  z.object({ ...ofSeries, others }).strict(),
  z.object({ ...ofMarket, others }).strict(),
]);

export const backtestRequest = z
  .object({
    title: z.string().max(120).trim().optional(),
    strategy: z.string().max(80),
    /** Leave out for the newest version. */
    version: z.string().max(80).optional(),
    parameters: parameterValues.default({}),
    candles: candlesWanted,
    timeframe,
    from: instant.optional(),
    to: instant.optional().describe("exclusive"),
    settings: wantedSettings.prefault({}),
    /** The fingerprint that the browser computed; the server's run says whether it agrees. */
    expectedFingerprint: z.string().max(80).optional(),
  })
  .strict()
  .meta({
    id: "BacktestRequest",
    examples: [
      {
        strategy: "sma-crossover",
        parameters: { fast: 10, slow: 40 },
        candles: { kind: "market", exchange: "simulator", symbol: "BTC/USDT" },
        timeframe: "15m",
      },
    ],
  });
export type BacktestRequest = z.infer<typeof backtestRequest>;

export const backtestStatus = z.enum(["queued", "running", "done", "failed", "cancelled"]);
export type BacktestStatus = z.infer<typeof backtestStatus>;

/** Numbers in the quote currency or fractions (0.1 is 10 %); null with the reason in `metricReasons`. */
export const metrics = z.record(z.string(), z.number().nullable());

const count = z.number().int().nullable();

export const trade = z
  .object({
    number: z.number().int(),
    market: z.string().describe("symbol"),
    side: z.enum(["long", "short"]),
    quantity: z.number(),
    entryAt: instant.describe("of the first entry"),
    entryPrice: z.number().describe("of several entries their average"),
    exitAt: instant.describe("of the last exit"),
    exitPrice: z.number().describe("of several exits their average"),
    entries: count.describe("fills that entered; null in results that were stored without"),
    exits: count.describe("fills that left; 0 where only the data ended"),
    fees: z.number(),
    funding: z.number().describe("received less paid, in the quote currency"),
    pnl: z.number().describe("after fees and funding, in the quote currency"),
    pnlShare: z.number().describe("pnl over the notional at entry"),
    exitReason: z.string(),
    entryReason: z.string(),
    candles: z.number().int().describe("candles from entry to exit"),
    mae: z.number().describe("worst excursion while open, quote currency, at most 0"),
    mfe: z.number().describe("best excursion while open, quote currency, at least 0"),
    stopPrice: z.number().nullable().describe("stop of the bracket that opened the trade"),
    targetPrice: z.number().nullable().describe("target of the bracket that opened the trade"),
    liquidationPrice: z
      .number()
      .nullable()
      .describe("where the exchange would have taken it at last; null on spot"),
    liquidationDistance: z
      .number()
      .nullable()
      .describe("how near the price came to that: the smallest distance as a share of the price"),
    touchedGap: z
      .boolean()
      .describe("a gap in the data lies inside, or right before entry or exit"),
  })
  .meta({ id: "Trade" });
export type Trade = z.infer<typeof trade>;

/** Points for drawing, at most 2,000; a downsampled curve keeps the extremes of every bucket. */
export const curve = z.object({
  time: z.array(z.number()).describe("ms since epoch"),
  equity: z.array(z.number()),
  drawdown: z.array(z.number()).describe("fraction, at most 0"),
  benchmark: z.array(z.number()).describe("buy and hold with the same capital and one fee"),
});
export type Curve = z.infer<typeof curve>;

export const dataUsed = z.object({
  seriesId: id.nullable(),
  source: z.enum(["exchange", "upload", "synthetic", "file"]),
  exchange: z.string().nullable(),
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  timeframe,
  rows: z.number().int(),
  first: instant,
  last: instant,
  gaps: z.number().int(),
  missing: z.number().int(),
  impossible: z.number().int(),
  jumps: z.number().int(),
  revision: z.string().describe("SHA-256 of the columns used"),
  /** The market's rules as they were; absent in results that were stored without. */
  rules: z
    .object({
      tick: z.number().nullable(),
      lot: z.number().nullable(),
      notionalMin: z.number().nullable(),
    })
    .optional(),
});
export type DataUsed = z.infer<typeof dataUsed>;

/**
 * The same run under each policy. Taking the worse inside every candle is no bound on the end: a stop that was spared may lead
 * to another trade.
 */
export const policyRange = z.object({
  runs: z
    .array(
      z.object({
        policy: settingFields.fillPolicy,
        finalEquity: z.number(),
        netProfitShare: z.number(),
        maxDrawdown: z.number().describe("fraction, at most 0"),
        closedTrades: z.number().int(),
        ambiguousCandles: z.number().int(),
        fingerprint: z.string(),
      }),
    )
    .readonly(),
  parting: z.number().int().describe("candles in which the runs part: same position, other fills"),
  partingAt: z
    .array(z.number())
    .readonly()
    .describe("open times of the first 200 of them, ms since epoch"),
  partingMarkets: z
    .array(z.string())
    .readonly()
    .optional()
    .describe("the market of each of those, where there are several"),
  partingFills: z
    .array(
      z
        .array(
          z.object({
            policy: settingFields.fillPolicy,
            fills: z
              .array(
                z.object({ side: z.enum(["buy", "sell"]), price: z.number(), reason: z.string() }),
              )
              .readonly(),
          }),
        )
        .readonly(),
    )
    .readonly()
    .optional()
    .describe("what each policy that differs filled in each of those; absent in older results"),
});
export type PolicyRange = z.infer<typeof policyRange>;

const refusedLine = z.object({
  name: z.string(),
  side: z.enum(["buy", "sell"]),
  price: z.number().nullable(),
  quantity: z.number().nullable(),
  cause: z.string(),
  why: z
    .string()
    .max(400)
    .optional()
    .describe("the reason with its numbers; absent in older results"),
  at: z.number(),
  times: z.number().int(),
});

export const backtestResult = z
  .object({
    fingerprint: z.string(),
    engineVersion: z.string(),
    metrics,
    metricReasons: z.record(z.string(), z.string()),
    benchmark: metrics,
    curve,
    trades: z.number().int(),
    tradesTouchingGaps: z.number().int(),
    rejectedOrders: z.record(z.string(), z.number().int()).describe("count by cause"),
    refusedLines: z
      .array(refusedLine)
      .readonly()
      .optional()
      .describe("planned orders that a pre-flight refused; absent in older results"),
    ambiguousCandles: z
      .number()
      .int()
      .describe("candles in which the order of stop and target cannot be known"),
    policyRange: policyRange
      .nullish()
      .describe("null where it was not asked for, or the run took too long"),
    funding: fundingSummary.nullish().describe("null on spot"),
    liquidations: z.number().int().optional(),
    liquidationDistance: z
      .number()
      .nullish()
      .describe("the smallest distance of any trade; null where nothing can be liquidated"),
    warmup: z.number().int(),
    /** Absent in results that were stored before there were reports. */
    report: runReport.optional(),
    explanation: runExplanation.optional(),
    data: dataUsed,
    markets: z.array(dataUsed).optional().describe("all of them, where there are several"),
    elapsedMs: z.number(),
  })
  .meta({ id: "BacktestResult" });
export type BacktestResult = z.infer<typeof backtestResult>;

export const backtestView = z
  .object({
    id,
    title: z.string(),
    status: backtestStatus,
    strategy: z.string(),
    strategyTitle: z.string(),
    version: z.string(),
    parameters: parameterValues,
    candles: candlesWanted,
    symbol: z.string(),
    exchange: z.string().nullable(),
    source: z.enum(["exchange", "upload", "synthetic"]),
    quote: z.string(),
    timeframe,
    from: instant.nullable(),
    to: instant.nullable(),
    settings: runSettings,
    progress,
    /** Place in the queue among all, 1 is next; null when not queued. */
    queuePosition: z.number().int().nullable(),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    fingerprint: z.string().nullable(),
    /** Whether the browser's fingerprint and the server's agree; null when there was none to compare. */
    fingerprintAgrees: z.boolean().nullable(),
    /** The figures that lists show. */
    summary: z
      .object({
        netProfitShare: z.number().nullable(),
        cagr: z.number().nullable(),
        maxDrawdown: z.number().nullable(),
        sharpe: z.number().nullable(),
        closedTrades: z.number().nullable(),
        sparkline: z.array(z.number()).describe("at most 60 points of equity"),
      })
      .nullable(),
    problem: problem.nullable(),
  })
  .meta({ id: "Backtest" });
export type BacktestView = z.infer<typeof backtestView>;

export const backtestDetail = backtestView
  .extend({ result: backtestResult.nullable() })
  .meta({ id: "BacktestDetail" });
export type BacktestDetail = z.infer<typeof backtestDetail>;

export const backtestSort = z.enum([
  "createdAt",
  "title",
  "strategy",
  "symbol",
  "netProfitShare",
  "maxDrawdown",
  "sharpe",
  "closedTrades",
]);
export const backtestQuery = pageQuery.extend({
  search: z.string().max(60).default(""),
  status: backtestStatus.optional(),
  strategy: z.string().max(80).optional(),
  sort: backtestSort.default("createdAt"),
  order: z.enum(["asc", "desc"]).default("desc"),
});
export const backtestPage = pageOf(backtestView);

/** The same backtest again, with what is named here changed. */
export const repeatRequest = z
  .object({
    title: z.string().max(120).trim().optional(),
    parameters: parameterValues.optional(),
    timeframe: timeframe.optional(),
    from: instant.nullable().optional(),
    to: instant.nullable().optional(),
    /** What is left out stays as it was. */
    settings: z
      .object({
        ...settingFields,
        perpetual: perpetualTerms.nullable().describe("null: spot"),
        limits: walletLimits,
      })
      .partial()
      .strict()
      .optional(),
  })
  .strict()
  .meta({ id: "RepeatRequest" });

export const tradeQuery = pageQuery.extend({
  pageSize: z.coerce.number().int().min(1).max(5_000).default(200),
  sort: z.enum(["number", "entryAt", "exitAt", "pnl", "pnlShare", "quantity"]).default("number"),
  order: z.enum(["asc", "desc"]).default("asc"),
});
export const tradePage = pageOf(trade);

const idList = z
  .string()
  .regex(
    /^ *[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12} *( *, *[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12} *){1,3}$/,
    "must be 2 to 4 different backtest ids",
  );
/** 2 to 4 backtests side by side. */
export const compareQuery = z.object({
  ids: idList.describe("2 to 4 backtest ids, separated by commas"),
});
export const comparison = z.object({ items: z.array(backtestDetail) }).meta({ id: "Comparison" });

/** A comparison kept under a name. */
export const comparisonRequest = z
  .object({ title: textOf(1, 120), backtestIds: z.array(id).min(2).max(4) })
  .strict()
  .meta({ id: "ComparisonRequest" });
export const savedComparison = z
  .object({ id, title: z.string(), backtestIds: z.array(id), createdAt: instant })
  .meta({ id: "SavedComparison" });
export const savedComparisonList = z
  .object({ items: z.array(savedComparison) })
  .meta({ id: "SavedComparisonList" });
