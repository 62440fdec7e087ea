import { apiTokenList, apiTokenRequest, madeApiToken } from "@trading/contracts/api-tokens";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { ApiTokens } from "./api-tokens.ts";
import type { Confirmations } from "./confirmations.ts";
import { limited } from "./routes.ts";

type Needs = Readonly<{ apiTokens: ApiTokens; confirmations: Confirmations }>;

const path = z.object({ tokenId: z.uuid() });

/** /api/v1/users/me/tokens: keys for the user's programs. No token makes another one. */
export function apiTokenRoutes({ apiTokens, confirmations }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const list = { summary: "The user's API tokens", response: { 200: apiTokenList } };
    app.get("/users/me/tokens", { schema: list }, async ({ user }) => ({
      items: await apiTokens.list(user.id),
    }));

    const make = {
      summary: "Make an API token; it is shown this one time",
      body: apiTokenRequest,
      response: { 201: madeApiToken },
    };
    app.post("/users/me/tokens", { schema: make, config: limited }, async (request, reply) => {
      await confirmations.require(request);
      return reply.code(201).send(await apiTokens.make(request.user, request.body));
    });

    const remove = {
      summary: "End an API token, at once",
      params: path,
      response: { 204: z.null() },
    };
    app.delete("/users/me/tokens/:tokenId", { schema: remove }, async (request, reply) => {
      await apiTokens.remove(request.user.id, request.params.tokenId);
      return reply.code(204).send(null);
    });
  };
}
