import { and, eq, sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { users } from "./schema.ts";
import { notSuspended } from "./store.ts";

/** All of these are to be held by whoever takes the role, the access or the account of one away. */
export const everyAdmin = raw`role = 'admin'`;

/** Somebody must stay who can operate the site: while all admins are held, of two who remove each other one is refused. */
export async function requireAnotherAdmin(transaction: Sql, userId: string): Promise<void> {
  const admins = await transaction
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "admin"), notSuspended));
  const isAdmin = admins.some(({ id }) => id === userId);
  if (!isAdmin || admins.length > 1) return;
  throw new PlatformError("conflict", "This is the only admin: make somebody else one first.");
}
