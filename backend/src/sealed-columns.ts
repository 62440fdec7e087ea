import { sql as raw } from "drizzle-orm";
import { ConfigError } from "./config.ts";
import { type Envelope, type Place, SealBroken } from "./platform/envelope.ts";
import { inTransaction, type Sql } from "./platform/postgres.ts";

/** Every column that holds sealed values. The row is its `id`, the owner its `user_id`. */
export const sealedColumns = [
  { table: "mails", column: "secret" },
  { table: "totp_factors", column: "secret" },
  { table: "exchange_accounts", column: "credentials" },
  { table: "key_mark_secrets", column: "secret" },
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

/** Where a value stands that does not open; never what it is. */
export type BrokenSeal = Readonly<{ table: string; column: string; id: string }>;
type Rotated = Readonly<{ moved: number; broken: readonly BrokenSeal[] }>;

/**
 * Brings every value under the current key, in small transactions, until none can be moved: it may run while the platform
 * works, be killed at any time, and start again. A value that does not open is left as it is and named.
 */
export async function rotateAll(sql: Sql, envelope: Envelope): Promise<Rotated> {
  for (let moved = 0; ; ) {
    const round = await rotateOnce(sql, envelope);
    moved += round.moved;
    if (round.moved === 0) return { moved, broken: round.broken };
  }
}

/** Rows that somebody works on are left to the next round. */
async function rotateOnce(sql: Sql, envelope: Envelope): Promise<Rotated> {
  const broken: BrokenSeal[] = [];
  let moved = 0;
  for (const sealed of sealedColumns) {
    for (let last: string | null = null; ; ) {
      const batch = await rotateBatch(sql, envelope, sealed, last);
      moved += batch.moved;
      broken.push(...batch.broken);
      last = batch.last;
      if (last === null) break;
    }
  }
  return { moved, broken };
}

type Batch = Rotated & Readonly<{ last: string | null }>;

/** The next rows behind the last one; `last` is null when there were none. */
const rotateBatch = (
  sql: Sql,
  envelope: Envelope,
  { table, column }: (typeof sealedColumns)[number],
  after: string | null,
): Promise<Batch> =>
  inTransaction(sql, async (transaction) => {
    const { rows } = await transaction.execute<{ id: string; user_id: string; sealed: string }>(
      raw`select id, user_id, ${raw.identifier(column)} as sealed from ${raw.identifier(table)}
        where ${raw.identifier(column)} is not null
          and split_part(${raw.identifier(column)}, '.', 2) <> ${envelope.currentKey}
          and (${after}::uuid is null or id > ${after}::uuid)
        order by id limit ${batchSize} for update skip locked`,
    );
    const broken: BrokenSeal[] = [];
    for (const { id, user_id: userId, sealed } of rows) {
      const next = await rewrapped(envelope, sealed, { table, column, rowId: id, userId });
      if (next === null) broken.push({ table, column, id });
      else
        await transaction.execute(raw`
          update ${raw.identifier(table)} set ${raw.identifier(column)} = ${next} where id = ${id}`);
    }
    return { moved: rows.length - broken.length, broken, last: rows.at(-1)?.id ?? null };
  });

/** Null for a value that does not open. */
async function rewrapped(envelope: Envelope, sealed: string, place: Place): Promise<string | null> {
  try {
    return await envelope.rewrap(sealed, place);
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
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
