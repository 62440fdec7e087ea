import { join } from "node:path";
import { accountExport, keepRequest } from "@trading/contracts/security";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Sql } from "../platform/postgres.ts";
import type { Authentication } from "./authenticate.ts";
import type { Closing } from "./closing.ts";
import type { Confirmations } from "./confirmations.ts";
import { confirmedUserOf } from "./current-user.ts";
import { exportAccount } from "./export.ts";
import { limited } from "./routes.ts";

type Needs = Readonly<{
  sql: Sql;
  closing: Closing;
  confirmations: Confirmations;
  dataDir: string;
  isLive: Authentication["isLive"];
}>;

const note =
  "Times are UTC. Candles of your uploads: GET /api/v1/series/{id}/candles.csv. Results of your backtests: GET /api/v1/backtests/{id}/result.json.";

/** What belongs to a user, to take along or to leave behind. */
export function dataRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { sql, closing, confirmations, isLive } = needs;
  const dir = join(needs.dataDir, "exports");
  return async (app) => {
    const take = {
      summary: "Everything that is stored under the user's name",
      response: { 200: accountExport },
    };
    const rarely = { rateLimit: { max: 20, timeWindow: "1 minute" } };
    app.get("/users/me/export", { schema: take, config: rarely }, async (request, reply) => {
      const { id } = await confirmedUserOf(needs, request);
      const facts = { madeAt: new Date().toISOString(), note };
      const data = await exportAccount(sql, dir, id, facts, () => isLive(request.user));
      return reply
        .type("application/json; charset=utf-8")
        .header("content-disposition", 'attachment; filename="my-data.json"')
        .send(data as never);
    });

    const close = {
      summary: "Close the account at once; it is erased two weeks later",
      response: { 204: z.null() },
    };
    app.delete("/users/me", { schema: close, config: limited }, async (request, reply) => {
      await confirmations.require(request);
      await closing.close(request.user);
      return reply.code(204).send(null);
    });

    const keep = {
      summary: "Take a closed account back by the link that was sent to its address",
      body: keepRequest,
      response: { 204: z.null() },
    };
    app.post("/auth/keep-account", { schema: keep, config: limited }, async (request, reply) => {
      await closing.keep(request.body.token);
      return reply.code(204).send(null);
    });
  };
}
