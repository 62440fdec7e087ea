import {
  anyBacktestPage,
  anyBacktestQuery,
  exchangeHealthList,
  mailPage,
  mailPreviewList,
  mailQuery,
  queueList,
  reasoned,
  strategyUseList,
} from "@trading/contracts/admin";
import { id } from "@trading/contracts/common";
import { seriesPage, seriesQuery } from "@trading/contracts/market-data";
import { notificationPage, notificationQuery } from "@trading/contracts/notifications";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { actorOf } from "../accounts/operate.ts";
import type { Sql } from "../platform/postgres.ts";
import type { Letters } from "./letters.ts";
import { listNotifications } from "./notifications.ts";
import { countOutbox, readQueues } from "./overview.ts";
import type { Site } from "./site.ts";
import type { Work } from "./work.ts";

type Needs = Readonly<{ sql: Sql; work: Work; letters: Letters; site: Site }>;

const backtestPath = z.object({ backtestId: z.uuid() });
const seriesPath = z.object({ seriesId: id });
const jobPath = z.object({ queue: z.string().max(40), jobId: z.string().max(100) });
const mailPath = z.object({ mailId: z.uuid() });
const accepted = { 202: z.null() };

/** /api/v1/admin: backtests, strategies, queues, exchanges and mails of everybody. */
export function workRoutes({ sql, work, letters, site }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const backtests = {
      summary: "Backtests of everybody, the newest first",
      querystring: anyBacktestQuery,
      response: { 200: anyBacktestPage },
    };
    app.get("/backtests", { schema: backtests }, ({ query }) => work.listBacktests(query));

    const stop = {
      summary: "Stop a backtest that waits or runs",
      ...{ params: backtestPath, body: reasoned, response: accepted },
    };
    app.post("/backtests/:backtestId/stop", { schema: stop }, async (request, reply) => {
      const { backtestId } = request.params;
      await work.stopBacktest(actorOf(request), backtestId, request.body.reason);
      return reply.code(202).send(null);
    });

    const repeat = {
      summary: "Run a backtest once more, for its owner",
      ...{ params: backtestPath, body: reasoned, response: accepted },
    };
    app.post("/backtests/:backtestId/repeat", { schema: repeat }, async (request, reply) => {
      const { backtestId } = request.params;
      await work.repeatBacktest(actorOf(request), backtestId, request.body.reason);
      return reply.code(202).send(null);
    });

    const series = {
      summary: "Candles that everybody shares",
      querystring: seriesQuery,
      response: { 200: seriesPage },
    };
    app.get("/series", { schema: series }, ({ query }) => work.listSeries(query));

    const remove = {
      summary: "Delete a shared series; backtests keep their results",
      ...{ params: seriesPath, body: reasoned, response: { 204: z.null() } },
    };
    app.delete("/series/:seriesId", { schema: remove }, async (request, reply) => {
      const { seriesId } = request.params;
      await work.deleteSeries(actorOf(request), seriesId, request.body.reason);
      return reply.code(204).send(null);
    });

    const strategies = {
      summary: "Strategies, their versions and who runs which",
      response: { 200: strategyUseList },
    };
    app.get("/strategies", { schema: strategies }, async () => ({
      items: await work.listStrategies(),
    }));

    const queues = {
      summary: "Queues as a worker last counted them, with their dead jobs",
      response: { 200: queueList },
    };
    app.get("/queues", { schema: queues }, async () => ({
      items: await readQueues(sql),
      outboxWaiting: await countOutbox(sql),
    }));

    const retry = {
      summary: "Try a dead job once more",
      ...{ params: jobPath, body: reasoned, response: accepted },
    };
    app.post("/queues/:queue/dead-jobs/:jobId/retry", { schema: retry }, async (request, reply) => {
      const { queue, jobId } = request.params;
      await work.retryJob(actorOf(request), queue, jobId, request.body.reason);
      return reply.code(202).send(null);
    });

    const exchanges = {
      summary: "Exchanges, when they were last read and what went wrong",
      response: { 200: exchangeHealthList },
    };
    app.get("/exchanges", { schema: exchanges }, async () => ({
      items: await work.listExchanges(),
    }));

    const mails = {
      summary: "Mails of everybody, the newest first; without what they say",
      querystring: mailQuery,
      response: { 200: mailPage },
    };
    app.get("/mails", { schema: mails }, ({ query }) => letters.list(query));

    const notifications = {
      summary: "Messages behind everybody's bell and in their chats, the newest first",
      querystring: notificationQuery,
      response: { 200: notificationPage },
    };
    app.get("/notifications", { schema: notifications }, ({ query }) =>
      listNotifications(sql, query),
    );

    const previews = {
      summary: "Every mail as it looks",
      response: { 200: mailPreviewList },
    };
    app.get("/mail-previews", { schema: previews }, async () => ({
      items: letters.previews((await site.settings()).values.siteName),
    }));

    const resend = {
      summary: "Send a dead letter again",
      ...{ params: mailPath, body: reasoned, response: accepted },
    };
    app.post("/mails/:mailId/resend", { schema: resend }, async (request, reply) => {
      await letters.resend(actorOf(request), request.params.mailId, request.body.reason);
      return reply.code(202).send(null);
    });

    const test = { summary: "Send a mail to oneself", response: accepted };
    app.post("/mail-test", { schema: test }, async (request, reply) => {
      await letters.test(actorOf(request));
      return reply.code(202).send(null);
    });
  };
}
