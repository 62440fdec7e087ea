import { sql as raw, type SQL } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";

const rolesLock = 7_302_009;

/**
 * Holds accounts until the transaction ends. Whoever holds more than one takes them here, all at once and before anything
 * else: users before operators, and each in the order of ids, so that none wait for each other in a circle. Whoever waits
 * for a user holds no operator, who can meanwhile be suspended. Who is an operator must be the same for all who wait, so
 * that whoever makes or unmakes one (`changesRole`) has this to themselves.
 */
export async function lockAccounts(
  transaction: Sql,
  which: SQL,
  { changesRole = false } = {},
): Promise<void> {
  const kind = raw.raw(changesRole ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared");
  await transaction.execute(raw`select ${kind}(${rolesLock})`);
  await transaction.execute(raw`select count(*) from (
    select from users where ${which} order by role = 'admin', id for no key update) held`);
}
