import { sql as raw } from "drizzle-orm";
import { ConfigError } from "./config.ts";
import type { Envelope } from "./platform/envelope.ts";
import { inTransaction, type Sql } from "./platform/postgres.ts";

/** Every column that holds sealed values. The row is its `id`, the owner its `user_id`. */
export const sealedColumns = [
  { table: "mails", column: "secret" },
  { table: "totp_factors", column: "secret" },
  { table: "exchange_accounts", column: "credentials" },
  { table: "key_checks", column: "credentials" },
] as const;

const batchSize = 200;

/** How many values are sealed under each key. */
export async function countByKey(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, column } of sealedColumns) {
    const { rows } = await sql.execute<{ key: string; values: string }>(raw`
      select split_part(${raw.identifier(column)}, '.', 2) as key, count(*) as values
      from ${raw.identifier(table)} where ${raw.identifier(column)} is not null group by 1`);
    for (const { key, values } of rows) counts.set(key, (counts.get(key) ?? 0) + Number(values));
  }
  return counts;
}

/** Throws `ConfigError`: refuses to go on with keys that cannot open what is stored: people would be locked out one by one instead. */
export async function requireKnownKeys(sql: Sql, { keys }: Envelope): Promise<void> {
  if (!(await isMigrated(sql))) return; // There is nothing sealed yet.
  const unknown = [...(await countByKey(sql)).keys()].filter((key) => !keys.includes(key));
  if (unknown.length === 0) return;
  throw new ConfigError([
    `API_ENCRYPTION_KEY does not hold a key (${unknown.join(", ")}) that stored secrets are sealed with; add the old key to its end, after a comma`,
  ]);
}

/**
 * Brings one batch of values under the current key; tells how many. Rows that changed meanwhile are left to the next
 * batch, so that it may run while the platform works, be killed at any time, and start again.
 */
export async function rotateBatch(sql: Sql, envelope: Envelope): Promise<number> {
  for (const { table, column } of sealedColumns) {
    const moved = await inTransaction(sql, async (transaction) => {
      const { rows } = await transaction.execute<{ id: string; user_id: string; sealed: string }>(
        raw`select id, user_id, ${raw.identifier(column)} as sealed from ${raw.identifier(table)}
          where ${raw.identifier(column)} is not null
            and split_part(${raw.identifier(column)}, '.', 2) <> ${envelope.currentKey}
          order by id limit ${batchSize} for update skip locked`,
      );
      for (const { id, user_id: userId, sealed } of rows) {
        const next = await envelope.rewrap(sealed, { table, column, rowId: id, userId });
        await transaction.execute(raw`
          update ${raw.identifier(table)} set ${raw.identifier(column)} = ${next} where id = ${id}`);
      }
      return rows.length;
    });
    if (moved > 0) return moved;
  }
  return 0;
}

/** What is left to rotate. */
export const onOldKeys = (counts: ReadonlyMap<string, number>, currentKey: string): number =>
  [...counts].reduce((sum, [key, values]) => sum + (key === currentKey ? 0 : values), 0);

async function isMigrated(sql: Sql): Promise<boolean> {
  for (const { table } of sealedColumns) {
    const { rows } = await sql.execute<{ there: boolean }>(
      raw`select to_regclass(${table}) is not null as there`,
    );
    if (rows[0]?.there !== true) return false;
  }
  return true;
}
