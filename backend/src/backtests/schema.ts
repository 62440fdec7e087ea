import type { BacktestRequest, BacktestResult, BacktestView } from "@trading/contracts/backtests";
import type { Problem } from "@trading/contracts/problems";
import type { RunSettings } from "@trading/contracts/run-settings";
import type { ParameterValues } from "@trading/contracts/strategies";
import { sql } from "drizzle-orm";
import {
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "../accounts/schema.ts";
import { strategyVersions } from "../strategies/schema.ts";

const instant = () => timestamp({ withTimezone: true, precision: 3 });
const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const owner = () =>
  uuid()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

export const backtests = pgTable(
  "backtests",
  {
    /** Version 7, so the order of ids is the order of asking. */
    id: uuid().primaryKey(),
    userId: owner(),
    title: text().notNull(),
    status: text({ enum: ["queued", "running", "done", "failed", "cancelled"] })
      .notNull()
      .default("queued"),
    strategy: text().notNull(),
    strategyTitle: text().notNull(),
    version: text()
      .notNull()
      .references(() => strategyVersions.version),
    parameters: jsonb().$type<ParameterValues>().notNull(),
    candles: jsonb().$type<BacktestRequest["candles"]>().notNull(),
    symbol: text().notNull(),
    exchange: text(),
    source: text({ enum: ["exchange", "upload", "synthetic"] }).notNull(),
    quote: text().notNull(),
    timeframe: text().$type<BacktestRequest["timeframe"]>().notNull(),
    fromAt: instant(),
    toAt: instant(),
    settings: jsonb().$type<RunSettings>().notNull(),
    expectedFingerprint: text(),

    share: real().notNull().default(0),
    step: text().notNull().default("Waiting in the queue"),
    remainingMs: integer(),
    createdAt: instant().notNull().defaultNow(),
    startedAt: instant(),
    finishedAt: instant(),

    /** Who runs it, which try it is, and when that worker was last heard of. A result counts for its own try only. */
    workerId: uuid(),
    attempt: integer().notNull().default(0),
    heartbeatAt: instant(),

    fingerprint: text(),
    fingerprintAgrees: boolean(),
    summary: jsonb().$type<NonNullable<BacktestView["summary"]>>(),
    /** Of the summary, so that lists can be sorted by them. */
    netProfitShare: doublePrecision(),
    maxDrawdown: doublePrecision(),
    sharpe: doublePrecision(),
    closedTrades: integer(),
    problem: jsonb().$type<Problem>(),
  },
  (table) => [
    index("backtests_by_user").on(table.userId, table.id),
    index("backtests_queued").on(table.userId, table.id).where(sql`status = 'queued'`),
    index("backtests_running").on(table.userId, table.workerId).where(sql`status = 'running'`),
  ],
);

/** Written once, by the try that finished; apart from the list, which never reads it. */
export const backtestResults = pgTable("backtest_results", {
  backtestId: uuid()
    .primaryKey()
    .references(() => backtests.id, { onDelete: "cascade" }),
  result: jsonb().$type<BacktestResult>().notNull(),
  /** JSON of all trades, compressed with zstd. */
  trades: bytes().notNull(),
  /** The same of all fills; null in results that were stored without. */
  fills: bytes(),
});

/** When each user was last served: the next turn is of whoever waits longest. */
export const backtestTurns = pgTable("backtest_turns", {
  userId: uuid()
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  servedAt: instant().notNull().default(sql`'-infinity'`),
});

/** Two to four backtests kept side by side under a name; one that was deleted is left out. */
export const comparisons = pgTable(
  "comparisons",
  {
    id: uuid().primaryKey(),
    userId: owner(),
    title: text().notNull(),
    backtestIds: uuid().array().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (table) => [index("comparisons_by_user").on(table.userId, table.id)],
);
