import { sql as raw } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";

/** Every table whose rows name their owner, as the database has them: none can be forgotten. */
export async function ownedTables(sql: Sql): Promise<readonly { table: string; column: string }[]> {
  const { rows } = await sql.execute<{ table: string; column: string }>(raw`
    select c.table_name as table, c.column_name as column
    from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
      and c.column_name in ('user_id', 'owner_id')
    order by 1`);
  return rows;
}
