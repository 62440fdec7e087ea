import { and, eq, isNotNull, sql as raw } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";
import { exchangeAccounts, keyChecks } from "./schema.ts";

/** Who stores a key shares this lock; who destroys keys holds it alone: nothing slips in between. */
const lockNumber = 7_203_114;
const turnLock = raw.raw(String(lockNumber));

export async function lockForStoring(transaction: Sql): Promise<void> {
  await transaction.execute(raw`select pg_advisory_xact_lock_shared(${turnLock})`);
}

export async function lockForDestroying(transaction: Sql): Promise<void> {
  await transaction.execute(raw`select pg_advisory_xact_lock(${turnLock})`);
}

/** Destroys, under that lock, the keys of everybody, since they may have leaked, also those that are being tried. Tells whose. */
export async function destroyEveryKey(
  transaction: Sql,
): Promise<readonly { userId: string; exchange: string }[]> {
  await transaction.delete(keyChecks);
  return transaction
    .update(exchangeAccounts)
    .set({
      ...{ credentials: null, state: "needs-key", toldAt: null, destroyedAt: raw`now()` },
      problem: {
        code: "key-needed",
        detail:
          "The operator destroyed all keys, since they may have become known. Delete this key at the exchange, make a new one there and enter it.",
      },
    })
    .where(isNotNull(exchangeAccounts.credentials))
    .returning({ userId: exchangeAccounts.userId, exchange: exchangeAccounts.exchange });
}

/** Destroys the keys of somebody who goes. */
export async function destroyKeysOf(transaction: Sql, userId: string): Promise<void> {
  await transaction.delete(keyChecks).where(eq(keyChecks.userId, userId));
  await transaction
    .update(exchangeAccounts)
    .set({
      ...{ credentials: null, state: "needs-key" },
      problem: {
        code: "key-needed",
        detail: "The key was destroyed when you closed your account. Enter it or another one anew.",
      },
    })
    .where(and(eq(exchangeAccounts.userId, userId), isNotNull(exchangeAccounts.credentials)));
}
