import type { SignedCredential } from "@trading/contracts/passkeys";
import type { FastifyRequest } from "fastify";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { type Asker, lockAsker } from "./asker.ts";
import { requireBrowser } from "./browser.ts";
import type { CodeCheck } from "./code-check.ts";
import type { Passkeys } from "./passkeys.ts";
import type { PasswordCheck } from "./password-check.ts";
import type { SecondFactor } from "./second-factor.ts";
import { createSessions, type Origin } from "./sessions.ts";
import type { User } from "./store.ts";
import type { Throttle } from "./throttle.ts";

type Needs = Readonly<{
  sql: Sql;
  passwordCheck: PasswordCheck;
  throttle: Throttle;
  secondFactor: SecondFactor;
  codeCheck: CodeCheck;
  passkeys: Passkeys;
}>;
type Shown = Readonly<{
  password?: string | undefined;
  code?: string | undefined;
  passkey?: SignedCredential | undefined;
}>;

export type Confirmations = ReturnType<typeof createConfirmations>;

/**
 * The step up before dangerous actions: whoever has an open page is not always whoever signed in. Password, and code
 * where the account has one, or a passkey, are asked for again unless the session showed them in the last ten minutes;
 * and what is asked must come from its browser, not from whoever has a token of it.
 */
export function createConfirmations(needs: Needs) {
  const { sql, passwordCheck, codeCheck, throttle, secondFactor, passkeys } = needs;
  const sessions = createSessions(sql);
  return {
    isConfirmed: sessions.isConfirmed,
    lockAsker,
    /** For what lasts, though nothing is asked for again. Throws `forbidden`. */
    requireBrowser: (request: FastifyRequest): Promise<void> => requireBrowser(sql, request),

    /** Throws `browser-needed` or `confirmation-needed`. Not in a transaction: that would take back what a stolen cookie ends. */
    async require(request: FastifyRequest): Promise<void> {
      await requireBrowser(sql, request);
      if (await sessions.isConfirmed(request.user.sessionId)) return;
      throw new PlatformError("confirmation-needed", "Confirm that it is you, then go on.");
    },

    /** Tries are slowed down like those to sign in. */
    async confirm(user: User, asker: Asker, shown: Shown, origin: Origin): Promise<void> {
      if (shown.passkey !== undefined) {
        await passkeys.confirm(user.id, shown.passkey);
        return sessions.confirm(asker);
      }
      const needsCode = await secondFactor.isOn(user.id);
      if (user.passwordHash === null && !needsCode) {
        throw new PlatformError("confirmation-needed", "Sign in again by a new link.");
      }
      if (user.passwordHash === null) await throttle.enter("confirm", user.id, origin.address);
      else await passwordCheck.require(user, shown.password ?? "", origin);
      if (needsCode) {
        const target = await passwordCheck.targetOf(user, origin);
        await codeCheck.require(user, target, shown.code ?? "", origin);
      }
      await throttle.leave("confirm", user.id, origin.address);
      await passwordCheck.forgive(user.id);
      await sessions.confirm(asker);
    },
  };
}
