import type { ExchangeReading } from "@trading/contracts/exchange-accounts";
import { and, eq, ne, sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import { publish } from "../platform/events.ts";
import type { Sql } from "../platform/postgres.ts";
import type { KeyChecks } from "./key-checks.ts";
import { exchangeAccounts } from "./schema.ts";
import { type AccountRow, getOwn, isOwn, viewOf, worksBy } from "./view.ts";

type Needs = Readonly<{ sql: Sql; checks: KeyChecks }>;

export type Readings = ReturnType<typeof createReadings>;

/** What an exchange says of a stored key now. */
export function createReadings({ sql, checks }: Needs) {
  /** Of the key that was asked about, not of one that came meanwhile. */
  async function record(
    { id, userId, enteredAt }: AccountRow,
    values: Partial<AccountRow>,
  ): Promise<AccountRow | undefined> {
    const [row] = await sql
      .update(exchangeAccounts)
      .set({ ...values, checkedAt: raw`now()` })
      .where(
        and(
          isOwn(userId, id),
          eq(exchangeAccounts.enteredAt, enteredAt),
          ne(exchangeAccounts.state, "needs-key"),
        ),
      )
      .returning();
    await publish(sql, userId, { kind: "exchange-accounts", id });
    return row;
  }

  return {
    /** A key that the exchange no longer takes, or that may withdraw by now, is marked as refused. */
    async read(userId: string, accountId: string): Promise<ExchangeReading> {
      const before = await getOwn(sql, userId, accountId);
      const { exchange, state, problem } = before;
      if (state === "needs-key")
        throw new PlatformError("key-needed", problem?.detail ?? "It needs a new key.");
      try {
        const reading = await checks.ask({ userId, exchange, accountId });
        const row = await record(before, worksBy(reading));
        if (row === undefined)
          throw new PlatformError("conflict", "The key was changed meanwhile.");
        return { account: viewOf(row), balances: [...reading.balances] };
      } catch (error) {
        if (error instanceof PlatformError && isAboutKey(error)) {
          const { code, message: detail } = error;
          await record(before, { state: "refused", problem: { code, detail } });
        }
        throw error;
      }
    },
  };
}

const isAboutKey = ({ code }: PlatformError): boolean =>
  ["key-refused", "key-secret-wrong", "key-expired", "key-can-withdraw"].includes(code);
