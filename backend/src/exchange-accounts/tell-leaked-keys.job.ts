import type { ConnectableExchange } from "@trading/contracts/exchange-accounts";
import { and, eq, isNotNull, isNull, sql as raw } from "drizzle-orm";
import { nameOfConnectable } from "../exchanges/key-reader.ts";
import type { Job } from "../platform/jobs.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { howToDelete } from "./how-to-delete.ts";
import { removeStaleChecks } from "./key-checks.ts";
import { exchangeAccounts, leakedKeys } from "./schema.ts";
import type { TellOwner } from "./tell-owner.ts";

type Owed = { userId: string; exchange: ConnectableExchange };
type Needs = Readonly<{ sql: Sql; tellAnybody: TellOwner }>;

const isUntold = isNull(leakedKeys.toldAt);

/**
 * Tells each owner, exchange by exchange, in one transaction each: a stop tells nobody twice and forgets nobody, also
 * who removed the account meanwhile, or was only trying the key.
 */
export function tellLeakedKeys({ sql, tellAnybody }: Needs): Job {
  const tellNext = async (transaction: Sql): Promise<boolean> => {
    // Of two workers one has the owner: each key of theirs is told by the same one.
    const { rows } = await transaction.execute<Owed>(raw`
      select l.user_id as "userId", l.exchange
      from leaked_keys l join users u on u.id = l.user_id
      where l.told_at is null order by l.user_id limit 1 for no key update of u skip locked`);
    const [next] = rows;
    if (next === undefined) return false;
    const { userId, exchange } = next;
    const told = await transaction
      .update(leakedKeys)
      .set({ toldAt: raw`now()` })
      .where(and(isUntold, eq(leakedKeys.userId, userId), eq(leakedKeys.exchange, exchange)))
      .returning({ label: leakedKeys.label, keyEnd: leakedKeys.keyEnd });
    if (told.length === 0) return true;
    await recordTold(transaction, userId, exchange);
    const keys = told.map(({ label, keyEnd }) => `${calledBy(label)} (…${keyEnd})`).join(", ");
    await tellAnybody(transaction, userId, "exchange-key-leaked", {
      ...{ exchange: nameOfConnectable(exchange), keys, steps: howToDelete[exchange] },
    });
    return true;
  };
  return {
    name: "tell-leaked-keys",
    queue: "exchange-keys",
    everyMs: 30_000,
    async run(_payload, signal) {
      await removeStaleChecks(sql);
      while (!signal.aborted && (await inTransaction(sql, tellNext)));
    },
  };
}

const calledBy = (label: string | null): string =>
  label === null ? "one that was being tried" : `“${label}”`;

/** For the operators' page, as far as the accounts are still there. */
async function recordTold(sql: Sql, userId: string, exchange: ConnectableExchange): Promise<void> {
  const { destroyedAt, toldAt } = exchangeAccounts;
  await sql
    .update(exchangeAccounts)
    .set({ toldAt: raw`now()` })
    .where(
      and(
        eq(exchangeAccounts.userId, userId),
        eq(exchangeAccounts.exchange, exchange),
        and(isNotNull(destroyedAt), isNull(toldAt)),
      ),
    );
}
