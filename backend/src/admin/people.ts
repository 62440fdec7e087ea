import type { Role } from "@trading/contracts/accounts";
import { sql as raw } from "drizzle-orm";
import type { AccessTokens } from "../accounts/access-token.ts";
import { recordDeed } from "../accounts/audit.ts";
import { createIdentity } from "../accounts/identity.ts";
import { withdrawInvitationsOf } from "../accounts/invitations.ts";
import type { Operator } from "../accounts/operate.ts";
import { removeEveryFactor } from "../accounts/second-factor.ts";
import { createSessions, lookSeconds } from "../accounts/sessions.ts";
import { createAccountStore } from "../accounts/store.ts";
import { tellBy } from "../accounts/tell.ts";
import { withdrawWaysIn } from "../accounts/ways-in.ts";
import type { Post } from "../mail/post.ts";
import { PlatformError } from "../platform/errors.ts";
import { publishRevocation } from "../platform/events.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { type EverySession, endEverySession } from "./every-session.ts";
import { changed, createPersonChange, lockPerson } from "./person-change.ts";

type Needs = Readonly<{ sql: Sql; post: Post; tokens: AccessTokens }>;

export type People = ReturnType<typeof createPeople>;

/** Accounts as operators change them. Every change is a line of the audit log, in the same transaction. */
export function createPeople({ sql, post, tokens }: Needs) {
  const change = createPersonChange({ sql, post });

  return {
    /** A suspended user is signed out everywhere at once and cannot sign in. */
    setSuspended: (actor: Operator, userId: string, isSuspended: boolean, reason: string) =>
      change(
        actor,
        userId,
        reason,
        async (transaction, row) => {
          if (row.is_suspended === isSuspended) return null;
          await transaction.execute(raw`update users
          set suspended_at = ${isSuspended ? raw`now()` : null} where id = ${userId}`);
          if (isSuspended) {
            await withdrawWaysIn(transaction, userId, undefined);
            await withdrawInvitationsOf(transaction, userId);
            await createSessions(transaction).endAll(userId, "suspended");
          }
          const fields = { isSuspended: [row.is_suspended, isSuspended] } as const;
          if (isSuspended) return changed("user-suspended", fields);
          return { ...changed("user-unsuspended", fields), told: { kind: "suspension-ended" } };
        },
        { mayLeaveNoAdmin: isSuspended },
      ),

    /** The role holds from the next request on. */
    setRole: (actor: Operator, userId: string, role: Role, reason: string) =>
      change(
        actor,
        userId,
        reason,
        async (transaction, row) => {
          if (row.role === role) return null;
          await transaction.execute(raw`update users set role = ${role} where id = ${userId}`);
          await createSessions(transaction).endLooksOf(userId);
          if (role !== "admin") await withdrawInvitationsOf(transaction, userId);
          await publishRevocation(transaction, { userId });
          const told = { kind: "role-changed", facts: { before: row.role, after: role } } as const;
          return { ...changed("role-changed", { role: [row.role, role] }), told };
        },
        { mayLeaveNoAdmin: role !== "admin", changesRole: true },
      ),

    /** The operator vouches that the address is this user's. */
    verify: (actor: Operator, userId: string, reason: string) =>
      change(actor, userId, reason, async (transaction, row) => {
        if (row.email_proven) return null;
        await createIdentity(transaction).recordProvenAddress(userId, row.email);
        const told = { kind: "address-vouched-for" } as const;
        return { ...changed("user-verified", { emailProven: [false, true] }), told };
      }),

    /** What the user said before stays in the log. */
    askCountry: (actor: Operator, userId: string, reason: string) =>
      change(actor, userId, reason, async (transaction, row) => {
        if (row.country === null) return null;
        await transaction.execute(
          raw`update users set country = null, country_said_at = null where id = ${userId}`,
        );
        const told = { kind: "country-asked" } as const;
        return { ...changed("country-asked", { country: [row.country, null] }), told };
      }),

    /** For whoever lost them, or finds a stranger's: password or link alone sign in until others are set up. */
    removeFactors: (actor: Operator, userId: string, reason: string) =>
      change(actor, userId, reason, async (transaction) => {
        const { app, passkeys } = await removeEveryFactor(transaction, userId);
        if (!app && passkeys === 0)
          throw new PlatformError("conflict", "No second factor is left. Sign them out instead.");
        await withdrawWaysIn(transaction, userId, undefined);
        await createSessions(transaction).endAll(userId, "factors-removed");
        const fields = { authenticatorApp: [app, false], passkeys: [passkeys, 0] } as const;
        return { ...changed("factors-removed", fields), told: { kind: "factors-removed" } };
      }),

    endSessions: (actor: Operator, userId: string, reason: string) =>
      change(actor, userId, reason, async (transaction, row) => {
        await withdrawWaysIn(transaction, userId, undefined);
        await createSessions(transaction).endAll(userId, "ended-by-operator");
        const told = { kind: "signed-out-by-operator" } as const;
        return { ...changed("sessions-ended", { sessions: [row.sessions, 0] }), told };
      }),

    endEverySession: (actor: Operator, reason: string): Promise<EverySession> =>
      endEverySession(sql, actor, reason),

    /** A look at the site as this user sees it; the user is told, and nothing can be changed in it. */
    impersonate: async (actor: Operator, userId: string, reason: string) => {
      const session = await inTransaction(sql, (transaction) =>
        openLook({ transaction, post }, actor, userId, reason),
      );
      const accessToken = await tokens.make({ userId, ...session });
      return { accessToken, tokenType: "Bearer" as const, expiresIn: lookSeconds };
    },
  };
}

type InTransaction = Readonly<{ transaction: Sql; post: Post }>;

async function openLook(
  { transaction, post }: InTransaction,
  actor: Operator,
  userId: string,
  reason: string,
): Promise<{ sessionId: string; epoch: number }> {
  const row = await lockPerson(transaction, actor, userId);
  const accounts = createAccountStore(transaction);
  const user = await accounts.find(userId);
  if (user === null || row.role !== "user") {
    throw new PlatformError("conflict", "Only open accounts of users can be looked at.");
  }
  const { sessionId } = await createSessions(transaction).look(user, actor);
  await recordDeed(transaction, actor, {
    ...{ action: "impersonation-begun", target: user.name, targetId: userId, reason },
    after: { sessionId },
  });
  const operator = await accounts.find(actor.id);
  await tellBy(post)(transaction, user, "looked-at", { operator: operator?.name ?? "", reason });
  return { sessionId, epoch: user.epoch };
}
