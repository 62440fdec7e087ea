import { sql as raw } from "drizzle-orm";
import { lockAccounts } from "../accounts/account-locks.ts";
import { recordDeed } from "../accounts/audit.ts";
import { lockOperator, type Operator } from "../accounts/operate.ts";
import type { Continued } from "../accounts/refresh-tokens.ts";
import { createSessions } from "../accounts/sessions.ts";
import { publishRevocation } from "../platform/events.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";

/** How many sessions ended, and how the one goes on that asked. */
export type EverySession = Readonly<{ sessions: number; own: Continued }>;

const why = "ended-by-operator";

/**
 * When keys that sign tokens may be known: everybody signs in anew but the one who does it, whose session goes on by a
 * new token only. However many are active, this waits for each of them once: accounts come before sessions here too.
 */
export const endEverySession = (sql: Sql, actor: Operator, reason: string): Promise<EverySession> =>
  inTransaction(sql, async (transaction) => {
    await lockAccounts(transaction, raw`true`);
    await lockOperator(transaction, actor);
    await transaction.execute(
      raw`update users set epoch = epoch + 1 where id <> ${actor.id}::uuid`,
    );
    const sessions = await revokeOthers(transaction, actor);
    const own = await createSessions(transaction).endOthers(actor, why);
    await publishRevocation(transaction, {});
    await recordDeed(transaction, actor, {
      ...{ action: "all-sessions-ended", target: "everybody", reason },
      after: { sessions },
    });
    return { sessions, own };
  });

/** The oldest first: a stolen token ends its session without its account, and then the looks that were opened from it. */
async function revokeOthers(sql: Sql, { sessionId }: Operator): Promise<number> {
  const { rowCount } = await sql.execute(raw`
    with held as (select id from sessions where revoked_at is null and expires_at > now()
      order by id for no key update)
    update sessions set revoked_at = now(), revoked_for = ${why}
    from held where sessions.id = held.id and held.id <> ${sessionId}::uuid`);
  return rowCount ?? 0;
}
