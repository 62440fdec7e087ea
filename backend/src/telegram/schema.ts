import { bigint, integer, pgTable, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { users } from "../accounts/schema.ts";

const instant = () => timestamp({ withTimezone: true, precision: 3 });

/** The private chat that gets the messages of a user's inbox and may give a few orders. */
export const telegramLinks = pgTable(
  "telegram_links",
  {
    userId: uuid()
      .primaryKey()
      .references(() => users.id, { onDelete: "cascade" }),
    chatId: text().notNull(),
    chatName: text().notNull(),
    linkedAt: instant().notNull().defaultNow(),
    failures: integer().notNull().default(0),
    nextTryAt: instant().notNull().defaultNow(),
  },
  (table) => [uniqueIndex("telegram_links_by_chat").on(table.chatId)],
);

/** One-time codes that link a chat, as SHA-256; a new one replaces the old. */
export const telegramCodes = pgTable("telegram_codes", {
  userId: uuid()
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  hash: text().notNull(),
  createdAt: instant().notNull().defaultNow(),
});

/** The bot as it was last heard: its name, and the first update that nobody has read. One row. */
export const telegramBot = pgTable("telegram_bot", {
  id: integer().primaryKey(),
  name: text(),
  nextUpdate: bigint({ mode: "number" }).notNull().default(0),
});
