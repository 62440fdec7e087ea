import { randomBytes } from "node:crypto";
import { and, count, eq, isNull, lt, sql as raw } from "drizzle-orm";
import type { Post } from "../mail/post.ts";
import type { Envelope, Place } from "../platform/envelope.ts";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { type Asker, changeAccount } from "./asker.ts";
import { tokenHash } from "./one-time-token.ts";
import type { Continued } from "./refresh-tokens.ts";
import { passkeys, recoveryCodes, totpFactors } from "./schema.ts";
import { createSessions } from "./sessions.ts";
import type { User } from "./store.ts";
import { tellBy } from "./tell.ts";
import { matchingStep, newTotpSecret, totpAddress } from "./totp.ts";

type Needs = Readonly<{
  sql: Sql;
  envelope: Envelope;
  post: Post;
  siteName(): Promise<string>;
  now(): number;
}>;

type Factor = Readonly<{
  id: string;
  userId: string;
  secret: string;
  lastStep: number;
  isOn: boolean;
}>;

/** Recovery codes, where this is the first second factor, and the session that takes the place of the one that asked. */
export type Strengthened = Readonly<{ codes: readonly string[]; session: Continued }>;

const codesAtOnce = 10;

export type SecondFactor = ReturnType<typeof createSecondFactor>;

/** Codes of an authenticator app, and recovery codes for the day it is gone. Every code works once. */
export function createSecondFactor({ sql, envelope, post, siteName, now }: Needs) {
  const tell = tellBy(post);
  const stepOf = async (factor: Factor, code: string): Promise<number | null> => {
    const secret = await envelope.open(factor.secret, placeOf(factor.id, factor.userId));
    return matchingStep(secret, code.replaceAll(" ", ""), now(), factor.lastStep);
  };

  return {
    /** Whether a password alone is not enough. */
    isOn: (userId: string): Promise<boolean> => isOn(sql, userId),

    async hasTotp(userId: string): Promise<boolean> {
      return (await findFactor(sql, userId))?.isOn === true;
    },

    async codesLeft(userId: string): Promise<number> {
      return countLeft(sql, userId);
    },

    /** Starts setting up; nothing is asked for until a code was shown. A try from before is forgotten. */
    async begin(asker: Asker): Promise<{ secret: string; address: string }> {
      const secret = newTotpSecret();
      const id = newId();
      const sealed = await envelope.seal(secret, placeOf(id, asker.id));
      const { name } = await changeAccount(sql, asker, async (transaction, user) => {
        await transaction
          .delete(totpFactors)
          .where(and(eq(totpFactors.userId, user.id), isNull(totpFactors.confirmedAt)));
        const [made] = await transaction
          .insert(totpFactors)
          .values({ id, userId: user.id, secret: sealed })
          .onConflictDoNothing()
          .returning({ id: totpFactors.id });
        if (made === undefined) throw new PlatformError("conflict", "A code is asked for already.");
        return user;
      });
      return { secret, address: totpAddress(secret, await siteName(), name) };
    },

    /** The app shows what we expect: from now on it is asked for. Gives the recovery codes, this one time, and a new session. */
    async turnOn(asker: Asker, code: string): Promise<Strengthened> {
      const factor = await findFactor(sql, asker.id);
      if (factor === null || factor.isOn)
        throw new PlatformError("conflict", "Nothing is being set up: start anew.");
      const step = await stepOf(factor, code);
      if (step === null) throw wrongCode();
      return changeAccount(sql, asker, async (transaction, user) => {
        await useStep(transaction, factor, step);
        await transaction
          .update(totpFactors)
          .set({ confirmedAt: raw`now()` })
          .where(eq(totpFactors.id, factor.id));
        await tell(transaction, user, "second-factor-on");
        const codes = await replaceCodes(transaction, user.id);
        const session = await createSessions(transaction).replace(asker, "factor-added");
        return { codes, session };
      });
    },

    async turnOff(asker: Asker): Promise<void> {
      await changeAccount(sql, asker, async (transaction, user) => {
        const gone = await transaction
          .delete(totpFactors)
          .where(eq(totpFactors.userId, user.id))
          .returning({ confirmedAt: totpFactors.confirmedAt });
        await this.dropUselessCodes(transaction, user.id);
        if (gone[0]?.confirmedAt) await tell(transaction, user, "second-factor-off");
      });
    },

    /** Recovery codes for a second factor that is the first one; none when there are some already. */
    async ensureCodes(transaction: Sql, userId: string): Promise<readonly string[]> {
      return (await countLeft(transaction, userId)) > 0 ? [] : replaceCodes(transaction, userId);
    },

    /** Without a second factor there is nothing to recover from. */
    async dropUselessCodes(transaction: Sql, userId: string): Promise<void> {
      if (await isOn(transaction, userId)) return;
      await transaction.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
    },

    /** New recovery codes; the old ones stop working. */
    async renewCodes(asker: Asker): Promise<readonly string[]> {
      return changeAccount(sql, asker, async (transaction, user) => {
        if (!(await isOn(transaction, user.id)))
          throw new PlatformError("conflict", "Recovery codes come with a second factor.");
        await tell(transaction, user, "recovery-codes-renewed");
        return replaceCodes(transaction, user.id);
      });
    },

    /** Uses a code up, of the app where those are judged, or a recovery code. Throws `wrong-code`, also for one that was right before. */
    async use(user: User, code: string, { isOfAppJudged = true } = {}): Promise<void> {
      const factor = isOfAppJudged ? await findFactor(sql, user.id) : null;
      const step = factor?.isOn === true ? await stepOf(factor, code) : null;
      if (factor !== null && step !== null) return useStep(sql, factor, step);
      await inTransaction(sql, async (transaction) => {
        const [used] = await transaction
          .update(recoveryCodes)
          .set({ usedAt: raw`now()` })
          .where(
            and(
              eq(recoveryCodes.hash, recoveryHash(user.id, code)),
              eq(recoveryCodes.userId, user.id),
              isNull(recoveryCodes.usedAt),
            ),
          )
          .returning({ hash: recoveryCodes.hash });
        if (used === undefined) throw wrongCode();
        const left = String(await countLeft(transaction, user.id));
        await tell(transaction, user, "recovery-code-used", { left });
      });
    },
  };
}

/** Takes everything away that is asked for besides a password. Tells what there was. */
export async function removeEveryFactor(
  sql: Sql,
  userId: string,
): Promise<{ app: boolean; passkeys: number }> {
  const apps = await sql
    .delete(totpFactors)
    .where(eq(totpFactors.userId, userId))
    .returning({ confirmedAt: totpFactors.confirmedAt });
  const { rowCount } = await sql.delete(passkeys).where(eq(passkeys.userId, userId));
  await sql.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  return { app: apps.some(({ confirmedAt }) => confirmedAt !== null), passkeys: rowCount ?? 0 };
}

const placeOf = (rowId: string, userId: string): Place => ({
  table: "totp_factors",
  rowId,
  userId,
  column: "secret",
});

/** The account has an authenticator app or a passkey. */
async function isOn(sql: Sql, userId: string): Promise<boolean> {
  const { rows } = await sql.execute<{ is_on: boolean }>(raw`
    select exists (select 1 from totp_factors where user_id = ${userId} and confirmed_at is not null)
      or exists (select 1 from passkeys where user_id = ${userId}) as is_on`);
  return rows[0]?.is_on === true;
}

async function findFactor(sql: Sql, userId: string): Promise<Factor | null> {
  const [row] = await sql.select().from(totpFactors).where(eq(totpFactors.userId, userId));
  return row === undefined ? null : { ...row, isOn: row.confirmedAt !== null };
}

/** Of any number who show the same code at once, one gets in. */
async function useStep(sql: Sql, { id }: Factor, step: number): Promise<void> {
  const [used] = await sql
    .update(totpFactors)
    .set({ lastStep: step })
    .where(and(eq(totpFactors.id, id), lt(totpFactors.lastStep, step)))
    .returning({ id: totpFactors.id });
  if (used === undefined) throw wrongCode();
}

async function replaceCodes(sql: Sql, userId: string): Promise<readonly string[]> {
  const codes = Array.from({ length: codesAtOnce }, newRecoveryCode);
  await sql.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await sql
    .insert(recoveryCodes)
    .values(codes.map((code) => ({ hash: recoveryHash(userId, code), userId })));
  return codes;
}

async function countLeft(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql
    .select({ left: count() })
    .from(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)));
  return row?.left ?? 0;
}

/** Without letters that are mistaken for others. 24 of them hold 120 bits, so a fast hash cannot be guessed back. */
const letters = "abcdefghijkmnpqrstuvwxyz23456789";

function newRecoveryCode(): string {
  const text = [...randomBytes(24)].map((byte) => letters[byte % 32]).join("");
  return text.replace(/(.{6})(?=.)/g, "$1-");
}

const recoveryHash = (userId: string, code: string): string =>
  tokenHash(`${userId}:${code.toLowerCase().replace(/[\s-]/g, "")}`);

const wrongCode = () => new PlatformError("wrong-code", "This code is wrong or was used already.");
