import type { AuthenticatorTransport } from "@simplewebauthn/server";
import type { Passkey } from "@trading/contracts/passkeys";
import { and, count, desc, eq, gte, isNull, lt, sql as raw } from "drizzle-orm";
import { NotFound, PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { passkeyChallenges, passkeys } from "./schema.ts";

/** How long an authenticator may take to sign. */
const challengeSeconds = 300;

type Row = typeof passkeys.$inferSelect;

/** Passkeys of users, and the challenges they are asked to sign. */
export function createPasskeyStore(sql: Sql) {
  return {
    async list(userId: string): Promise<Passkey[]> {
      const rows = await sql
        .select()
        .from(passkeys)
        .where(eq(passkeys.userId, userId))
        .orderBy(desc(passkeys.createdAt));
      return rows.map(describe);
    },

    count: async (userId: string): Promise<number> =>
      (await sql.select({ all: count() }).from(passkeys).where(eq(passkeys.userId, userId)))[0]
        ?.all ?? 0,

    async rename(userId: string, id: string, name: string): Promise<Passkey> {
      const [row] = await sql.update(passkeys).set({ name }).where(own(userId, id)).returning();
      if (row === undefined) throw new NotFound("passkey", id);
      return describe(row);
    },

    async findByCredential(credentialId: string): Promise<Row | null> {
      const [row] = await sql
        .select()
        .from(passkeys)
        .where(eq(passkeys.credentialId, credentialId));
      return row ?? null;
    },

    /** As WebAuthn names them. */
    async credentialsOf(userId: string) {
      const rows = await sql
        .select({ id: passkeys.credentialId, transports: passkeys.transports })
        .from(passkeys)
        .where(eq(passkeys.userId, userId));
      return rows.map(({ id, transports }) => ({
        id,
        transports: transports as AuthenticatorTransport[],
      }));
    },

    /** Throws `conflict` for one that is there already. */
    async add(passkey: typeof passkeys.$inferInsert): Promise<Passkey> {
      const [row] = await sql.insert(passkeys).values(passkey).onConflictDoNothing().returning();
      if (row === undefined) throw new PlatformError("conflict", "This passkey is known already.");
      return describe(row);
    },

    async remove(userId: string, id: string): Promise<Passkey> {
      const [row] = await sql.delete(passkeys).where(own(userId, id)).returning();
      if (row === undefined) throw new NotFound("passkey", id);
      return describe(row);
    },

    /** False when the count did not grow: of two who show the same one, not both have the authenticator. */
    async recordUse(id: string, counter: number): Promise<boolean> {
      const isNewer = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter);
      const { rowCount } = await sql
        .update(passkeys)
        .set({ counter, usedAt: raw`now()` })
        .where(and(eq(passkeys.id, id), isNewer));
      return rowCount === 1;
    },

    async remember(challenge: string, userId: string | null): Promise<void> {
      await sql.delete(passkeyChallenges).where(lt(passkeyChallenges.createdAt, oldest));
      await sql.insert(passkeyChallenges).values({ challenge, userId });
    },

    /** Uses a challenge up: what was signed once opens nothing again. */
    async claim(challenge: string, userId: string | null): Promise<boolean> {
      const { rowCount } = await sql
        .delete(passkeyChallenges)
        .where(
          and(
            eq(passkeyChallenges.challenge, challenge),
            userId === null
              ? isNull(passkeyChallenges.userId)
              : eq(passkeyChallenges.userId, userId),
            gte(passkeyChallenges.createdAt, oldest),
          ),
        );
      return rowCount === 1;
    },
  };
}

const oldest = raw`now() - make_interval(secs => ${challengeSeconds})`;
const own = (userId: string, id: string) => and(eq(passkeys.id, id), eq(passkeys.userId, userId));

const describe = (row: Row): Passkey => ({
  id: row.id,
  name: row.name,
  isSynced: row.isSynced,
  createdAt: row.createdAt.toISOString(),
  usedAt: row.usedAt?.toISOString() ?? null,
});
