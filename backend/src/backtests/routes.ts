import {
  backtestDetail,
  backtestPage,
  backtestQuery,
  backtestRequest,
  backtestView,
  compareQuery,
  comparison,
  comparisonRequest,
  repeatRequest,
  savedComparison,
  savedComparisonList,
  tradePage,
  tradeQuery,
} from "@trading/contracts/backtests";
import { id } from "@trading/contracts/common";
import { tradesCsv } from "@trading/contracts/csv";
import { verification } from "@trading/contracts/reports";
import type { FastifyReply } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { NotFound, PlatformError } from "../platform/errors.ts";
import type { CandleCatalogue } from "./candle-source.ts";
import { checkRequest, repeatOf, type StrategyCatalogue, verificationOf } from "./check-request.ts";
import type { ComparisonStore } from "./comparison-store.ts";
import { reportHtml } from "./report.ts";
import type { BacktestStore } from "./store.ts";
import { sortTrades } from "./trades.ts";
import { verificationBetween } from "./verify.ts";

type Needs = Readonly<{
  backtests: BacktestStore;
  strategies: StrategyCatalogue;
  candles: CandleCatalogue;
  /** What the site says of backtests. */
  notice(): Promise<string>;
}>;

const backtestParams = z.object({ backtestId: id });
const comparisonParams = z.object({ comparisonId: id });
const gone = z.null().describe("done");
const file = z.string();
const tags = ["backtests"];

/** /api/v1/backtests: ask for a backtest, read how it went, take its result along. */
export function backtestRoutes({
  backtests,
  strategies,
  candles,
  notice,
}: Needs): FastifyPluginAsyncZod {
  const get = async (userId: string, backtestId: string) => {
    const found = await backtests.find(userId, backtestId);
    if (found === null) throw new NotFound("backtest", backtestId);
    return found;
  };
  const getResult = async (userId: string, backtestId: string) => {
    const found = await backtests.findResult(userId, backtestId);
    if (found !== null) return found;
    await get(userId, backtestId);
    throw new PlatformError("conflict", "The backtest has no result.");
  };
  const ask = async (userId: string, request: z.infer<typeof backtestRequest>) => {
    const wanted = await checkRequest({ strategies, candles }, userId, request);
    return get(userId, await backtests.create(userId, wanted));
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
        const ids = idsOf(request.query.ids);
        const items = await backtests.findMany(request.user.id, ids);
        const missing = ids.find((one) => !items.some((item) => item.id === one));
        if (missing !== undefined) throw new NotFound("backtest", missing);
        return { items };
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
      async (request) => get(request.user.id, request.params.backtestId),
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
        const backtest = await get(request.user.id, backtestId);
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
        const before = await get(request.user.id, request.params.backtestId);
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
        const { view, result } = await getResult(request.user.id, request.params.backtestId);
        const backtest = await ask(request.user.id, verificationOf({ ...view, result }));
        return reply.code(202).send(backtest);
      },
    );

    app.get(
      "/:backtestId/verification/:by",
      {
        schema: {
          tags,
          summary: "Say whether another run gave the same, and if not, why",
          params: backtestParams.extend({ by: id.describe("the backtest that ran it again") }),
          response: { 200: verification },
        },
      },
      async (request) => {
        const before = await getResult(request.user.id, request.params.backtestId);
        const now = await getResult(request.user.id, request.params.by);
        return verificationBetween(before, now);
      },
    );

    app.get(
      "/:backtestId/trades",
      {
        schema: {
          tags,
          summary: "List the trades of a backtest",
          params: backtestParams,
          querystring: tradeQuery,
          response: { 200: tradePage },
        },
      },
      async (request) => {
        const { page, pageSize, sort, order } = request.query;
        const { trades } = await getResult(request.user.id, request.params.backtestId);
        const sorted = sortTrades(trades, sort, order);
        const items = sorted.slice((page - 1) * pageSize, page * pageSize);
        return { items, total: trades.length, page, pageSize };
      },
    );

    app.get(
      "/:backtestId/trades.csv",
      {
        schema: {
          tags,
          summary: "Take the trades along as CSV",
          params: backtestParams,
          produces: ["text/csv"],
          response: { 200: file },
        },
      },
      async (request, reply) => {
        const { view, trades } = await getResult(request.user.id, request.params.backtestId);
        attach(reply, `trades-${view.id}.csv`, "text/csv; charset=utf-8");
        return tradesCsv(trades);
      },
    );

    app.get(
      "/:backtestId/result.json",
      {
        schema: {
          tags,
          summary: "Take backtest, result and trades along as JSON",
          params: backtestParams,
          produces: ["application/json"],
          response: { 200: z.any() },
        },
      },
      async (request, reply) => {
        const { view, result, trades } = await getResult(
          request.user.id,
          request.params.backtestId,
        );
        attach(reply, `backtest-${view.id}.json`, "application/json; charset=utf-8");
        return { backtest: view, result, trades };
      },
    );

    app.get(
      "/:backtestId/report.html",
      {
        schema: {
          tags,
          summary: "Take a report along that any browser shows without a network",
          params: backtestParams,
          produces: ["text/html"],
          response: { 200: file },
        },
      },
      async (request, reply) => {
        const { view, result, trades } = await getResult(
          request.user.id,
          request.params.backtestId,
        );
        attach(reply, `backtest-${view.id}.html`, "text/html; charset=utf-8");
        const version = await strategies.findVersion(view.strategy, view.version);
        const parameters = version?.manifest.parameters ?? {};
        return reportHtml(view, result, trades, parameters, await notice());
      },
    );
  };
}

/** /api/v1/comparisons: backtests kept side by side under a name. */
export function comparisonRoutes({
  comparisons,
  backtests,
}: Readonly<{
  comparisons: ComparisonStore;
  backtests: BacktestStore;
}>): FastifyPluginAsyncZod {
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
        const ids = idsOf(request.body.backtestIds.join(","));
        const found = await backtests.findMany(request.user.id, ids);
        const missing = ids.find((one) => !found.some((backtest) => backtest.id === one));
        if (missing !== undefined) throw new NotFound("backtest", missing);
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
          response: { 204: gone },
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

/** Two to four different ids of a list. */
function idsOf(list: string): string[] {
  const ids = [...new Set(list.split(",").map((one) => one.trim()))];
  const isFine =
    ids.length >= 2 && ids.length <= 4 && ids.every((one) => id.safeParse(one).success);
  if (isFine) return ids;
  throw new PlatformError("validation-failed", "Name 2 to 4 different backtests.", {
    errors: [{ where: "ids", message: "must be 2 to 4 different backtest ids" }],
  });
}

function attach(reply: FastifyReply, name: string, type: string): void {
  reply.header("content-disposition", `attachment; filename="${name}"`);
  reply.header("x-content-type-options", "nosniff");
  reply.type(type);
}
