import { csv } from "@trading/contracts/csv";
import type {
  AnyExchangeAccount,
  anyExchangeAccountFilter,
  anyExchangeAccountPage,
} from "@trading/contracts/key-care";
import { sql as raw, type SQL } from "drizzle-orm";
import type { z } from "zod";
import type { Sql } from "../platform/postgres.ts";

type Filter = z.infer<typeof anyExchangeAccountFilter>;
type Page = z.infer<typeof anyExchangeAccountPage>;

/** Accounts at exchanges of everybody as operators see them: whose, where and in what state; of a key its end only. */
export function createAnyExchangeAccounts(sql: Sql) {
  const read = async (filter: Filter, limit: number, offset: number) => {
    const { rows } = await sql.execute<Row>(raw`
      select a.*, u.name as user_name from exchange_accounts a join users u on u.id = a.user_id
      where ${matches(filter)} order by u.name, a.exchange, a.id limit ${limit} offset ${offset}`);
    return rows.map(lineOf);
  };
  return {
    async list(filter: Filter, page: number, pageSize: number): Promise<Page> {
      const items = await read(filter, pageSize, (page - 1) * pageSize);
      const { rows } = await sql.execute<{ count: number }>(raw`
        select count(*)::int as count from exchange_accounts a join users u on u.id = a.user_id
        where ${matches(filter)}`);
      const leak = await leakOf(sql);
      return { items, total: rows[0]?.count ?? 0, page, pageSize, leak };
    },

    /** The same lines as CSV, for whoever calls or writes to people one by one. */
    async csv(filter: Filter): Promise<string> {
      const lines = await read(filter, 100_000, 0);
      return csv(
        columns,
        lines.map(({ permissions, ...line }) => {
          const { read, spot, futures } = permissions;
          const may = Object.entries({ read, spot, futures }).filter(([, isSo]) => isSo);
          const told = {
            ...line,
            permissions: may.map(([name]) => name).join(" "),
            isIpRestricted: permissions.isIpRestricted,
          };
          return columns.map((name) => told[name]);
        }),
      );
    },
  };
}

const columns = [
  ...["userName", "userId", "exchange", "label", "keyEnd", "state", "problem"],
  ...["permissions", "isIpRestricted", "enteredAt", "checkedAt"],
  ...["destroyedAt", "toldAt", "isReentered"],
] as const;

const matches = ({ search, exchange, state }: Filter): SQL => {
  const pattern = `%${search.trim().replace(/[\\%_]/g, "\\$&")}%`;
  return raw`(${search.trim() === ""} or (u.name || ' ' || a.label || ' ' || a.key_end) ilike ${pattern})
    and (${exchange ?? null}::text is null or a.exchange = ${exchange ?? null})
    and (${state ?? null}::text is null or a.state = ${state ?? null})`;
};

/** How far people are since keys were destroyed last. */
async function leakOf(sql: Sql): Promise<Page["leak"]> {
  const { rows } = await sql.execute<{ at: string | null } & Record<Figure, number>>(raw`
    select max(destroyed_at)::text as at, count(*)::int as accounts,
      count(distinct user_id)::int as users, count(told_at)::int as told,
      count(*) filter (where entered_at > destroyed_at)::int as reentered
    from exchange_accounts where destroyed_at is not null`);
  const [row] = rows;
  if (row === undefined || row.at === null) return null;
  const { at, accounts, users, told, reentered } = row;
  return { at: new Date(at).toISOString(), accounts, users, told, reentered };
}
type Figure = "accounts" | "users" | "told" | "reentered";

type Row = {
  id: string;
  user_id: string;
  user_name: string;
  exchange: AnyExchangeAccount["exchange"];
  label: string;
  key_end: string;
  state: AnyExchangeAccount["state"];
  problem: { detail: string } | null;
  permissions: AnyExchangeAccount["permissions"];
  checked_at: string;
  entered_at: string;
  destroyed_at: string | null;
  told_at: string | null;
};

const instant = (at: string): string => new Date(at).toISOString();
const orNull = (at: string | null): string | null => (at === null ? null : instant(at));

const lineOf = (row: Row): AnyExchangeAccount => ({
  ...{ id: row.id, userId: row.user_id, userName: row.user_name, exchange: row.exchange },
  ...{ label: row.label, keyEnd: row.key_end, state: row.state, permissions: row.permissions },
  problem: row.problem?.detail ?? null,
  checkedAt: instant(row.checked_at),
  enteredAt: instant(row.entered_at),
  destroyedAt: orNull(row.destroyed_at),
  toldAt: orNull(row.told_at),
  isReentered:
    row.destroyed_at !== null && Date.parse(row.entered_at) > Date.parse(row.destroyed_at),
});
