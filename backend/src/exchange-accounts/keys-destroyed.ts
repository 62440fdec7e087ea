import { and, eq, isNotNull, sql as raw } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";
import { exchangeAccounts, keyChecks } from "./schema.ts";

/**
 * Destroys the keys of everybody, since they may have leaked, also those that are being tried; their marks stay, so that
 * none of them comes back. Tells whose. Call it once the site is halted in this transaction: then no key is stored meanwhile.
 */
export async function destroyEveryKey(
  transaction: Sql,
): Promise<readonly { userId: string; exchange: string }[]> {
  await transaction.execute(raw`
    insert into leaked_keys (user_id, exchange, key_mark)
    select user_id, exchange, key_mark from exchange_accounts where credentials is not null
    union select user_id, exchange, key_mark from key_checks where key_mark is not null
    on conflict do nothing`);
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
