import { and, count, desc, eq, gt, inArray, isNull, lt, max, sql as raw } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";
import { newToken, tokenHash } from "./one-time-token.ts";
import { accountTokens, type tokenPurposes, users } from "./schema.ts";

type Purpose = (typeof tokenPurposes)[number];

/** What a one-time link was made for; the address is the one it was sent to. */
export type Claimed = Readonly<{ userId: string; email: string }>;

/** So long a closed account can be had back. */
export const graceDays = 14;

const lifeSeconds: Readonly<Record<Purpose, number>> = {
  "prove-address": 86_400,
  "reset-password": 1_800,
  "keep-account": graceDays * 86_400,
};

/** One-time links that mails carry. Only their hashes are stored. */
export function createAccountTokens(sql: Sql) {
  return {
    /**
     * Makes a link, in a transaction. The one of the same purpose made before stops working, unless it is kept: where
     * strangers may ask for another, what is promised of the first holds.
     */
    async give(
      userId: string,
      purpose: Purpose,
      email: string,
      { keepsOthers = false } = {},
    ): Promise<{ token: string; endsAt: Date }> {
      await sql
        .delete(accountTokens)
        .where(lt(accountTokens.expiresAt, raw`now() - interval '1 day'`));
      // Of two who ask at once the second waits here, so that its link is the one that opens.
      await sql
        .select({ id: users.id })
        .from(users)
        .where(eq(users.id, userId))
        .for("no key update");
      if (!keepsOthers) await this.withdraw(userId, purpose);
      const token = newToken();
      const expiresAt = raw`now() + make_interval(secs => ${lifeSeconds[purpose]})`;
      const [row] = await sql
        .insert(accountTokens)
        .values({ hash: tokenHash(token), userId, purpose, email, expiresAt })
        .returning({ endsAt: accountTokens.expiresAt });
      if (row === undefined) throw new Error("the link was not stored");
      return { token, endsAt: row.endsAt };
    },

    /** The link that is open to this address stays, as if it were made now; false when there is none. */
    async keepOpen(userId: string, purpose: Purpose, email: string): Promise<boolean> {
      const { rowCount } = await sql
        .update(accountTokens)
        .set({ createdAt: raw`now()` })
        .where(
          and(eq(accountTokens.userId, userId), eq(accountTokens.email, email), isOpen(purpose)),
        );
      return rowCount === 1;
    },

    /** What a link would open at this moment; null for one that is not open. */
    async find(token: string, purpose: Purpose): Promise<Claimed | null> {
      const [row] = await sql
        .select({ userId: accountTokens.userId, email: accountTokens.email })
        .from(accountTokens)
        .where(and(eq(accountTokens.hash, tokenHash(token)), isOpen(purpose)));
      return row ?? null;
    },

    /** Uses a link up; null when it was used, has expired or never was. Of any number at once, one succeeds. */
    async claim(token: string, purpose: Purpose): Promise<Claimed | null> {
      const [row] = await sql
        .update(accountTokens)
        .set({ usedAt: raw`now()` })
        .where(and(eq(accountTokens.hash, tokenHash(token)), isOpen(purpose)))
        .returning({ userId: accountTokens.userId, email: accountTokens.email });
      return row ?? null;
    },

    async withdraw(userId: string, ...purposes: readonly Purpose[]): Promise<void> {
      await sql
        .update(accountTokens)
        .set({ usedAt: raw`now()` })
        .where(
          and(
            eq(accountTokens.userId, userId),
            inArray(accountTokens.purpose, [...purposes]),
            isNull(accountTokens.usedAt),
          ),
        );
    },

    /** The links of the last day that nobody used, also those that have expired, and when the last one was made. */
    async countUnused(userId: string, purpose: Purpose) {
      const [row] = await sql
        .select({ given: count(), lastAt: max(accountTokens.createdAt) })
        .from(accountTokens)
        .where(
          and(
            eq(accountTokens.userId, userId),
            eq(accountTokens.purpose, purpose),
            isNull(accountTokens.usedAt),
            gt(accountTokens.createdAt, raw`now() - interval '1 day'`),
          ),
        );
      return row ?? { given: 0, lastAt: null };
    },

    /** The newest link that is on its way; null when none is. */
    async findOpen(userId: string, purpose: Purpose) {
      const [row] = await sql
        .select({ email: accountTokens.email, createdAt: accountTokens.createdAt })
        .from(accountTokens)
        .where(and(eq(accountTokens.userId, userId), isOpen(purpose)))
        .orderBy(desc(accountTokens.createdAt))
        .limit(1);
      return row ?? null;
    },
  };
}

const isOpen = (purpose: Purpose) =>
  and(
    eq(accountTokens.purpose, purpose),
    isNull(accountTokens.usedAt),
    gt(accountTokens.expiresAt, raw`now()`),
  );
