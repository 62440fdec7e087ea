import { and, eq, gt, isNull, lt, sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import { publishRevocation } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import { networkOf } from "../platform/network.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { newToken, tokenHash } from "./one-time-token.ts";
import { refreshTokens, sessions, users } from "./schema.ts";

/** A session ends after 30 days in any case, and after 14 days without use. */
export const sessionSeconds = 30 * 86_400;
export const idleSeconds = 14 * 86_400;
/** Two tabs may refresh at once, and an answer may be lost: for so long an old token works once more. */
const graceSeconds = 10;

/** Dangerous actions want password or code to have been shown this lately. */
const confirmedSeconds = 600;

export type Origin = Readonly<{ address: string; device: string }>;
export type SignInMethod = "password" | "link" | "register" | "passkey";

/** An operator looks over a user's shoulder no longer than this, and cannot prolong it. */
export const lookSeconds = 600;

/** A session with the refresh token that continues it. */
export type Continued = Readonly<{ sessionId: string; userId: string; refreshToken: string }>;

export type Sessions = ReturnType<typeof createSessions>;

/** Sign-ins and the refresh tokens that keep them alive. */
export function createSessions(sql: Sql) {
  return {
    async open(
      userId: string,
      method: SignInMethod,
      { address, device }: Origin,
    ): Promise<Continued> {
      return inTransaction(sql, async (transaction) => {
        await transaction
          .delete(sessions)
          .where(lt(sessions.expiresAt, raw`now() - interval '30 days'`));
        const sessionId = newId();
        await transaction.insert(sessions).values({
          id: sessionId,
          userId,
          method,
          device: device.slice(0, 200),
          network: networkOf(address),
          address,
          confirmedAt: raw`now()`,
          expiresAt: raw`now() + make_interval(secs => ${sessionSeconds})`,
        });
        return { sessionId, userId, refreshToken: await giveToken(transaction, sessionId) };
      });
    },

    /** Opens a session in which an operator sees what a user sees; nothing continues it. */
    async look(
      userId: string,
      impersonatorId: string,
      { address, device }: Origin,
    ): Promise<{ sessionId: string }> {
      const sessionId = newId();
      await sql.insert(sessions).values({
        id: sessionId,
        userId,
        impersonatorId,
        method: "impersonation",
        device: device.slice(0, 200),
        network: networkOf(address),
        address,
        expiresAt: raw`now() + make_interval(secs => ${lookSeconds})`,
      });
      return { sessionId };
    },

    /**
     * Exchanges a refresh token for the next one. A token that was used before, longer ago than the grace, was stolen
     * from somebody: then the whole session ends. Throws `not-signed-in`.
     */
    async renew(token: string): Promise<Continued> {
      const verdict = await inTransaction(sql, (transaction) => renewIn(transaction, token));
      if (verdict === "refused") throw new PlatformError("not-signed-in", "Sign in again.");
      return verdict;
    },

    /** Ends the session that a refresh token belongs to; does nothing when there is none. */
    async endByToken(token: string): Promise<void> {
      const [row] = await sql
        .select({ sessionId: refreshTokens.sessionId })
        .from(refreshTokens)
        .where(eq(refreshTokens.hash, tokenHash(token)));
      if (row) await endSession(sql, row.sessionId, "signed-out");
    },

    async confirm(sessionId: string): Promise<void> {
      await sql.update(sessions).set({ confirmedAt: raw`now()` }).where(eq(sessions.id, sessionId));
    },

    async isConfirmed(sessionId: string): Promise<boolean> {
      const [row] = await sql
        .select({ id: sessions.id })
        .from(sessions)
        .where(
          and(
            eq(sessions.id, sessionId),
            gt(sessions.confirmedAt, raw`now() - make_interval(secs => ${confirmedSeconds})`),
          ),
        );
      return row !== undefined;
    },

    end: (sessionId: string, reason: string): Promise<void> => endSession(sql, sessionId, reason),

    /** Ends all sessions of a user: every token ever given out stops working. */
    async endAll(userId: string, reason: string): Promise<void> {
      await inTransaction(sql, async (transaction) => {
        await transaction.update(users).set({ epoch: raw`epoch + 1` }).where(eq(users.id, userId));
        await transaction
          .update(sessions)
          .set({ revokedAt: raw`now()`, revokedFor: reason })
          .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt)));
        await publishRevocation(transaction, { userId });
      });
    },
  };
}

type TokenState = {
  session_id: string;
  user_id: string;
  is_live: boolean;
  used_seconds_ago: number | null;
};

async function renewIn(sql: Sql, token: string): Promise<Continued | "refused"> {
  const hash = tokenHash(token);
  // One exchange per session at a time: the second of two sees what the first has written.
  await sql.execute(raw`
    select 1 from sessions where id = (select session_id from refresh_tokens where hash = ${hash}) for update`);
  const { rows } = await sql.execute<TokenState>(raw`
    select s.id as session_id, s.user_id,
      s.revoked_at is null and s.expires_at > now()
        and s.used_at > now() - make_interval(secs => ${idleSeconds}) and u.suspended_at is null as is_live,
      extract(epoch from clock_timestamp() - r.used_at)::float8 as used_seconds_ago
    from refresh_tokens r
      join sessions s on s.id = r.session_id
      join users u on u.id = s.user_id
    where r.hash = ${hash}`);
  const [state] = rows;
  if (state === undefined || !state.is_live) return "refused";
  const { session_id: sessionId, user_id: userId, used_seconds_ago: usedSecondsAgo } = state;
  if (usedSecondsAgo !== null && usedSecondsAgo > graceSeconds) {
    await endSession(sql, sessionId, "refresh-token-reused");
    return "refused";
  }
  await sql
    .update(refreshTokens)
    .set({ usedAt: raw`now()` })
    .where(and(eq(refreshTokens.hash, hash), isNull(refreshTokens.usedAt)));
  await sql.update(sessions).set({ usedAt: raw`now()` }).where(eq(sessions.id, sessionId));
  return { sessionId, userId, refreshToken: await giveToken(sql, sessionId) };
}

async function giveToken(sql: Sql, sessionId: string): Promise<string> {
  const token = newToken();
  await sql.insert(refreshTokens).values({ hash: tokenHash(token), sessionId });
  return token;
}

async function endSession(sql: Sql, sessionId: string, reason: string): Promise<void> {
  await sql
    .update(sessions)
    .set({ revokedAt: raw`now()`, revokedFor: reason })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)));
  await publishRevocation(sql, { sessionId });
}
