import { tradePage, tradeQuery } from "@trading/contracts/backtests";
import { id } from "@trading/contracts/common";
import { fillsCsv, tradesCsv } from "@trading/contracts/csv";
import { type Fill, fillPage, fillQuery } from "@trading/contracts/fills";
import { verification } from "@trading/contracts/reports";
import type { FastifyReply } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { PlatformError } from "../platform/errors.ts";
import type { StrategyCatalogue } from "./check-request.ts";
import { reportHtml } from "./report.ts";
import type { BacktestStore } from "./store.ts";
import { sortTrades } from "./trades.ts";
import { verificationBetween } from "./verify.ts";

type Needs = Readonly<{
  backtests: BacktestStore;
  strategies: StrategyCatalogue;
  /** What the site says of backtests. */
  notice(): Promise<string>;
}>;

const backtestParams = z.object({ backtestId: id });
const file = z.string();
const tags = ["backtests"];

/** /api/v1/backtests/:backtestId/…: read the result of a backtest, hold it against another, take it along. */
export function resultRoutes({ backtests, strategies, notice }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
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
        const before = await backtests.getResult(request.user.id, request.params.backtestId);
        const now = await backtests.getResult(request.user.id, request.params.by);
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
        const { trades } = await backtests.getResult(request.user.id, request.params.backtestId);
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
        const { view, trades } = await backtests.getResult(
          request.user.id,
          request.params.backtestId,
        );
        attach(reply, `trades-${view.id}.csv`, "text/csv; charset=utf-8");
        return tradesCsv(trades);
      },
    );

    app.get(
      "/:backtestId/fills",
      {
        schema: {
          tags,
          summary: "List the fills of a backtest, or of one of its trades",
          params: backtestParams,
          querystring: fillQuery,
          response: { 200: fillPage },
        },
      },
      async (request) => {
        const { page, pageSize, trade } = request.query;
        const all = await fillsOf(backtests, request.user.id, request.params.backtestId);
        const isWanted = ({ enters, leaves }: Fill) => enters === trade || leaves === trade;
        const fills = trade === undefined ? all : all.filter(isWanted);
        const items = fills.slice((page - 1) * pageSize, page * pageSize);
        return { items, total: fills.length, page, pageSize };
      },
    );

    app.get(
      "/:backtestId/fills.csv",
      {
        schema: {
          tags,
          summary: "Take the fills along as CSV",
          params: backtestParams,
          produces: ["text/csv"],
          response: { 200: file },
        },
      },
      async (request, reply) => {
        const { backtestId } = request.params;
        const fills = await fillsOf(backtests, request.user.id, backtestId);
        attach(reply, `fills-${backtestId}.csv`, "text/csv; charset=utf-8");
        return fillsCsv(fills);
      },
    );

    app.get(
      "/:backtestId/result.json",
      {
        schema: {
          tags,
          summary: "Take backtest, result, trades and fills along as JSON",
          params: backtestParams,
          produces: ["application/json"],
          response: { 200: z.any() },
        },
      },
      async (request, reply) => {
        const { view, result, trades } = await backtests.getResult(
          request.user.id,
          request.params.backtestId,
        );
        attach(reply, `backtest-${view.id}.json`, "application/json; charset=utf-8");
        const fills = await backtests.getFills(request.user.id, view.id);
        return { backtest: view, result, trades, fills };
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
        const { view, result, trades } = await backtests.getResult(
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

/** That they were not stored yet is no empty list. */
async function fillsOf(store: BacktestStore, userId: string, id: string): Promise<Fill[]> {
  const fills = await store.getFills(userId, id);
  if (fills !== null) return fills;
  await store.getResult(userId, id);
  throw new PlatformError(
    "conflict",
    "This result was stored before fills were kept. Run the backtest again to get them.",
  );
}

function attach(reply: FastifyReply, name: string, type: string): void {
  reply.header("content-disposition", `attachment; filename="${name}"`);
  reply.header("x-content-type-options", "nosniff");
  reply.type(type);
}
