import { and, eq, isNull, lt, ne, sql as raw } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";
import { newToken, tokenHash } from "./one-time-token.ts";
import { knownDevices, sessions } from "./schema.ts";

/** What a browser keeps to be known again, and whether the account had been entered before, elsewhere only. */
export type Met = Readonly<{ token: string; isNew: boolean }>;

/** A browser keeps its cookie so long after it was last here, and so long it is known. */
export const deviceSeconds = 400 * 86_400;

/** Browsers that an account was entered with, each known by a cookie that opens nothing by itself. */
export function createKnownDevices(sql: Sql) {
  return {
    /** The browser as it is stored; null when this account does not know it. */
    async find(userId: string, token: string | undefined): Promise<string | null> {
      if (token === undefined) return null;
      const hash = tokenHash(token);
      const rows = await sql
        .select({ hash: knownDevices.hash })
        .from(knownDevices)
        .where(and(eq(knownDevices.hash, hash), eq(knownDevices.userId, userId)));
      return rows[0]?.hash ?? null;
    },

    /** Knows the browser of a session that was just opened from now on. A cookie that we never gave is not taken. */
    async meet(
      { userId, sessionId }: Readonly<{ userId: string; sessionId: string }>,
      token: string | undefined,
    ): Promise<Met> {
      if (token !== undefined) {
        const { rowCount } = await sql
          .update(knownDevices)
          .set({ usedAt: raw`now()` })
          .where(and(eq(knownDevices.hash, tokenHash(token)), eq(knownDevices.userId, userId)));
        if (rowCount === 1) return { token, isNew: false };
      }
      const isNew = await wasElsewhere(sql, userId, sessionId);
      const kept = token !== undefined && (await isOurs(sql, token)) ? token : newToken();
      const oldest = raw`now() - make_interval(secs => ${deviceSeconds})`;
      await sql
        .delete(knownDevices)
        .where(and(eq(knownDevices.userId, userId), lt(knownDevices.usedAt, oldest)));
      await sql.insert(knownDevices).values({ hash: tokenHash(kept), userId });
      return { token: kept, isNew };
    },

    /** With a new password all browsers but the one that set it are strangers again. */
    async forgetOthers(userId: string, token: string | undefined): Promise<void> {
      const others = token === undefined ? undefined : ne(knownDevices.hash, tokenHash(token));
      await sql.delete(knownDevices).where(and(eq(knownDevices.userId, userId), others));
    },
  };
}

async function isOurs(sql: Sql, token: string): Promise<boolean> {
  const rows = await sql
    .select({ hash: knownDevices.hash })
    .from(knownDevices)
    .where(eq(knownDevices.hash, tokenHash(token)))
    .limit(1);
  return rows.length === 1;
}

/** Looks of operators are no devices of the user. */
async function wasElsewhere(sql: Sql, userId: string, sessionId: string): Promise<boolean> {
  const known = sql.select({ id: knownDevices.userId }).from(knownDevices);
  const before = sql.select({ id: sessions.userId }).from(sessions);
  const rows = await known
    .where(eq(knownDevices.userId, userId))
    .union(
      before.where(
        and(
          eq(sessions.userId, userId),
          ne(sessions.id, sessionId),
          isNull(sessions.impersonatorId),
        ),
      ),
    )
    .limit(1);
  return rows.length === 1;
}
