import { sql as raw } from "drizzle-orm";
import type { Sql } from "./postgres.ts";

/** Any number of our own: who lets work begin shares it, who halts the site has it alone. */
const standstillLock = 7_302_007;

/**
 * Whether the operator lets work begin. Until the transaction ends nobody can halt the site: what it begins has begun
 * before.
 */
export async function mayBegin(transaction: Sql): Promise<boolean> {
  await transaction.execute(raw`select pg_advisory_xact_lock_shared(${standstillLock})`);
  const { rows } = await transaction.execute<{ is_halted: boolean }>(
    raw`select is_halted from site_settings order by version desc limit 1`,
  );
  return rows[0]?.is_halted !== true;
}

/** Nothing begins while this transaction decides whether it may. */
export const holdWork = (transaction: Sql) =>
  transaction.execute(raw`select pg_advisory_xact_lock(${standstillLock})`);
