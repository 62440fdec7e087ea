import { sql as raw, type SQL } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";

/**
 * Holds accounts until the transaction ends. Whoever holds more than one takes them here, all at once and before anything
 * else: users before operators, and each in the order of ids, so that none wait for each other in a circle. Whoever waits
 * for a user holds no operator, who can meanwhile be suspended.
 */
export async function lockAccounts(transaction: Sql, which: SQL): Promise<void> {
  await transaction.execute(raw`select count(*) from (
    select from users where ${which} order by role = 'admin', id for no key update) held`);
}
