import type { ExchangeAccount } from "@trading/contracts/exchange-accounts";
import { desc, eq } from "drizzle-orm";
import { publish } from "../platform/events.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { exchangeAccounts } from "./schema.ts";
import type { TellOwner } from "./tell-owner.ts";
import { absent, factsOf, getOwn, isOwn, viewOf } from "./view.ts";

type Needs = Readonly<{ sql: Sql; tell: TellOwner }>;

export type ExchangeAccountStore = ReturnType<typeof createExchangeAccountStore>;

/** The accounts of users at exchanges, owner first. */
export function createExchangeAccountStore({ sql, tell }: Needs) {
  return {
    async list(userId: string): Promise<ExchangeAccount[]> {
      const rows = await sql
        .select()
        .from(exchangeAccounts)
        .where(eq(exchangeAccounts.userId, userId))
        .orderBy(desc(exchangeAccounts.id));
      return rows.map(viewOf);
    },

    get: async (userId: string, id: string): Promise<ExchangeAccount> =>
      viewOf(await getOwn(sql, userId, id)),

    async rename(userId: string, id: string, label: string): Promise<ExchangeAccount> {
      const [row] = await sql
        .update(exchangeAccounts)
        .set({ label })
        .where(isOwn(userId, id))
        .returning();
      if (row === undefined) throw absent(id);
      await publish(sql, userId, { kind: "exchange-accounts", id });
      return viewOf(row);
    },

    /** The key is gone here; at the exchange it lives until its owner deletes it there. */
    remove: (userId: string, id: string): Promise<void> =>
      inTransaction(sql, async (transaction) => {
        const [row] = await transaction
          .delete(exchangeAccounts)
          .where(isOwn(userId, id))
          .returning();
        if (row === undefined) throw absent(id);
        await tell(transaction, userId, "exchange-account-removed", factsOf(row));
        await publish(transaction, userId, { kind: "exchange-accounts", id });
      }),
  };
}
