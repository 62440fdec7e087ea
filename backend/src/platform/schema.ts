import { integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Workers that live: each renews its row every few seconds. A row older than a minute is a worker that died. */
export const workers = pgTable("workers", {
  id: uuid().primaryKey(),
  host: text().notNull(),
  processId: integer().notNull(),
  queues: text().notNull(),
  startedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  heartbeatAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
