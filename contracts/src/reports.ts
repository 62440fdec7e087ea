import { z } from "zod";

/** What a report says beyond single figures. Times are ms since epoch, money is in the quote currency, 0.1 is 10 %. */

const nullable = z.number().nullable();

/** Closed trades that have something in common. */
export const tradeGroup = z
  .object({
    key: z
      .string()
      .describe(
        "a market, `long`, a reason, regime `up low`, hour `13`, weekday `1` (Monday) to `7`, `2024-01`, …",
      ),
    trades: z.number().int(),
    won: z.number().int(),
    lost: z.number().int(),
    net: z.number().describe("sum of pnl, after fees"),
    fees: z.number(),
    winShare: nullable.describe("won over trades"),
    profitFactor: nullable.describe("profits over losses; null where none lost"),
    average: z.number().describe("mean pnl"),
    averageShare: z.number().describe("mean of pnl over the notional at entry"),
    best: z.number(),
    worst: z.number(),
    averageDays: z.number(),
  })
  .meta({ id: "TradeGroup" });
export type TradeGroup = z.infer<typeof tradeGroup>;

const groups = z.array(tradeGroup);
/** Hours, weekdays, months and years are those of the entry's candle, UTC. */
export const groupings = z.object({
  market: groups,
  side: groups,
  entryReason: groups,
  exitReason: groups,
  entryAndExit: groups.describe("key is `entry → exit`"),
  /** Absent in results that were stored without. */
  regime: groups
    .optional()
    .describe("trend and volatility before the candle of the entry; docs/engine.md says how"),
  hour: groups,
  weekday: groups,
  month: groups,
  year: groups,
});
export type Groupings = z.infer<typeof groupings>;

/** Growth of the equity within a month (`2024-01`) or a year (`2024`), UTC. */
export const periodReturn = z.object({
  key: z.string(),
  share: nullable.describe("null where the equity was not above zero"),
  benchmark: nullable.describe("buy and hold"),
  isWhole: z.boolean().describe("false for a first or last period that the candles cover in part"),
});
export type PeriodReturn = z.infer<typeof periodReturn>;

export const drawdown = z.object({
  startAt: z.number().describe("when the peak was reached"),
  troughAt: z.number(),
  recoveredAt: nullable.describe("null where it lasts at the end"),
  depth: z.number().describe("fraction of the peak, above 0"),
  money: z.number(),
  days: z.number().describe("from the peak to the recovery, or to the end"),
  daysToTrough: z.number(),
});
export type Drawdown = z.infer<typeof drawdown>;

/** Closed trades by size of something; `from` belongs to the bucket, `to` to the next. */
export const bucket = z.object({
  from: z.number(),
  to: z.number(),
  won: z.number().int(),
  lost: z.number().int().describe("lost or gave nothing"),
});
export type Bucket = z.infer<typeof bucket>;

/** What a result was made from and what came out, in hashes: who has the same gets the same. */
const receipt = z.object({
  engineVersion: z.string(),
  strategyVersion: z.string(),
  inputs: z.string().describe("SHA-256 of parameters, settings, market rules and timeframe"),
  dataRevision: z.string(),
  fingerprint: z.string(),
});

/** What a report holds besides metrics; computed with every run. */
export const runReport = z
  .object({
    groupings,
    months: z.array(periodReturn),
    years: z.array(periodReturn),
    rollingSharpe: z.object({
      windowDays: z.number().int(),
      time: z.array(z.number()).describe("ends of the windows, at most 1,000"),
      sharpe: z.array(nullable),
    }),
    drawdowns: z.array(drawdown).describe("the 20 deepest, deepest first"),
    distributions: z.object({
      profit: z.array(bucket).describe("pnl over the notional at entry"),
      mae: z.array(bucket).describe("worst excursion over the notional at entry, at most 0"),
      mfe: z.array(bucket).describe("best excursion over the notional at entry"),
    }),
    gapProfit: z.number().describe("pnl of the trades that touched a gap"),
    receipt,
    /** Freqtrade's figures under its names, by its formulas; null where it prints a stand-in number. */
    freqtrade: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  })
  .meta({ id: "RunReport" });
export type RunReport = z.infer<typeof runReport>;

export const costKind = z.enum(["fees", "slippage", "funding", "missed", "rounding"]);
export type CostKind = z.infer<typeof costKind>;

/**
 * From the gross profit to the net one. Each step is the difference between two runs that place the same orders: one
 * with this cost and those before it, one with those before it alone. Gross and steps sum to net.
 */
export const waterfall = z.object({
  gross: z.number(),
  steps: z.array(
    z.object({
      kind: costKind,
      amount: z.number().describe("what it added to the profit; below 0 it cost"),
      isUsed: z.boolean().describe("false where the run knows no such cost; then 0"),
    }),
  ),
  net: z.number(),
});
export type Waterfall = z.infer<typeof waterfall>;

/** What takes further runs to know; null with the sentence why in `reasons`. */
export const runExplanation = z
  .object({
    waterfall: waterfall.nullable(),
    reasons: z.record(z.string(), z.string()),
  })
  .meta({ id: "RunExplanation" });
export type RunExplanation = z.infer<typeof runExplanation>;

export const verdict = z.enum([
  "same",
  "data-changed",
  "strategy-changed",
  "inputs-changed",
  "other-engine",
  "different",
]);
export type Verdict = z.infer<typeof verdict>;

/** Of results stored before there were reports, the hash of the inputs is unknown. */
const keptReceipt = receipt.extend({ inputs: z.string().nullable() });

/** A result held against a fresh run of the same backtest. */
export const verification = z
  .object({
    verdict,
    sentence: z.string(),
    before: keptReceipt,
    now: keptReceipt,
  })
  .meta({ id: "Verification" });
export type Verification = z.infer<typeof verification>;
