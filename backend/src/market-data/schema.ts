import type { MarketPrice } from "@trading/contracts/live-markets";
import type { Problem } from "@trading/contracts/problems";
import type { CandleCertificate } from "@trading/engine";
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "../accounts/schema.ts";
import type { CandleRow } from "../exchanges/exchange.ts";

const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({ dataType: () => "bytea" });
const instant = () => timestamp({ withTimezone: true });
const ms = () => bigint({ mode: "number" });

/** A span of time whose candles were asked for and stored: from inclusive, to exclusive, ms. */
export type TimeSpan = readonly [fromMs: number, toMs: number];

/**
 * The candles of one market and timeframe from one source. `revision` grows when stored values were
 * corrected, `version` with every change; `certifiedVersion` says which one the certificate is of.
 */
export const series = pgTable(
  "series",
  {
    id: uuid().primaryKey(),
    source: text({ enum: ["exchange", "upload", "synthetic"] }).notNull(),
    /** The owner of an upload; null: shared. */
    ownerId: uuid().references(() => users.id, { onDelete: "cascade" }),
    exchange: text(),
    symbol: text().notNull(),
    base: text().notNull(),
    quote: text().notNull(),
    timeframe: text().notNull(),
    title: text().notNull(),
    revision: integer().notNull().default(1),
    version: integer().notNull().default(1),
    certifiedVersion: integer().notNull().default(0),
    rows: integer().notNull().default(0),
    firstMs: ms(),
    lastMs: ms(),
    bytes: ms().notNull().default(0),
    duplicates: integer().notNull().default(0),
    gaps: integer().notNull().default(0),
    missing: integer().notNull().default(0),
    warnings: integer().notNull().default(0),
    certificate: jsonb().$type<CandleCertificate>(),
    coverage: real().array().notNull().default(sql`'{}'`),
    /** What was downloaded, so that silent stretches are not asked for again. */
    fetched: jsonb().$type<readonly TimeSpan[]>().notNull().default([]),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("series_identity").on(
      table.source,
      sql`coalesce(${table.ownerId}, '00000000-0000-0000-0000-000000000000'::uuid)`,
      sql`coalesce(${table.exchange}, '')`,
      table.symbol,
      table.timeframe,
    ),
    index("series_owner").on(table.ownerId),
  ],
);

/** Immutable columnar blocks, one per span of 16,384 candles of time; a change replaces the block. */
export const candleChunks = pgTable(
  "candle_chunks",
  {
    seriesId: uuid()
      .notNull()
      .references(() => series.id, { onDelete: "cascade" }),
    bucket: integer().notNull(),
    firstMs: ms().notNull(),
    lastMs: ms().notNull(),
    rows: integer().notNull(),
    data: bytea().notNull(),
  },
  (table) => [primaryKey({ columns: [table.seriesId, table.bucket] })],
);

/** The candles of the newest block of an exchange series, row by row until the next block begins. */
export const candleTail = pgTable(
  "candle_tail",
  {
    seriesId: uuid()
      .notNull()
      .references(() => series.id, { onDelete: "cascade" }),
    timeMs: ms().notNull(),
    open: doublePrecision().notNull(),
    high: doublePrecision().notNull(),
    low: doublePrecision().notNull(),
    close: doublePrecision().notNull(),
    volume: doublePrecision().notNull(),
  },
  (table) => [primaryKey({ columns: [table.seriesId, table.timeMs] })],
);

/** What is known of an exchange's list of markets; a row appears when somebody first asks for it. */
export const exchanges = pgTable("exchanges", {
  id: text().primaryKey(),
  markets: integer().notNull().default(0),
  marketsAt: instant(),
  problem: text(),
  /** When reading the list was last asked for. */
  askedAt: instant(),
});

/** Markets with their rules, as the exchange last told them; null where it does not tell. */
export const markets = pgTable(
  "markets",
  {
    exchange: text().notNull(),
    symbol: text().notNull(),
    base: text().notNull(),
    quote: text().notNull(),
    contract: text({ enum: ["spot", "linear-perpetual"] }).notNull(),
    tick: doublePrecision(),
    lot: doublePrecision(),
    notionalMin: doublePrecision(),
    makerFee: doublePrecision(),
    takerFee: doublePrecision(),
    feeAsset: text(),
    active: boolean().notNull(),
    timeframes: text().array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.exchange, table.symbol] })],
);

/** What somebody looks at right now, and what a worker last read of it; gone soon after nobody looks. */
export const marketWatches = pgTable(
  "market_watches",
  {
    exchange: text().notNull(),
    /** Empty: the prices of all markets. */
    symbol: text().notNull(),
    watchedAt: instant().notNull().defaultNow(),
    /** While a worker reads. */
    claimedAt: instant(),
    readAt: instant(),
    problem: text(),
    answer: jsonb().$type<Readonly<{ prices?: MarketPrice[]; candles?: CandleRow[] }>>(),
  },
  (table) => [primaryKey({ columns: [table.exchange, table.symbol] })],
);

/** Imports and downloads: the row is the work, the job only points at it. */
export const dataTasks = pgTable(
  "data_tasks",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text({ enum: ["import", "download"] }).notNull(),
    title: text().notNull(),
    status: text({ enum: ["queued", "running", "done", "failed", "cancelled"] })
      .notNull()
      .default("queued"),
    /** What was asked for; its shape belongs to the kind. */
    request: jsonb().$type<Record<string, unknown>>().notNull(),
    share: real().notNull().default(0),
    step: text().notNull(),
    remainingMs: ms(),
    rows: integer().notNull().default(0),
    skippedLines: jsonb()
      .$type<readonly { line: number; message: string }[]>()
      .notNull()
      .default([]),
    seriesId: uuid(),
    problem: jsonb().$type<Problem>(),
    cancelAsked: boolean().notNull().default(false),
    /** Grows with every claim; who holds an older one may not write. */
    attempt: integer().notNull().default(0),
    heartbeatAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    finishedAt: instant(),
  },
  (table) => [
    index("data_tasks_user").on(table.userId, table.createdAt),
    index("data_tasks_open").on(table.status).where(sql`${table.status} in ('queued', 'running')`),
  ],
);
