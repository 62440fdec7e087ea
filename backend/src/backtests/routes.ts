import {
  backtestDetail,
  backtestPage,
  backtestQuery,
  backtestRequest,
  backtestView,
  compareQuery,
  comparison,
  repeatRequest,
} from "@trading/contracts/backtests";
import { id } from "@trading/contracts/common";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { NotFound, PlatformError } from "../platform/errors.ts";
import type { CandleCatalogue } from "./candle-source.ts";
import { checkRequest, repeatOf, type StrategyCatalogue, verificationOf } from "./check-request.ts";
import { comparedIds } from "./compared-ids.ts";
import type { BacktestStore } from "./store.ts";

type Needs = Readonly<{
  backtests: BacktestStore;
  strategies: StrategyCatalogue;
  candles: CandleCatalogue;
}>;

const backtestParams = z.object({ backtestId: id });
const gone = z.null().describe("done");
const tags = ["backtests"];

/** /api/v1/backtests: ask for a backtest, watch it, ask again. */
export function backtestRoutes({ backtests, strategies, candles }: Needs): FastifyPluginAsyncZod {
  const ask = async (userId: string, request: z.infer<typeof backtestRequest>) => {
    const wanted = await checkRequest({ strategies, candles }, userId, request);
    return backtests.get(userId, await backtests.create(userId, wanted));
  };

  return async (app) => {
    app.post(
      "/",
      {
        schema: {
          tags,
          summary: "Ask for a backtest",
          body: backtestRequest,
          response: { 202: backtestView },
        },
      },
      async (request, reply) => {
        // The row and its outbox line commit together; the worker's dispatcher makes the job.
        const backtest = await ask(request.user.id, request.body);
        return reply.code(202).send(backtest);
      },
    );

    app.get(
      "/",
      {
        schema: {
          tags,
          summary: "List backtests",
          querystring: backtestQuery,
          response: { 200: backtestPage },
        },
      },
      async (request) => {
        const { page, pageSize } = request.query;
        return { ...(await backtests.list(request.user.id, request.query)), page, pageSize };
      },
    );

    app.get(
      "/compare",
      {
        schema: {
          tags,
          summary: "Read 2 to 4 backtests side by side",
          querystring: compareQuery,
          response: { 200: comparison },
        },
      },
      async (request) => {
        const ids = comparedIds(request.query.ids.split(","));
        return { items: await backtests.getMany(request.user.id, ids) };
      },
    );

    app.get(
      "/:backtestId",
      {
        schema: {
          tags,
          summary: "Read a backtest and its result",
          params: backtestParams,
          response: { 200: backtestDetail },
        },
      },
      async (request) => backtests.get(request.user.id, request.params.backtestId),
    );

    app.post(
      "/:backtestId/cancel",
      {
        schema: {
          tags,
          summary: "Cancel a backtest that waits or runs",
          params: backtestParams,
          response: { 200: backtestView },
        },
      },
      async (request) => {
        const { backtestId } = request.params;
        const isCancelled = await backtests.cancel(request.user.id, backtestId);
        const backtest = await backtests.get(request.user.id, backtestId);
        // Asking twice is fine; only what ended otherwise cannot be cancelled.
        if (isCancelled || backtest.status === "cancelled") return backtest;
        throw new PlatformError("conflict", `The backtest is ${backtest.status} already.`);
      },
    );

    app.delete(
      "/:backtestId",
      {
        schema: {
          tags,
          summary: "Delete a backtest; a running one is stopped",
          params: backtestParams,
          response: { 204: gone },
        },
      },
      async (request, reply) => {
        const { backtestId } = request.params;
        const isRemoved = await backtests.remove(request.user.id, backtestId);
        if (!isRemoved) throw new NotFound("backtest", backtestId);
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/:backtestId/repeat",
      {
        schema: {
          tags,
          summary: "Ask for the same backtest again, with changes",
          params: backtestParams,
          body: repeatRequest,
          response: { 202: backtestView },
        },
      },
      async (request, reply) => {
        const before = await backtests.get(request.user.id, request.params.backtestId);
        const backtest = await ask(request.user.id, repeatOf(before, request.body));
        return reply.code(202).send(backtest);
      },
    );

    app.post(
      "/:backtestId/verify",
      {
        schema: {
          tags,
          summary: "Ask for the same backtest again, to hold its result against the first",
          params: backtestParams,
          response: { 202: backtestView },
        },
      },
      async (request, reply) => {
        const { view, result } = await backtests.getResult(
          request.user.id,
          request.params.backtestId,
        );
        const backtest = await ask(request.user.id, verificationOf({ ...view, result }));
        return reply.code(202).send(backtest);
      },
    );
  };
}
