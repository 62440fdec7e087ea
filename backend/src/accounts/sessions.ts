import { and, eq, gt, isNull, lt, ne, sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import { publishRevocation } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import { networkOf } from "../platform/network.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { type Asker, changeAccount, changedMeanwhile } from "./asker.ts";
import { tokenHash } from "./one-time-token.ts";
import { type Continued, giveToken, renewIn, shownBy, withdrawTokens } from "./refresh-tokens.ts";
import { refreshTokens, sessions } from "./schema.ts";
import { endSession, lookerLeft, raiseEpoch, revokeSessions } from "./session-ends.ts";
import { isUnchanged, type User } from "./store.ts";

/** A session ends after 30 days in any case. */
export const sessionSeconds = 30 * 86_400;
/** Dangerous actions want password or code to have been shown this lately. */
const confirmedSeconds = 600;

export type Origin = Readonly<{
  address: string;
  device: string;
  /** What the browser keeps to be known again; undefined for one that was never here. */
  deviceToken?: string | undefined;
  /** By which it would have gone on: whoever signs in anew leaves that session. */
  refreshToken?: string | undefined;
}>;
export type SignInMethod = "password" | "link" | "register" | "passkey";

export const lookMethod = "impersonation";

/** An operator looks over a user's shoulder no longer than this, and cannot prolong it. */
export const lookSeconds = 600;

/** The operator who looks, and the session they look from. */
export type Looker = Readonly<{ id: string; sessionId: string }>;

/** Sign-ins and the refresh tokens that keep them alive. */
export function createSessions(sql: Sql) {
  return {
    /** For a user as they were read when they showed who they are. Throws `not-signed-in` when they changed since. */
    async open(user: User, method: SignInMethod, { address, device }: Origin): Promise<Continued> {
      const { id: userId, epoch } = user;
      return inTransaction(sql, async (transaction) => {
        if (!(await isUnchanged(transaction, user))) throw changedMeanwhile();
        await transaction
          .delete(sessions)
          .where(lt(sessions.expiresAt, raw`now() - interval '30 days'`));
        const sessionId = newId();
        await transaction.insert(sessions).values({
          id: sessionId,
          userId,
          epoch,
          method,
          device: device.slice(0, 200),
          network: networkOf(address),
          address,
          confirmedAt: raw`now()`,
          expiresAt: raw`now() + make_interval(secs => ${sessionSeconds})`,
        });
        return { sessionId, userId, epoch, refreshToken: await giveToken(transaction, sessionId) };
      });
    },

    /**
     * Opens a session in which an operator sees what a user sees; nothing continues it, and it ends with theirs. It is the
     * user's, and says of the operator no more than who they are: where they sit is in the audit log.
     */
    async look(
      { id: userId, epoch }: Pick<User, "id" | "epoch">,
      looker: Looker,
    ): Promise<{ sessionId: string }> {
      const sessionId = newId();
      await sql.insert(sessions).values({
        id: sessionId,
        userId,
        epoch,
        impersonatorId: looker.id,
        impersonatorSessionId: looker.sessionId,
        method: lookMethod,
        device: "",
        network: "this site",
        expiresAt: raw`now() + make_interval(secs => ${lookSeconds})`,
      });
      return { sessionId };
    },

    /**
     * Exchanges a refresh token for the next one. A token that was used before, longer ago than the grace, was stolen
     * from somebody, and so was one of two that both descend from one token: then the whole session ends. Throws
     * `not-signed-in`.
     */
    async renew(token: string): Promise<Continued> {
      const renewed = await inTransaction(sql, (transaction) => renewIn(transaction, token));
      if (renewed === null) throw new PlatformError("not-signed-in", "Sign in again.");
      return renewed;
    },

    /**
     * The session that the browser with this refresh token is signed in to; null when it is to none, or shows one that was
     * used before, longer ago than the grace before it was shown: that ends its session too, so not in another transaction.
     */
    shownBy: (token: string, waitedSeconds: number): Promise<string | null> =>
      inTransaction(sql, (transaction) => shownBy(transaction, token, waitedSeconds)),

    /** Ends the session that a refresh token belongs to; does nothing when there is none. */
    async endByToken(token: string): Promise<void> {
      const [row] = await sql
        .select({ sessionId: refreshTokens.sessionId })
        .from(refreshTokens)
        .where(eq(refreshTokens.hash, tokenHash(token)));
      if (row) await endSession(sql, row.sessionId, "signed-out");
    },

    /** In the epoch in which the user showed who they are: not across a new password. Throws `not-signed-in`. */
    async confirm({ sessionId, epoch }: Asker): Promise<void> {
      const { rowCount } = await sql
        .update(sessions)
        .set({ confirmedAt: raw`now()` })
        .where(
          and(eq(sessions.id, sessionId), eq(sessions.epoch, epoch), isNull(sessions.revokedAt)),
        );
      if (rowCount === 0) throw changedMeanwhile();
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
        await raiseEpoch(transaction, userId);
        await revokeSessions(transaction, eq(sessions.userId, userId), reason);
        await publishRevocation(transaction, { userId });
      });
    },

    /**
     * Ends all sessions of who asks but this one. It goes on by a new token only, so that whoever copied an earlier one
     * is out too; if it was the copy that asked, the original ends it. Throws `not-signed-in` when it ended meanwhile.
     */
    endOthers: (asker: Asker, reason: string): Promise<Continued> =>
      changeAccount(sql, asker, (transaction) => endOthersIn(transaction, asker, reason)),

    /**
     * Whoever strengthened how they sign in goes on in a new session, which is as old and as good as the one before; that
     * one ends with every copy of its tokens. Throws `not-signed-in` when it ended meanwhile.
     */
    replace: ({ sessionId }: Asker, reason: string): Promise<Continued> =>
      inTransaction(sql, (transaction) => replaceIn(transaction, sessionId, reason)),

    /** Whoever is no operator any more sees no longer what users see. */
    async endLooksOf(operatorId: string): Promise<void> {
      const looks = await revokeSessions(sql, eq(sessions.impersonatorId, operatorId), lookerLeft);
      for (const sessionId of looks) await publishRevocation(sql, { sessionId });
    },
  };
}

async function endOthersIn(
  sql: Sql,
  { id: userId, sessionId }: Asker,
  reason: string,
): Promise<Continued> {
  const epoch = await raiseEpoch(sql, userId);
  const others = and(eq(sessions.userId, userId), ne(sessions.id, sessionId));
  await revokeSessions(sql, others, reason);
  const own = and(eq(sessions.id, sessionId), isNull(sessions.revokedAt));
  const { rowCount } = await sql.update(sessions).set({ epoch, usedAt: raw`now()` }).where(own);
  if (rowCount === 0) throw changedMeanwhile();
  await withdrawTokens(sql, sessionId, sessionId);
  await publishRevocation(sql, { userId });
  return { sessionId, userId, epoch, refreshToken: await giveToken(sql, sessionId) };
}

async function replaceIn(sql: Sql, sessionId: string, reason: string): Promise<Continued> {
  const [old] = await sql
    .select()
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
    .for("update");
  if (old === undefined) throw changedMeanwhile();
  const { userId, epoch } = old;
  const id = newId();
  await sql.insert(sessions).values({ ...old, id, usedAt: raw`now()` });
  await withdrawTokens(sql, sessionId, id);
  await endSession(sql, sessionId, reason);
  return { sessionId: id, userId, epoch, refreshToken: await giveToken(sql, id) };
}
