import { mailKinds } from "@trading/contracts/mail";
import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { users } from "../accounts/schema.ts";

const instant = () => timestamp({ withTimezone: true, precision: 3 });

/** `queued` until a mail server took it (`sent`) or nothing more is tried (`dead`). */
export const mailStates = ["queued", "sent", "dead"] as const;

/** Mails on their way: facts, not texts, so that the text is made when it is sent. */
export const mails = pgTable(
  "mails",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text({ enum: mailKinds }).notNull(),
    recipient: text().notNull(),
    /** What the text names: nothing that opens a door. */
    facts: jsonb().$type<Readonly<Record<string, string>>>().notNull().default({}),
    /** The token of a one-time link, sealed; gone once the mail is sent or given up. */
    secret: text(),
    /** After this the mail is of no use, since its link has ended. */
    uselessAt: instant(),
    state: text({ enum: mailStates }).notNull().default("queued"),
    attempts: integer().notNull().default(0),
    nextAttemptAt: instant().notNull().defaultNow(),
    lastError: text(),
    createdAt: instant().notNull().defaultNow(),
    endedAt: instant(),
  },
  (table) => [
    index("mails_due").on(table.nextAttemptAt).where(sql`${table.state} = 'queued'`),
    index("mails_by_age").on(table.createdAt),
    index("mails_by_user").on(table.userId),
  ],
);

/** What development catches instead of sending; production never writes here. */
export const caughtMails = pgTable("caught_mails", {
  id: uuid().primaryKey(),
  kind: text({ enum: mailKinds }).notNull(),
  recipient: text().notNull(),
  subject: text().notNull(),
  text: text().notNull(),
  html: text().notNull(),
  at: instant().notNull().defaultNow(),
});

/** What happened to an account, as the bell shows it; facts, like those of mails. */
export const inboxMessages = pgTable(
  "inbox_messages",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text({ enum: mailKinds }).notNull(),
    facts: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
    createdAt: instant().notNull().defaultNow(),
    readAt: instant(),
    /** When a linked chat got it too. */
    passedOnAt: instant(),
  },
  (table) => [
    index("inbox_messages_by_user").on(table.userId, table.createdAt),
    index("inbox_messages_by_age").on(table.createdAt),
  ],
);
