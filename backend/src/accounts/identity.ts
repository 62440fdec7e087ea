import { and, eq, isNotNull, sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { users } from "./schema.ts";
import { notSuspended, type User, userColumns } from "./store.ts";
import { identifierKey } from "./throttle.ts";

/** What a user signs in with: name, address and password, as they change. */
export function createIdentity(sql: Sql) {
  return {
    /** Whoever has shown that the address is theirs. */
    async findOwner(email: string): Promise<User | null> {
      const [row] = await sql
        .select(userColumns)
        .from(users)
        .where(
          and(
            eq(users.emailKey, identifierKey(email)),
            isNotNull(users.emailProvenAt),
            notSuspended,
          ),
        );
      return row ?? null;
    },

    /** Throws `name-taken`. */
    async rename(userId: string, name: string): Promise<void> {
      const nameKey = identifierKey(name);
      await orTaken("name-taken", "This name is in use already.", () =>
        sql.update(users).set({ name, nameKey }).where(eq(users.id, userId)),
      );
    },

    /** The address is this user's from now on. Throws `conflict` when another user has proven it before. */
    async recordProvenAddress(userId: string, email: string): Promise<void> {
      await orTaken("conflict", "This address belongs to another account by now.", () =>
        sql
          .update(users)
          .set({ email, emailKey: identifierKey(email), emailProvenAt: raw`now()` })
          .where(eq(users.id, userId)),
      );
    },

    async recordPassword(userId: string, passwordHash: string): Promise<void> {
      await sql.update(users).set({ passwordHash }).where(eq(users.id, userId));
    },
  };
}

const uniqueViolation = "23505";

/** A unique index is the judge, so that of two who come at once one is refused. */
async function orTaken(
  code: "name-taken" | "conflict",
  sentence: string,
  write: () => Promise<unknown>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code !== uniqueViolation) throw error;
    throw new PlatformError(code, sentence);
  }
}
