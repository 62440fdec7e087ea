import type { ExchangeAccount } from "@trading/contracts/exchange-accounts";
import { and, eq } from "drizzle-orm";
import { type KeyReading, nameOfConnectable } from "../exchanges/key-reader.ts";
import { isSimulated } from "../exchanges/offered-exchanges.ts";
import { NotFound } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { exchangeAccounts } from "./schema.ts";

export type AccountRow = typeof exchangeAccounts.$inferSelect;

export const isOwn = (userId: string, id: string) =>
  and(eq(exchangeAccounts.userId, userId), eq(exchangeAccounts.id, id));

export const absent = (id: string): NotFound => new NotFound("exchange account", id);

/** Throws `not-found`. */
export async function getOwn(sql: Sql, userId: string, id: string): Promise<AccountRow> {
  const [row] = await sql.select().from(exchangeAccounts).where(isOwn(userId, id));
  if (row === undefined) throw absent(id);
  return row;
}

/** What is stored of a key that works. */
export const worksBy = ({ permissions }: KeyReading) =>
  ({ state: "works", problem: null, permissions }) as const;

/** What mails name it by. */
export const factsOf = ({ exchange, label, keyEnd }: AccountRow) => ({
  ...{ exchange: nameOfConnectable(exchange), label, keyEnd },
});

/** What its owner sees: never key, secret or what they are known by. */
export const viewOf = (row: AccountRow): ExchangeAccount => ({
  ...{ id: row.id, exchange: row.exchange, label: row.label, keyEnd: row.keyEnd },
  exchangeName: nameOfConnectable(row.exchange),
  isSimulated: isSimulated(row.exchange),
  state: row.state,
  problem: row.problem === null ? null : { code: row.problem.code, detail: row.problem.detail },
  permissions: row.permissions,
  checkedAt: row.checkedAt.toISOString(),
  enteredAt: row.enteredAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
});
