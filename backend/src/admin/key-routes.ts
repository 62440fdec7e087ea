import { reasoned } from "@trading/contracts/admin";
import {
  anyExchangeAccountFilter,
  anyExchangeAccountPage,
  anyExchangeAccountQuery,
  keysDestroyed,
} from "@trading/contracts/key-care";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { actorOf } from "../accounts/operate.ts";
import type { Sql } from "../platform/postgres.ts";
import { createAnyExchangeAccounts } from "./exchange-accounts.ts";
import { destroyLeakedKeys } from "./key-leak.ts";
import { recordSaved } from "./recorded-reads.ts";

type Needs = Readonly<{ sql: Sql }>;

/** /api/v1/admin: exchange accounts of everybody, and what to do when their keys may be known. */
export function keyRoutes({ sql }: Needs): FastifyPluginAsyncZod {
  const accounts = createAnyExchangeAccounts(sql);
  return async (app) => {
    const list = {
      summary: "Exchange accounts of everybody, and how far people are since keys were destroyed",
      querystring: anyExchangeAccountQuery,
      response: { 200: anyExchangeAccountPage },
    };
    app.get("/exchange-accounts", { schema: list }, ({ query }) =>
      accounts.list(query, query.page, query.pageSize),
    );

    const file = {
      summary: "The same as CSV, without secrets",
      querystring: anyExchangeAccountFilter,
      produces: ["text/csv"],
      response: { 200: z.string() },
    };
    app.get("/exchange-accounts.csv", { schema: file }, async (request, reply) => {
      const lines = await accounts.csv(request.query);
      await recordSaved(sql, actorOf(request), "exchange accounts", request.query);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="exchange-accounts.csv"')
        .send(lines);
    });

    const leak = {
      summary:
        "When exchange keys may be known: halt new work, destroy every stored key, tell each owner what to do",
      body: reasoned,
      response: { 200: keysDestroyed },
    };
    app.post("/key-leak", { schema: leak }, (request) =>
      destroyLeakedKeys(sql, actorOf(request), request.body.reason),
    );
  };
}
