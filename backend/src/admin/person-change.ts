import type { AuditAction } from "@trading/contracts/audit";
import type { MailKind } from "@trading/contracts/mail";
import { eq, sql as raw } from "drizzle-orm";
import { lockAccounts } from "../accounts/account-locks.ts";
import { recordDeed } from "../accounts/audit.ts";
import { everyAdmin, requireAnotherAdmin } from "../accounts/last-admin.ts";
import { lockOperator, type Operator } from "../accounts/operate.ts";
import { users } from "../accounts/schema.ts";
import { tellBy } from "../accounts/tell.ts";
import type { Post } from "../mail/post.ts";
import { NotFound } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { type PersonRow, personSelection } from "./person-view.ts";

type Needs = Readonly<{ sql: Sql; post: Post }>;

/** What goes into the log, and what the user is told besides the reason. */
export type Change = Readonly<{
  action: AuditAction;
  before: unknown;
  after: unknown;
  told?: Readonly<{ kind: MailKind; facts?: Readonly<Record<string, string>> }>;
}>;

/** Changes one account under a lock, writes it into the log and tells the user; one that is as wished is left alone. */
export const createPersonChange =
  ({ sql, post }: Needs) =>
  (
    actor: Operator,
    userId: string,
    reason: string,
    work: (transaction: Sql, row: PersonRow) => Promise<Change | null>,
    { mayLeaveNoAdmin = false, changesRole = false } = {},
  ): Promise<void> =>
    inTransaction(sql, async (transaction) => {
      const others = mayLeaveNoAdmin ? everyAdmin : raw`false`;
      const row = await lockPerson(transaction, actor, userId, { others, changesRole });
      if (mayLeaveNoAdmin) await requireAnotherAdmin(transaction, userId);
      const done = await work(transaction, row);
      if (done === null) return;
      const { told, ...deed } = done;
      await recordDeed(transaction, actor, {
        ...{ ...deed, target: row.name, targetId: userId, reason },
      });
      if (told === undefined) return;
      // As they are after the change: an address that was vouched for by it gets the mail.
      const [user] = await transaction.select().from(users).where(eq(users.id, userId));
      if (user !== undefined)
        await tellBy(post)(transaction, user, told.kind, { ...told.facts, reason });
    });

/** What a deed changed, by name: from and to. */
export const changed = (
  action: AuditAction,
  fields: Readonly<Record<string, readonly [unknown, unknown]>>,
): Change => ({
  action,
  before: Object.fromEntries(Object.entries(fields).map(([name, [from]]) => [name, from])),
  after: Object.fromEntries(Object.entries(fields).map(([name, [, to]]) => [name, to])),
});

/** The account and its operator's, who must still be one, and others besides. */
export async function lockPerson(
  transaction: Sql,
  actor: Operator,
  userId: string,
  { others = raw`false`, changesRole = false } = {},
): Promise<PersonRow> {
  const which = raw`id in (${userId}::uuid, ${actor.id}::uuid) or ${others}`;
  await lockAccounts(transaction, which, { changesRole });
  const { rows } = await transaction.execute<PersonRow>(
    raw`${personSelection} where u.id = ${userId}`,
  );
  const [row] = rows;
  if (row === undefined) throw new NotFound("user", userId);
  await lockOperator(transaction, actor);
  return row;
}
