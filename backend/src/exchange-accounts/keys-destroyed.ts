import { and, eq, isNotNull, sql as raw } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";
import { exchangeAccounts, keyChecks } from "./schema.ts";

/**
 * Destroys the keys of everybody, since they may have leaked, also those that are being tried; their marks stay, so that
 * none of them comes back, and each owner is told. Tells whose. Call it once the site is halted in this transaction: then no key is stored meanwhile.
 */
export async function destroyEveryKey(
  transaction: Sql,
): Promise<readonly { userId: string; exchange: string }[]> {
  const { rows } = await transaction.execute<{ userId: string; exchange: string }>(raw`
    insert into leaked_keys (user_id, exchange, key_mark, key_end, label)
    select user_id, exchange, key_mark, key_end, label from exchange_accounts
      where credentials is not null
    union all select user_id, exchange, key_mark, key_end, null from key_checks
      where key_mark is not null
    on conflict do nothing
    returning user_id as "userId", exchange`);
  await transaction.delete(keyChecks);
  await transaction
    .update(exchangeAccounts)
    .set({
      ...{ credentials: null, state: "needs-key", toldAt: null, destroyedAt: raw`now()` },
      problem: {
        code: "key-needed",
        detail:
          "The operator destroyed all keys, since they may have become known. Delete this key at the exchange, make a new one there and enter it.",
      },
    })
    .where(isNotNull(exchangeAccounts.credentials));
  return rows;
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
