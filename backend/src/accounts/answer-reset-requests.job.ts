import { asc, inArray } from "drizzle-orm";
import type { Post } from "../mail/post.ts";
import type { Job } from "../platform/jobs.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { createAccountTokens } from "./account-tokens.ts";
import { resetRequests } from "./schema.ts";
import { createAccountStore } from "./store.ts";

type Needs = Readonly<{ sql: Sql; post: Post }>;

/** Sends the link to everybody who forgot their password and is known. Request, link and mail change in one commit. */
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
  const user = await createAccountStore(sql).findByIdentifier(request.identifier);
  if (user === null) return true;
  const { id: userId, name, email: recipient } = user;
  const link = await createAccountTokens(sql).give(userId, "reset-password", recipient);
  await post(sql, { kind: "reset-password", userId, recipient, facts: { name }, link });
  return true;
}
