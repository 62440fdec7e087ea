import { accessToken, me } from "@trading/contracts/accounts";
import { countryStatement } from "@trading/contracts/countries";
import {
  addressChange,
  codeRequest,
  confirmation,
  factorAdded,
  passwordChange,
  profilePatch,
  recoveryCodes,
  security,
  sessionList,
  totpSetup,
} from "@trading/contracts/security";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Post } from "../mail/post.ts";
import type { Sql } from "../platform/postgres.ts";
import { createAccountTokens } from "./account-tokens.ts";
import type { Accounts } from "./accounts.ts";
import type { Addresses } from "./addresses.ts";
import { type Asker, changeAccount } from "./asker.ts";
import type { Confirmations } from "./confirmations.ts";
import { confirmedUserOf, userOf } from "./current-user.ts";
import { createIdentity } from "./identity.ts";
import { createOwnSessions, signOthersOut } from "./own-sessions.ts";
import type { Passkeys } from "./passkeys.ts";
import type { PasswordChanges } from "./password-changes.ts";
import type { ResidenceBook } from "./residence.ts";
import { answer, limited, originOf } from "./routes.ts";
import type { SecondFactor } from "./second-factor.ts";
import { tellBy } from "./tell.ts";

type Needs = Readonly<{
  sql: Sql;
  post: Post;
  accounts: Accounts;
  addresses: Addresses;
  passwordChanges: PasswordChanges;
  secondFactor: SecondFactor;
  passkeys: Passkeys;
  confirmations: Confirmations;
  residence: ResidenceBook;
}>;

const sessionPath = z.object({ sessionId: z.uuid() });
const nothing = { 204: z.null() };

/** /api/v1/users/me: what a user changes about how their account is kept. All of it is one's own by its address. */
export function securityRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { sql, accounts, addresses, passwordChanges, secondFactor, passkeys, confirmations } =
    needs;
  const sessions = createOwnSessions(sql);

  return async (app) => {
    const config = limited;

    const view = { summary: "How well the account is kept", response: { 200: security } };
    app.get("/users/me/security", { schema: view }, async (request) => {
      const { id, email, emailProvenAt, passwordHash } = await userOf(sql, request);
      const open = await createAccountTokens(sql).findOpen(id, "prove-address");
      return {
        email,
        emailProven: emailProvenAt !== null,
        pendingEmail: open === null || open.email === email ? null : open.email,
        hasPassword: passwordHash !== null,
        hasTotp: await secondFactor.hasTotp(id),
        passkeys: await passkeys.count(id),
        recoveryCodesLeft: await secondFactor.codesLeft(id),
        isConfirmed: await confirmations.isConfirmed(request.user.sessionId),
      };
    });

    const confirm = {
      summary: "Show password and code again, before a dangerous action",
      body: confirmation,
      response: nothing,
    };
    app.post("/users/me/confirmation", { schema: confirm, config }, async (request, reply) => {
      // Before anything is counted: wrong ones of a copied token must not lock the right one out.
      await confirmations.requireBrowser(request);
      const user = await userOf(sql, request);
      await confirmations.confirm(user, request.user, request.body, originOf(request));
      return reply.code(204).send(null);
    });

    const profile = {
      summary: "Change the name, which signs in too",
      body: profilePatch,
      response: { 200: me },
    };
    app.patch("/users/me", { schema: profile, config }, async (request) => {
      await confirmations.require(request);
      await rename(needs, request.user, request.body.name);
      return accounts.getMe(request.user);
    });

    const live = {
      summary: "Say in which country one lives; once, until the operator asks anew",
      body: countryStatement,
      response: { 200: me },
    };
    app.put("/users/me/country", { schema: live, config }, async (request) => {
      await confirmations.requireBrowser(request);
      await needs.residence.say(request.user, request.body.country, request.ip);
      return accounts.getMe(request.user);
    });

    const address = {
      summary: "Ask for another e-mail address; it counts once the link sent there is opened",
      body: addressChange,
      response: { 202: z.null() },
    };
    app.put("/users/me/email", { schema: address, config }, async (request, reply) => {
      await confirmations.require(request);
      await addresses.change(request.user, request.body.email);
      return reply.code(202).send(null);
    });

    const resend = {
      summary: "Send the link that confirms the address once more",
      response: { 202: z.null() },
    };
    app.post("/users/me/email/link", { schema: resend, config }, async (request, reply) => {
      await addresses.resend(request.user);
      return reply.code(202).send(null);
    });

    const password = {
      summary: "Change the password; all other sessions and all API tokens end",
      description: "Answers with a new token and cookie: the ones before end too.",
      body: passwordChange,
      response: { 200: accessToken },
    };
    app.put("/users/me/password", { schema: password, config }, async (request, reply) => {
      const { body, user: asker } = request;
      const user = await confirmedUserOf(needs, request);
      const own = await passwordChanges.change(user, asker, body, originOf(request));
      return answer(reply, await accounts.goOn(own));
    });

    const list = { summary: "Where one is signed in", response: { 200: sessionList } };
    app.get("/users/me/sessions", { schema: list }, async ({ user }) => {
      const own = await sessions.list(user.id);
      return { items: own.map((one) => ({ ...one, isCurrent: one.id === user.sessionId })) };
    });

    const end = { summary: "Sign one session out", params: sessionPath, response: nothing };
    app.delete("/users/me/sessions/:sessionId", { schema: end }, async (request, reply) => {
      await confirmations.requireBrowser(request);
      await sessions.endOwn(request.user.id, request.params.sessionId);
      return reply.code(204).send(null);
    });

    const endOthers = {
      summary: "Sign all other sessions out",
      description:
        "Answers with a new token and cookie: the ones before end too. An address that waits for its link waits no longer.",
      response: { 200: accessToken },
    };
    app.delete("/users/me/sessions", { schema: endOthers, config }, async (request, reply) => {
      await confirmations.require(request);
      const own = await signOthersOut(needs, request.user, request.ip);
      return answer(reply, await accounts.goOn(own));
    });

    const begin = {
      summary: "Set an authenticator app up; nothing changes until a code was shown",
      response: { 200: totpSetup },
    };
    app.post("/users/me/totp", { schema: begin, config }, async (request) => {
      await confirmations.require(request);
      return secondFactor.begin(request.user);
    });

    const turnOn = {
      summary: "Show a code: signing in asks for one from now on. Answers with recovery codes",
      description: "Answers with a new token and cookie too: those of this session end.",
      body: codeRequest,
      response: { 200: factorAdded },
    };
    app.put("/users/me/totp", { schema: turnOn, config }, async (request, reply) => {
      await confirmations.require(request);
      const { codes, session } = await secondFactor.turnOn(request.user, request.body.code);
      return answer(reply, await accounts.goOn(session), { codes });
    });

    const turnOff = { summary: "Ask for no codes any more", response: nothing };
    app.delete("/users/me/totp", { schema: turnOff, config }, async (request, reply) => {
      await confirmations.require(request);
      await secondFactor.turnOff(request.user);
      return reply.code(204).send(null);
    });

    const renew = {
      summary: "New recovery codes; the old ones stop working",
      response: { 200: recoveryCodes },
    };
    app.post("/users/me/recovery-codes", { schema: renew, config }, async (request) => {
      await confirmations.require(request);
      const codes = await secondFactor.renewCodes(request.user);
      return { codes: [...codes] };
    });
  };
}

/** Names sign in: whoever has one is told when it becomes another. */
const rename = ({ sql, post }: Needs, asker: Asker, next: string): Promise<void> =>
  changeAccount(sql, asker, async (transaction, user) => {
    await createIdentity(transaction).rename(user.id, next);
    if (next !== user.name) await tellBy(post)(transaction, user, "name-changed", { next });
  });
