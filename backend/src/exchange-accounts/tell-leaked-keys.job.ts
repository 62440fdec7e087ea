import { and, eq, isNotNull, isNull, sql as raw } from "drizzle-orm";
import { nameOfConnectable } from "../exchanges/key-reader.ts";
import type { Job } from "../platform/jobs.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { howToDelete } from "./how-to-delete.ts";
import { removeStaleChecks } from "./key-checks.ts";
import { exchangeAccounts } from "./schema.ts";
import type { TellOwner } from "./tell-owner.ts";

type Needs = Readonly<{ sql: Sql; tellAnybody: TellOwner }>;

/** Who waits to be told that a key of theirs may have leaked. */
const isUntold = and(isNotNull(exchangeAccounts.destroyedAt), isNull(exchangeAccounts.toldAt));

/** Tells each owner, exchange by exchange, in one transaction each: a stop tells nobody twice and forgets nobody. */
export function tellLeakedKeys({ sql, tellAnybody }: Needs): Job {
  const tellNext = async (transaction: Sql): Promise<boolean> => {
    const [next] = await transaction
      .select({ userId: exchangeAccounts.userId, exchange: exchangeAccounts.exchange })
      .from(exchangeAccounts)
      .where(isUntold)
      .orderBy(exchangeAccounts.userId)
      .limit(1)
      .for("update", { skipLocked: true });
    if (next === undefined) return false;
    const { userId, exchange } = next;
    const told = await transaction
      .update(exchangeAccounts)
      .set({ toldAt: raw`now()` })
      .where(
        and(isUntold, eq(exchangeAccounts.userId, userId), eq(exchangeAccounts.exchange, exchange)),
      )
      .returning({ label: exchangeAccounts.label, keyEnd: exchangeAccounts.keyEnd });
    const keys = told.map(({ label, keyEnd }) => `“${label}” (…${keyEnd})`).join(", ");
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
