import type { Session } from "@trading/contracts/security";
import { and, desc, eq, isNull, sql as raw } from "drizzle-orm";
import type { Post } from "../mail/post.ts";
import { NotFound } from "../platform/errors.ts";
import { publishRevocation } from "../platform/events.ts";
import type { Sql } from "../platform/postgres.ts";
import { createAccountTokens } from "./account-tokens.ts";
import { type Asker, changeAccount } from "./asker.ts";
import { deviceName } from "./device.ts";
import { type Continued, idleSeconds } from "./refresh-tokens.ts";
import { sessions } from "./schema.ts";
import { revokeSessions } from "./session-ends.ts";
import { createSessions, lookMethod } from "./sessions.ts";
import { tellBy } from "./tell.ts";

const isAlive = raw`${sessions.expiresAt} > now()
  and ${sessions.usedAt} > now() - make_interval(secs => ${idleSeconds})`;

type OwnSession = Omit<Session, "isCurrent">;

/** What a user sees of their sessions, and which of them they end. */
export function createOwnSessions(sql: Sql) {
  return {
    /** The live sessions of a user, the last used first. */
    async list(userId: string): Promise<OwnSession[]> {
      const rows = await sql
        .select({
          id: sessions.id,
          device: sessions.device,
          address: raw<string>`coalesce(${sessions.address}, ${sessions.network})`,
          method: sessions.method,
          createdAt: sessions.createdAt,
          usedAt: sessions.usedAt,
        })
        .from(sessions)
        .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), isAlive))
        .orderBy(desc(sessions.usedAt));
      return rows.map((row) => ({
        ...row,
        device: row.method === lookMethod ? "An operator of this site" : deviceName(row.device),
        createdAt: row.createdAt.toISOString(),
        usedAt: row.usedAt.toISOString(),
      }));
    },

    /** Ends a session of this user. Throws `NotFound` when they have no such live one. */
    async endOwn(userId: string, sessionId: string): Promise<void> {
      const own = and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isAlive);
      const ended = await revokeSessions(sql, own, "ended-by-user");
      if (ended.length === 0) throw new NotFound("session", sessionId);
      await publishRevocation(sql, { sessionId });
    },
  };
}

/**
 * Ends every session of who asks but this one, and what waits for the link to another address: somebody else may have
 * asked for it. The owner is told, since whoever asks may be the thief. Throws `not-signed-in` when it ended meanwhile.
 */
export const signOthersOut = (
  { sql, post }: Readonly<{ sql: Sql; post: Post }>,
  asker: Asker,
  origin: string,
): Promise<Continued> =>
  changeAccount(sql, asker, async (transaction, user) => {
    await createAccountTokens(transaction).withdraw(user.id, "prove-address");
    await tellBy(post)(transaction, user, "others-signed-out", { origin });
    return createSessions(transaction).endOthers(asker, "ended-by-user");
  });
