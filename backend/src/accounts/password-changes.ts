import type { Post } from "../mail/post.ts";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { addToOutbox } from "../platform/outbox.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { createAccountTokens } from "./account-tokens.ts";
import { type Asker, changeAccount, changedMeanwhile } from "./asker.ts";
import { whyGuessable } from "./common-passwords.ts";
import { createIdentity } from "./identity.ts";
import type { PasswordCheck } from "./password-check.ts";
import type { Passwords } from "./passwords.ts";
import type { Continued } from "./refresh-tokens.ts";
import { resetRequests } from "./schema.ts";
import { createSessions, type Origin } from "./sessions.ts";
import { lockUser, type User } from "./store.ts";
import { tellBy } from "./tell.ts";
import { identifierKey, type Throttle } from "./throttle.ts";
import { withdrawWaysIn } from "./ways-in.ts";

type Needs = Readonly<{
  sql: Sql;
  passwords: Passwords;
  passwordCheck: PasswordCheck;
  throttle: Throttle;
  post: Post;
  siteName(): Promise<string>;
}>;

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
export function createPasswordChanges(needs: Needs) {
  const { sql, passwords, passwordCheck, throttle, post, siteName } = needs;
  const tell = tellBy(post);
  return {
    /**
     * Somebody forgot their password. The answer is the same, after the same work, for names that are not there. Whoever
     * asks however often uses nothing up: a worker sends a link where none is on its way.
     */
    async forget(identifier: string): Promise<void> {
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
      // Before the costly hash: made-up links must not hold up those who sign in.
      const found = await createAccountTokens(sql).find(token, "reset-password");
      if (found === null) throw linkNotValid();
      const site = await siteName();
      const passwordHash = await passwords.hash(password);
      const user = await inTransaction(sql, async (transaction) => {
        const owner = await lockUser(transaction, found.userId);
        const claimed = await createAccountTokens(transaction).claim(token, "reset-password");
        if (owner === null || claimed === null) throw linkNotValid();
        requireUncommon(password, [owner.name, owner.email, site]);
        await createIdentity(transaction).recordPassword(owner.id, passwordHash);
        await withdrawWaysIn(transaction, owner.id, origin.deviceToken);
        await createSessions(transaction).endAll(owner.id, "password-reset");
        await tell(transaction, owner, "password-changed", { origin: origin.address });
        return owner;
      });
      await throttle.forgive([user.name, user.email]);
      await passwordCheck.forgive(user.id);
    },

    /**
     * The session that asks goes on by a new token; all others end, and all API tokens: whoever knew the password may
     * have made one. Of two changes at once the second finds another password than it was checked against.
     */
    async change(
      user: User,
      asker: Asker,
      given: Readonly<{ current: string | null; password: string }>,
      origin: Origin,
    ): Promise<Continued> {
      const { current, password } = given;
      if (user.passwordHash !== null) {
        await passwordCheck.require(user, current ?? "", origin);
        await throttle.leave("confirm", user.id, origin.address);
      }
      requireUncommon(password, [user.name, user.email, await siteName()]);
      const passwordHash = await passwords.hash(password);
      const own = await changeAccount(sql, asker, async (transaction, now) => {
        if (now.passwordHash !== user.passwordHash) throw changedMeanwhile();
        await createIdentity(transaction).recordPassword(user.id, passwordHash);
        await withdrawWaysIn(transaction, user.id, origin.deviceToken);
        await tell(transaction, user, "password-changed", { origin: origin.address });
        return createSessions(transaction).endOthers(asker, "password-changed");
      });
      await passwordCheck.forgive(user.id);
      return own;
    },
  };
}

const linkNotValid = () =>
  new PlatformError("link-not-valid", "This link was used, has expired or never was.");
