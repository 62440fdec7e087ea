import type { Role, SettingsPatch, UserSettings } from "@trading/contracts/accounts";
import { and, eq, gt, isNull, lt, or, sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { sessions, signInLinks, users } from "./schema.ts";
import { identifierKey } from "./throttle.ts";

export type User = Readonly<{
  id: string;
  name: string;
  email: string;
  /** Null while nobody has shown that mails to the address reach them. */
  emailProvenAt: Date | null;
  role: Role;
  epoch: number;
  passwordHash: string | null;
  country: string | null;
  countrySaidAt: Date | null;
  settings: Partial<UserSettings>;
  createdAt: Date;
}>;

export type NewUser = Readonly<{
  name: string;
  email: string;
  passwordHash: string | null;
  role: Role;
}>;

type LiveSession = Readonly<{
  userId: string;
  role: Role;
  epoch: number;
  impersonatorId: string | null;
}>;

export type AccountStore = ReturnType<typeof createAccountStore>;

export const userColumns = {
  id: users.id,
  name: users.name,
  email: users.email,
  emailProvenAt: users.emailProvenAt,
  role: users.role,
  epoch: users.epoch,
  passwordHash: users.passwordHash,
  country: users.country,
  countrySaidAt: users.countrySaidAt,
  settings: users.settings,
  createdAt: users.createdAt,
};
/** Neither stopped by an operator nor closed by its owner. */
export const notSuspended = and(isNull(users.suspendedAt), isNull(users.eraseAt));

/** Whoever looks over a shoulder stops when they are no operator any more, or signed out where they looked from. */
const lookerIsAdmin = raw`(${sessions.impersonatorId} is null or exists (
  select 1 from users looker join sessions own on own.user_id = looker.id and own.epoch = looker.epoch
  where looker.id = ${sessions.impersonatorId} and looker.role = 'admin' and looker.suspended_at is null
    and own.id = ${sessions.impersonatorSessionId} and own.revoked_at is null and own.expires_at > now()))`;

/**
 * Locks an account for the rest of the transaction and tells whether it is as it was read: with the same password, in
 * the same epoch, still open. What was found out before a new password or a suspension must open nothing after it.
 */
export async function isUnchanged(
  transaction: Sql,
  { id, epoch, passwordHash }: User,
): Promise<boolean> {
  const now = await lockUser(transaction, id);
  return now !== null && now.epoch === epoch && now.passwordHash === passwordHash;
}

/** A user as they are now, and stay until the transaction ends; null also for a suspended one. */
export async function lockUser(transaction: Sql, userId: string): Promise<User | null> {
  const [row] = await transaction
    .select(userColumns)
    .from(users)
    .where(and(eq(users.id, userId), notSuspended))
    .for("no key update");
  return row ?? null;
}

/** Users and their one-time links. */
export function createAccountStore(sql: Sql) {
  return {
    /** Throws `name-taken` when the name belongs to somebody. The address is only claimed. */
    async create({ name, email, passwordHash, role }: NewUser): Promise<User> {
      const [row] = await sql
        .insert(users)
        .values({
          id: newId(),
          name,
          nameKey: identifierKey(name),
          email,
          emailKey: identifierKey(email),
          passwordHash,
          role,
        })
        .onConflictDoNothing()
        .returning(userColumns);
      if (row === undefined) {
        throw new PlatformError("name-taken", "This name is in use already.");
      }
      return row;
    },

    /** By name or e-mail address, whoever proved it or else claimed it first; null also for a suspended user. */
    async findByIdentifier(identifier: string): Promise<User | null> {
      const key = identifierKey(identifier);
      const [row] = await sql
        .select(userColumns)
        .from(users)
        .where(and(or(eq(users.nameKey, key), eq(users.emailKey, key)), notSuspended))
        .orderBy(
          raw`${users.nameKey} = ${key} desc, ${users.emailProvenAt} is null`,
          users.createdAt,
        )
        .limit(1);
      return row ?? null;
    },

    async find(userId: string): Promise<User | null> {
      const [row] = await sql
        .select(userColumns)
        .from(users)
        .where(and(eq(users.id, userId), notSuspended));
      return row ?? null;
    },

    /** Changes what is named and keeps the rest. */
    async changeSettings(userId: string, patch: SettingsPatch): Promise<void> {
      await sql
        .update(users)
        .set({ settings: raw`${users.settings} || ${JSON.stringify(patch)}::jsonb` })
        .where(eq(users.id, userId));
    },

    async recordLink(userId: string, hash: string, expiresAt: Date): Promise<void> {
      await sql.delete(signInLinks).where(lt(signInLinks.expiresAt, raw`now() - interval '1 day'`));
      await sql.insert(signInLinks).values({ hash, userId, expiresAt });
    },

    /** Uses a link up; null when it was used, has expired or never was. Of any number at once, one gets the user. */
    async claimLink(hash: string): Promise<User | null> {
      const [link] = await sql
        .update(signInLinks)
        .set({ usedAt: raw`now()` })
        .where(
          and(
            eq(signInLinks.hash, hash),
            isNull(signInLinks.usedAt),
            gt(signInLinks.expiresAt, raw`now()`),
          ),
        )
        .returning({ userId: signInLinks.userId });
      return link === undefined ? null : this.find(link.userId);
    },

    /** What authentication asks at every request; null when the session or its user may not be served any more. */
    async findLiveSession(sessionId: string): Promise<LiveSession | null> {
      const [row] = await sql
        .select({
          userId: users.id,
          role: users.role,
          epoch: users.epoch,
          impersonatorId: sessions.impersonatorId,
        })
        .from(sessions)
        .innerJoin(users, and(eq(users.id, sessions.userId), eq(users.epoch, sessions.epoch)))
        .where(
          and(
            eq(sessions.id, sessionId),
            isNull(sessions.revokedAt),
            gt(sessions.expiresAt, raw`now()`),
            notSuspended,
            lookerIsAdmin,
          ),
        );
      return row ?? null;
    },
  };
}
