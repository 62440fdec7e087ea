import { inbox } from "@trading/contracts/mail";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Sql } from "../platform/postgres.ts";
import { markInboxRead, readInbox } from "./inbox.ts";

type Needs = Readonly<{ sql: Sql }>;

/** /api/v1/users/me/inbox: what the bell shows. */
export function inboxRoutes({ sql }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const list = {
      summary: "What happened to the account, the newest first",
      response: { 200: inbox },
    };
    app.get("/users/me/inbox", { schema: list }, ({ user }) => readInbox(sql, user.id));

    const read = { summary: "Everything was seen", response: { 204: z.null() } };
    app.post("/users/me/inbox/read", { schema: read }, async ({ user }, reply) => {
      await markInboxRead(sql, user.id);
      return reply.code(204).send(null);
    });
  };
}
