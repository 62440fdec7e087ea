import {
  comparisonRequest,
  savedComparison,
  savedComparisonList,
} from "@trading/contracts/backtests";
import { id } from "@trading/contracts/common";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { NotFound } from "../platform/errors.ts";
import { comparedIds } from "./compared-ids.ts";
import type { ComparisonStore } from "./comparison-store.ts";
import type { BacktestStore } from "./store.ts";

type Needs = Readonly<{ comparisons: ComparisonStore; backtests: BacktestStore }>;

const comparisonParams = z.object({ comparisonId: id });
const tags = ["backtests"];

/** /api/v1/comparisons: backtests kept side by side under a name. */
export function comparisonRoutes({ comparisons, backtests }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/",
      {
        schema: { tags, summary: "List saved comparisons", response: { 200: savedComparisonList } },
      },
      async (request) => ({ items: await comparisons.list(request.user.id) }),
    );

    app.post(
      "/",
      {
        schema: {
          tags,
          summary: "Save a comparison",
          body: comparisonRequest,
          response: { 201: savedComparison },
        },
      },
      async (request, reply) => {
        const { title } = request.body;
        const ids = comparedIds(request.body.backtestIds);
        await backtests.getMany(request.user.id, ids);
        return reply.code(201).send(await comparisons.save(request.user.id, title, ids));
      },
    );

    app.delete(
      "/:comparisonId",
      {
        schema: {
          tags,
          summary: "Delete a saved comparison; its backtests stay",
          params: comparisonParams,
          response: { 204: z.null().describe("done") },
        },
      },
      async (request, reply) => {
        const { comparisonId } = request.params;
        const isRemoved = await comparisons.remove(request.user.id, comparisonId);
        if (!isRemoved) throw new NotFound("comparison", comparisonId);
        return reply.code(204).send(null);
      },
    );
  };
}
