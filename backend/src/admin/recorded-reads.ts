import { sql as raw } from "drizzle-orm";
import { type Actor, recordDeed } from "../accounts/audit.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";

/** An operator opened one account: the log keeps it, once an hour for each who does. */
export const recordOpened = (
  sql: Sql,
  actor: Actor,
  { id: targetId, name: target }: Readonly<{ id: string; name: string }>,
): Promise<void> =>
  inTransaction(sql, async (transaction) => {
    // Of two at once the second finds the line of the first.
    await transaction.execute(
      raw`select pg_advisory_xact_lock(hashtextextended(${`${actor.id} ${targetId}`}, 0))`,
    );
    const { rowCount } = await transaction.execute(raw`
      select 1 from audit_log where actor_id = ${actor.id} and target_id = ${targetId}
        and action = 'user-opened' and at > now() - interval '1 hour' limit 1`);
    if (rowCount === 0)
      await recordDeed(transaction, actor, {
        ...{ action: "user-opened", target, targetId, reason: "opened in the list of users" },
      });
  });

/** A list about people leaves the site: the log keeps who took it and what it was narrowed to. */
export const recordSaved = (sql: Sql, actor: Actor, target: string, filter: object) =>
  recordDeed(sql, actor, {
    ...{ action: "list-saved", target, after: filter, reason: "saved as CSV" },
  });
