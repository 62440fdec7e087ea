import { sql as raw } from "drizzle-orm";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { ownedTables } from "./owned-tables.ts";

/** Of no use to anybody but us, or to a thief: hashes, sealed values, and what only counts tries. */
const leftOut = [
  ...["hash", "secret", "password_hash", "public_key", "credential_id", "epoch"],
  ...["credentials", "key_mark"],
];
/** What opens doors and says nothing of the user. */
const tablesLeftOut = [
  "sign_in_links",
  "account_tokens",
  "recovery_codes",
  "passkey_challenges",
  "telegram_codes",
  "key_checks",
];

export type ExportedRows = Record<string, Record<string, unknown>[]>;

/** Everything that is stored under a user's name, of one moment. */
export const exportAccount = (sql: Sql, userId: string): Promise<ExportedRows> =>
  inTransaction(sql, async (transaction) => {
    await transaction.execute(raw`set transaction isolation level repeatable read, read only`);
    const owned = await ownedTables(transaction);
    const data: ExportedRows = { users: await rowsOf(transaction, "users", "id", userId) };
    for (const { table, column } of owned) {
      if (!tablesLeftOut.includes(table))
        data[table] = await rowsOf(transaction, table, column, userId);
    }
    return data;
  });

async function rowsOf(sql: Sql, table: string, column: string, userId: string) {
  const { rows } = await sql.execute<{ row: Record<string, unknown> }>(raw`
    select to_jsonb(t) - ${raw.param(leftOut)}::text[] as row from ${raw.identifier(table)} t
    where ${raw.identifier(column)} = ${userId}`);
  return rows.map(({ row }) => row);
}
