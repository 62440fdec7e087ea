import { asc, inArray } from "drizzle-orm";
import type { Post } from "../mail/post.ts";
import type { Job } from "../platform/jobs.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { createAccountTokens } from "./account-tokens.ts";
import { resetRequests } from "./schema.ts";
import { createAccountStore, lockUser } from "./store.ts";

type Needs = Readonly<{ sql: Sql; post: Post }>;

/** After one mail of the last day the next leaves this much later, and after more this much: two at first, then one an hour. */
const [secondAfterSeconds, laterAfterSeconds] = [600, 3_600];

/**
 * Sends the link to everybody who forgot their password and has proven the address it goes to. Request, link and mail
 * change in one commit. However often anybody asks, few mails leave, and each link opens for as long as its mail says.
 */
export function answerResetRequests({ sql, post }: Needs): Job {
  return {
    name: "answer-reset-requests",
    queue: "mail",
    everyMs: 10_000,
    async run(_payload, signal) {
      while (!signal.aborted && (await inTransaction(sql, (one) => answerNext(one, post))));
    },
  };
}

/** False when nobody waits. */
async function answerNext(sql: Sql, post: Post): Promise<boolean> {
  const next = sql
    .select({ id: resetRequests.id })
    .from(resetRequests)
    .orderBy(asc(resetRequests.createdAt))
    .limit(1)
    .for("update", { skipLocked: true });
  const [request] = await sql
    .delete(resetRequests)
    .where(inArray(resetRequests.id, next))
    .returning({ identifier: resetRequests.identifierKey });
  if (request === undefined) return false;
  const known = await createAccountStore(sql).findByIdentifier(request.identifier);
  if (known === null) return true;
  // Read again under the lock: an address that changes at this moment gets the link, not the one before.
  const user = await lockUser(sql, known.id);
  if (user === null || user.emailProvenAt === null) return true;
  const { id: userId, name, email: recipient } = user;
  const { given, lastAt } = await createAccountTokens(sql).countUnused(userId, "reset-password");
  const waitSeconds = given < 2 ? secondAfterSeconds : laterAfterSeconds;
  if (lastAt !== null && Date.now() - lastAt.getTime() < waitSeconds * 1_000) return true;
  const others = { keepsOthers: true };
  const link = await createAccountTokens(sql).give(userId, "reset-password", recipient, others);
  await post(sql, { kind: "reset-password", userId, recipient, facts: { name }, link });
  return true;
}
