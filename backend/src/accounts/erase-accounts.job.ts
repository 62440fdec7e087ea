import { eq, lte, sql as raw } from "drizzle-orm";
import type { Job } from "../platform/jobs.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { ownedTables } from "./owned-tables.ts";
import { users } from "./schema.ts";
import { createThrottle } from "./throttle.ts";

type Needs = Readonly<{ sql: Sql }>;

/** Erases what was closed long enough ago. One account at a time, so that a stop loses nothing and leaves no half. */
export function eraseAccounts({ sql }: Needs): Job {
  return {
    name: "erase-accounts",
    queue: "sweeps",
    everyMs: 3_600_000,
    async run(_payload, signal) {
      while (!signal.aborted && (await inTransaction(sql, eraseNext)));
    },
  };
}

/** False when nobody waits. */
async function eraseNext(sql: Sql): Promise<boolean> {
  const [next] = await sql
    .select({ id: users.id, email: users.email, emailProvenAt: users.emailProvenAt })
    .from(users)
    .where(lte(users.eraseAt, raw`now()`))
    .limit(1)
    .for("update", { skipLocked: true });
  if (next === undefined) return false;
  for (const { table, column } of await ownedTables(sql)) {
    await sql.execute(
      raw`delete from ${raw.identifier(table)} where ${raw.identifier(column)} = ${next.id}`,
    );
  }
  await forgetAddress(sql, next);
  await createThrottle(sql).forgivePasswords(next.id);
  // What else belongs to the account goes with its row.
  await sql.delete(users).where(eq(users.id, next.id));
  return true;
}

type Gone = Pick<typeof users.$inferSelect, "id" | "email" | "emailProvenAt">;

/**
 * Where an address stands in rows of others: who was invited with it, and what was sent to it in somebody else's name. An
 * address that was never proven may be a stranger's, whose rows stay.
 */
async function forgetAddress(sql: Sql, { id, email, emailProvenAt }: Gone): Promise<void> {
  await sql.execute(raw`update invitations set email = null where used_by = ${id}`);
  if (emailProvenAt === null) return;
  // Without its address an open invitation would let anybody in.
  await sql.execute(raw`update invitations set email = null, withdrawn_at = coalesce(withdrawn_at, now())
    where lower(email) = lower(${email})`);
  await sql.execute(raw`delete from mails where lower(recipient) = lower(${email})`);
  await sql.execute(raw`delete from caught_mails where lower(recipient) = lower(${email})`);
}
