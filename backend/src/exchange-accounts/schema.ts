import {
  type ConnectableExchange,
  type ExchangeAccountState,
  exchangeAccountStates,
  type KeyPermissions,
} from "@trading/contracts/exchange-accounts";
import { sql } from "drizzle-orm";
import {
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "../accounts/schema.ts";
import type { KeyReading } from "../exchanges/key-reader.ts";

const instant = () => timestamp({ withTimezone: true, precision: 3 });
const createdAt = () => instant().notNull().defaultNow();
const userId = () =>
  uuid()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** Why a key does not work, in the words of a problem document. */
export type KeyProblem = Readonly<{ code: string; detail: string; retryAfter?: number }>;
export type KeyAnswer =
  | Readonly<{ kind: "read"; reading: KeyReading }>
  | Readonly<{ kind: "failed"; problem: KeyProblem }>;

/** Accounts at exchanges, each with the key that opens it. */
export const exchangeAccounts = pgTable(
  "exchange_accounts",
  {
    id: uuid().primaryKey(),
    userId: userId(),
    exchange: text().$type<ConnectableExchange>().notNull(),
    label: text().notNull(),
    /** Keyed hash of exchange and key: tells its owner a key that comes again, and nobody that two have the same. */
    keyMark: text().notNull(),
    keyEnd: text().notNull(),
    /** Key and secret, sealed; null: destroyed. */
    credentials: text(),
    state: text({ enum: exchangeAccountStates }).$type<ExchangeAccountState>().notNull(),
    problem: jsonb().$type<KeyProblem>(),
    permissions: jsonb().$type<KeyPermissions>().notNull(),
    checkedAt: createdAt(),
    enteredAt: createdAt(),
    /** When the key was destroyed since it may have leaked, and when the owner was told so: of the last one it had. */
    destroyedAt: instant(),
    toldAt: instant(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("exchange_accounts_by_key").on(table.userId, table.keyMark)],
);

/** What the marks of a user's keys are made with, sealed. */
export const keyMarkSecrets = pgTable(
  "key_mark_secrets",
  { id: uuid().primaryKey(), userId: userId(), secret: text().notNull() },
  (table) => [uniqueIndex("key_mark_secrets_by_user").on(table.userId)],
);

/**
 * Keys that were destroyed since they may have leaked: their marks, and what their owner is told. They outlive their
 * exchange account, not its owner.
 */
export const leakedKeys = pgTable(
  "leaked_keys",
  {
    userId: userId(),
    exchange: text().$type<ConnectableExchange>().notNull(),
    keyMark: text().notNull(),
    keyEnd: text().notNull(),
    /** What the owner called the account; null: the key was only being tried. */
    label: text(),
    destroyedAt: createdAt(),
    toldAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.keyMark] }),
    index("leaked_keys_untold").on(table.userId).where(sql`${table.toldAt} is null`),
  ],
);

/**
 * Questions to exchanges: web asks, a worker answers, since only workers speak to exchanges. Rows live for seconds; a
 * new key is in `credentials` until it is answered and in an account only if it is fit for one.
 */
export const keyChecks = pgTable(
  "key_checks",
  {
    id: uuid().primaryKey(),
    userId: userId(),
    exchange: text().$type<ConnectableExchange>().notNull(),
    /** Whose stored key is asked about; null: the key of `credentials`. */
    accountId: uuid().references(() => exchangeAccounts.id, { onDelete: "cascade" }),
    credentials: text(),
    keyMark: text(),
    keyEnd: text(),
    answer: jsonb().$type<KeyAnswer>(),
    createdAt: createdAt(),
  },
  (table) => [index("key_checks_by_user").on(table.userId)],
);
