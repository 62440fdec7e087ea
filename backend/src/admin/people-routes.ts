import { accessToken } from "@trading/contracts/accounts";
import {
  personDetail,
  personPage,
  personQuery,
  reasoned,
  roleChange,
  suspensionChange,
} from "@trading/contracts/admin";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Accounts } from "../accounts/accounts.ts";
import { actorOf } from "../accounts/operate.ts";
import { answer } from "../accounts/routes.ts";
import type { People } from "./people.ts";
import type { PersonView } from "./person-view.ts";

type Needs = Readonly<{
  people: People;
  persons: PersonView;
  goOn: Accounts["goOn"];
}>;

const params = z.object({ userId: z.uuid() });
const response = { 204: z.null() };

/** /api/v1/admin/users: accounts of everybody. */
export function peopleRoutes({ people, persons, goOn }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const list = {
      summary: "Accounts, with what is known of each",
      querystring: personQuery,
      response: { 200: personPage },
    };
    app.get("/users", { schema: list }, ({ query }) => persons.list(query));

    const read = {
      summary: "One account; who opens it stands in the audit log, once an hour",
      ...{ params, response: { 200: personDetail } },
    };
    app.get("/users/:userId", { schema: read }, (request) =>
      persons.open(actorOf(request), request.params.userId),
    );

    const suspend = {
      summary: "Suspend an account, or let it in again",
      ...{ params, body: suspensionChange, response },
    };
    app.put("/users/:userId/suspension", { schema: suspend }, async (request, reply) => {
      const { isSuspended, reason } = request.body;
      await people.setSuspended(actorOf(request), request.params.userId, isSuspended, reason);
      return reply.code(204).send(null);
    });

    const role = {
      summary: "Give an account another role; the last admin keeps theirs",
      ...{ params, body: roleChange, response },
    };
    app.put("/users/:userId/role", { schema: role }, async (request, reply) => {
      const { role: wanted, reason } = request.body;
      await people.setRole(actorOf(request), request.params.userId, wanted, reason);
      return reply.code(204).send(null);
    });

    const verify = {
      summary: "Vouch for the address of an account",
      ...{ params, body: reasoned, response },
    };
    app.post("/users/:userId/verification", { schema: verify }, async (request, reply) => {
      await people.verify(actorOf(request), request.params.userId, request.body.reason);
      return reply.code(204).send(null);
    });

    const askCountry = {
      summary: "Ask a user anew in which country they live",
      ...{ params, body: reasoned, response },
    };
    app.post("/users/:userId/country-question", { schema: askCountry }, async (request, reply) => {
      await people.askCountry(actorOf(request), request.params.userId, request.body.reason);
      return reply.code(204).send(null);
    });

    const signOut = {
      summary: "End all sessions of an account",
      ...{ params, body: reasoned, response },
    };
    app.post("/users/:userId/sign-out", { schema: signOut }, async (request, reply) => {
      await people.endSessions(actorOf(request), request.params.userId, request.body.reason);
      return reply.code(204).send(null);
    });

    const removeFactors = {
      summary: "Take authenticator app, passkeys and recovery codes of an account away; it is told",
      ...{ params, body: reasoned, response },
    };
    app.post("/users/:userId/factor-removal", { schema: removeFactors }, async (request, reply) => {
      await people.removeFactors(actorOf(request), request.params.userId, request.body.reason);
      return reply.code(204).send(null);
    });

    const look = {
      summary: "Look at the site as a user sees it, for ten minutes; they are told",
      ...{ params, body: reasoned, response: { 200: accessToken } },
    };
    app.post("/users/:userId/impersonation", { schema: look }, (request) =>
      people.impersonate(actorOf(request), request.params.userId, request.body.reason),
    );

    const everybody = {
      summary: "End every session but one's own: when keys that sign tokens may be known",
      description: "Answers with a new token and cookie: the ones before end too.",
      body: reasoned,
      response: { 200: accessToken.extend({ sessions: z.number().int() }) },
    };
    app.post("/sign-out-everybody", { schema: everybody }, async (request, reply) => {
      const { sessions, own } = await people.endEverySession(actorOf(request), request.body.reason);
      return answer(reply, await goOn(own), { sessions });
    });
  };
}
