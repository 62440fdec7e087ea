import { bigint, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Workers that live: each renews its row every few seconds. A row older than a minute is a worker that died. */
export const workers = pgTable("workers", {
  id: uuid().primaryKey(),
  host: text().notNull(),
  processId: integer().notNull(),
  queues: text().notNull(),
  startedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  heartbeatAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

/** Jobs wished for by committed transactions and not handed to a queue yet: empty most of the time. */
export const outbox = pgTable("outbox", {
  id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(),
  topic: text().notNull(),
  payload: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
