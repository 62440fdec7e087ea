import { bigint, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Processes that live: each renews its row every few seconds. A row older than a minute is one that died. */
export const workers = pgTable("workers", {
  id: uuid().primaryKey(),
  kind: text({ enum: ["web", "worker"] })
    .notNull()
    .default("worker"),
  host: text().notNull(),
  processId: integer().notNull(),
  queues: text().notNull(),
  startedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  heartbeatAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

/**
 * The oldest versions of the platform that may serve this database, as migrations name them: one that takes away what
 * earlier versions use adds its version here. The highest counts.
 */
export const servedVersions = pgTable("served_versions", {
  oldest: text().primaryKey(),
  since: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

/** Jobs wished for by committed transactions and not handed to a queue yet: empty most of the time. */
export const outbox = pgTable("outbox", {
  id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  topic: text().notNull(),
  payload: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

/** How full each queue is, as a worker last counted: the web process opens no queue. */
export const queueReports = pgTable("queue_reports", {
  queue: text().primaryKey(),
  waiting: integer().notNull(),
  active: integer().notNull(),
  delayed: integer().notNull(),
  dead: integer().notNull(),
  deadJobs: jsonb().$type<readonly DeadJob[]>().notNull(),
  at: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

/** A job that failed as often as it may. */
export type DeadJob = Readonly<{
  id: string;
  name: string;
  reason: string;
  attempts: number;
  at: string;
}>;
