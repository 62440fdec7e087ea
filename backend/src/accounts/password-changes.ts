import type { Post } from "../mail/post.ts";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { addToOutbox } from "../platform/outbox.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { createAccountTokens } from "./account-tokens.ts";
import { endApiTokens } from "./api-tokens.ts";
import { whyGuessable } from "./common-passwords.ts";
import { createIdentity } from "./identity.ts";
import type { Passwords } from "./passwords.ts";
import { resetRequests } from "./schema.ts";
import { type Continued, createSessions, type Origin } from "./sessions.ts";
import { createAccountStore, isUnchanged, type User } from "./store.ts";
import { tellBy } from "./tell.ts";
import { identifierKey, type Throttle } from "./throttle.ts";

type Needs = Readonly<{ sql: Sql; passwords: Passwords; throttle: Throttle; post: Post }>;

export type PasswordChanges = ReturnType<typeof createPasswordChanges>;

/** Throws `password-refused` for what somebody would guess first. */
export function requireUncommon(password: string, own: readonly string[]): void {
  const why = whyGuessable(password, own);
  if (why === null) return;
  throw new PlatformError("password-refused", `This password ${why}.`, {
    errors: [{ where: "password", message: why }],
  });
}

/** New passwords: for whoever knows the old one, and for whoever reads the mails of the account. */
export function createPasswordChanges({ sql, passwords, throttle, post }: Needs) {
  const tell = tellBy(post);
  return {
    /** Somebody forgot their password. The answer is the same, after the same work, for names that are not there. */
    async forget(identifier: string): Promise<void> {
      await throttle.slow(`reset:${identifierKey(identifier)}`);
      await inTransaction(sql, async (transaction) => {
        await transaction
          .insert(resetRequests)
          .values({ id: newId(), identifierKey: identifierKey(identifier) })
          .onConflictDoNothing();
        await addToOutbox(transaction, "answer-reset-requests", {});
      });
    },

    /** Ends every session and API token and signs nobody in: a second factor is still asked for. */
    async reset(token: string, password: string, origin: Origin): Promise<void> {
      const passwordHash = await passwords.hash(password);
      await inTransaction(sql, async (transaction) => {
        const claimed = await createAccountTokens(transaction).claim(token, "reset-password");
        const user = claimed && (await createAccountStore(transaction).find(claimed.userId));
        if (!claimed || !user) {
          throw new PlatformError(
            "link-not-valid",
            "This link was used, has expired or never was.",
          );
        }
        requireUncommon(password, [user.name, user.email]);
        await createIdentity(transaction).recordPassword(user.id, passwordHash);
        await endApiTokens(transaction, user.id);
        await createSessions(transaction).endAll(user.id, "password-reset");
        await tell(transaction, user, "password-changed", { origin: origin.address });
        await throttle.forgive([user.name, user.email]);
      });
    },

    /**
     * The session that asks goes on by a new token; all others end, and all API tokens: whoever knew the password may
     * have made one. Of two changes at once the second finds another password than it was checked against.
     */
    async change(
      user: User,
      sessionId: string,
      given: Readonly<{ current: string | null; password: string }>,
      origin: Origin,
    ): Promise<Continued> {
      const { current, password } = given;
      if (user.passwordHash !== null) {
        const key = `confirm:${user.id}`;
        await throttle.enter(key, origin.address);
        if (!(await passwords.verify(user.passwordHash, current ?? ""))) {
          throw new PlatformError("wrong-credentials", "The present password is another one.");
        }
        await throttle.leave(key, origin.address);
      }
      requireUncommon(password, [user.name, user.email]);
      const passwordHash = await passwords.hash(password);
      return inTransaction(sql, async (transaction) => {
        if (!(await isUnchanged(transaction, user)))
          throw new PlatformError(
            "not-signed-in",
            "Your account changed meanwhile: sign in again.",
          );
        await createIdentity(transaction).recordPassword(user.id, passwordHash);
        await createAccountTokens(transaction).withdraw(user.id, "reset-password");
        await endApiTokens(transaction, user.id);
        await tell(transaction, user, "password-changed", { origin: origin.address });
        return createSessions(transaction).endOthers(user.id, sessionId, "password-changed");
      });
    },
  };
}
