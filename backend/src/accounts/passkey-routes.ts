import { accessToken } from "@trading/contracts/accounts";
import {
  credentialOptions,
  madePasskey,
  passkey,
  passkeyList,
  passkeyPatch,
  passkeyRequest,
  passkeySignIn,
} from "@trading/contracts/passkeys";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Sql } from "../platform/postgres.ts";
import type { Accounts } from "./accounts.ts";
import type { Confirmations } from "./confirmations.ts";
import { confirmedUserOf } from "./current-user.ts";
import type { Passkeys } from "./passkeys.ts";
import { answer, limited, originOf, requirePrivacy } from "./routes.ts";

type Needs = Readonly<{
  sql: Sql;
  accounts: Accounts;
  passkeys: Passkeys;
  confirmations: Confirmations;
}>;

const path = z.object({ passkeyId: z.uuid() });

/** /api/v1/users/me/passkeys: the user's own; /api/v1/auth/passkey: signing in with one. */
export function passkeyRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { accounts, passkeys, confirmations } = needs;
  return async (app) => {
    const config = limited;
    const options = { 200: credentialOptions };

    const ask = { summary: "What a browser needs to sign in with a passkey", response: options };
    app.post("/auth/passkey/options", { schema: ask, config }, () => passkeys.ask(null));

    const signIn = {
      summary: "Sign in with a passkey alone; it asks for finger, face or PIN itself",
      body: passkeySignIn,
      response: { 200: accessToken },
    };
    app.post("/auth/passkey", { schema: signIn, config }, async (request, reply) => {
      requirePrivacy(request);
      const user = await passkeys.signIn(request.body.credential);
      return answer(reply, await accounts.enter(user, "passkey", originOf(request)));
    });

    const confirm = {
      summary: "What a browser needs to confirm with one of the user's passkeys",
      response: options,
    };
    app.post("/users/me/confirmation/options", { schema: confirm, config }, ({ user }) =>
      passkeys.ask(user.id),
    );

    const list = { summary: "The user's passkeys", response: { 200: passkeyList } };
    app.get("/users/me/passkeys", { schema: list }, async ({ user }) => ({
      items: await passkeys.list(user.id),
    }));

    const begin = { summary: "What a browser needs to make a passkey", response: options };
    app.post("/users/me/passkeys/options", { schema: begin, config }, async (request) =>
      passkeys.begin(await confirmedUserOf(needs, request)),
    );

    const add = {
      summary:
        "Keep a passkey; signing in by password alone ends. The first one gives recovery codes",
      description: "Answers with a new token and cookie: those of this session end.",
      body: passkeyRequest,
      response: { 201: madePasskey },
    };
    app.post("/users/me/passkeys", { schema: add, config }, async (request, reply) => {
      await confirmations.require(request);
      const made = await passkeys.add(request.user, request.body);
      const { passkey, codes, session } = made;
      return answer(reply.code(201), await accounts.goOn(session), { passkey, codes });
    });

    const rename = {
      summary: "Name a passkey",
      params: path,
      body: passkeyPatch,
      response: { 200: passkey },
    };
    app.patch("/users/me/passkeys/:passkeyId", { schema: rename }, (request) =>
      passkeys.rename(request.user.id, request.params.passkeyId, request.body.name),
    );

    const remove = { summary: "Forget a passkey", params: path, response: { 204: z.null() } };
    app.delete(
      "/users/me/passkeys/:passkeyId",
      { schema: remove, config },
      async (request, reply) => {
        await confirmations.require(request);
        await passkeys.remove(request.user, request.params.passkeyId);
        return reply.code(204).send(null);
      },
    );
  };
}
