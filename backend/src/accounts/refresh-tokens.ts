import { and, eq, isNull, sql as raw, type SQL } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";
import { newToken, tokenHash } from "./one-time-token.ts";
import { refreshTokens, sessions } from "./schema.ts";
import { endSession } from "./session-ends.ts";

/** Without use a session ends after 14 days. */
export const idleSeconds = 14 * 86_400;
/** Two tabs may refresh at once, and an answer may be lost: for so long an old token works once more. */
const graceSeconds = 10;

/** A session with the refresh token that continues it, in the epoch of its user. */
export type Continued = Readonly<{
  sessionId: string;
  userId: string;
  epoch: number;
  refreshToken: string;
}>;

type TokenState = {
  session_id: string;
  user_id: string;
  epoch: number;
  used_seconds_ago: number | null;
  /** Since another token was used that descends from the same one. */
  forked_seconds_ago: number | null;
  /** Since its session went on by a new token only. */
  withdrawn_seconds_ago: number | null;
};

const isLate = (secondsAgo: number | null): boolean => (secondsAgo ?? 0) > graceSeconds;

/** A refresh token that was shown so long ago, with the session that it was made for; null where that is over. */
async function findToken(sql: Sql, token: string, waitedSeconds = 0): Promise<TokenState | null> {
  const since = (instant: SQL) =>
    raw`extract(epoch from clock_timestamp() - ${instant})::float8 - ${waitedSeconds}::float8`;
  const { rows } = await sql.execute<TokenState>(raw`
    select s.id as session_id, s.user_id, s.epoch, ${since(raw`r.used_at`)} as used_seconds_ago,
      (select max(${since(raw`sibling.used_at`)}) from refresh_tokens sibling
        where sibling.parent = r.parent and sibling.hash <> r.hash) as forked_seconds_ago,
      ${since(raw`r.withdrawn_at`)} as withdrawn_seconds_ago
    from refresh_tokens r
      join sessions s on s.id = r.session_id
      join users u on u.id = s.user_id
    where r.hash = ${tokenHash(token)} and s.revoked_at is null and s.expires_at > now()
      and s.used_at > now() - make_interval(secs => ${idleSeconds})
      and s.epoch = u.epoch and u.erase_at is null and u.suspended_at is null`);
  return rows[0] ?? null;
}

/**
 * Another tab may have exchanged the token a moment ago, once or twice: then it is still the browser's. One that was
 * withdrawn is nobody's, and comes late only by a copy. A body may have come long after the token.
 */
export async function shownBy(
  sql: Sql,
  token: string,
  waitedSeconds: number,
): Promise<string | null> {
  const state = await findToken(sql, token, waitedSeconds);
  if (state === null) return null;
  const { used_seconds_ago, forked_seconds_ago, withdrawn_seconds_ago } = state;
  if ([used_seconds_ago, forked_seconds_ago, withdrawn_seconds_ago].some(isLate)) {
    await endSession(sql, state.session_id, "refresh-token-reused");
    return null;
  }
  return withdrawn_seconds_ago === null ? state.session_id : null;
}

export async function renewIn(sql: Sql, token: string): Promise<Continued | null> {
  const hash = tokenHash(token);
  // One exchange per session at a time: the second of two sees what the first has written.
  await sql.execute(raw`
    select 1 from sessions where id = (select session_id from refresh_tokens where hash = ${hash}) for update`);
  const state = await findToken(sql, token);
  if (state === null) return null;
  const { session_id: sessionId, user_id: userId, epoch, withdrawn_seconds_ago } = state;
  const isCopied = state.forked_seconds_ago !== null && withdrawn_seconds_ago === null;
  if (isCopied || [state.used_seconds_ago, withdrawn_seconds_ago].some(isLate)) {
    await endSession(sql, sessionId, "refresh-token-reused");
    return null;
  }
  if (withdrawn_seconds_ago !== null) return null;
  await sql
    .update(refreshTokens)
    .set({ usedAt: raw`now()` })
    .where(and(eq(refreshTokens.hash, hash), isNull(refreshTokens.usedAt)));
  await sql.update(sessions).set({ usedAt: raw`now()` }).where(eq(sessions.id, sessionId));
  return { sessionId, userId, epoch, refreshToken: await giveToken(sql, sessionId, hash) };
}

/**
 * The session goes on by a new token only, itself or in another one. Those given out before are kept: whoever shows one
 * later has a copy, or had theirs copied, and nobody knows which of the two goes on.
 */
export async function withdrawTokens(sql: Sql, sessionId: string, heirId: string): Promise<void> {
  await sql
    .update(refreshTokens)
    .set({ sessionId: heirId, withdrawnAt: raw`coalesce(withdrawn_at, now())` })
    .where(eq(refreshTokens.sessionId, sessionId));
}

export async function giveToken(
  sql: Sql,
  sessionId: string,
  parent: string | null = null,
): Promise<string> {
  const token = newToken();
  await sql.insert(refreshTokens).values({ hash: tokenHash(token), sessionId, parent });
  return token;
}
