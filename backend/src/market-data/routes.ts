import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import multipart from "@fastify/multipart";
import { id, pageQuery, timeframeMs } from "@trading/contracts/common";
import {
  candlesQuery,
  dataTask,
  dataTaskPage,
  downloadRequest,
  exampleRequest,
  exampleSeries,
  exchangeList,
  importForm,
  marketPage,
  marketQuery,
  seriesDetail,
  seriesPage,
  seriesQuery,
  simulatorPage,
  storageUse,
} from "@trading/contracts/market-data";
import { candleStart } from "@trading/engine";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Confirmations } from "../accounts/confirmations.ts";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { candleAnswer, candleLines } from "./candle-answer.ts";
import { dataRevision } from "./data-revision.ts";
import { makeExamples } from "./example-series.ts";
import { receiveImport } from "./receive-import.ts";
import type { MarketData } from "./store.ts";

type Needs = Omit<MarketData, "jobs" | "ensureCandles" | "loadColumns"> &
  Readonly<{
    environment: "development" | "production";
    simulatorUrl: string | null;
    simulatorToken: string | null;
    confirmations: Confirmations;
    now?: () => number;
  }>;

/** Half a gigabyte on the wire is a file, not an answer. */
const answeredCandlesMax = 3_000_000;
const marketsWaitMs = 12_000;
const marketsLookMs = 200;

const seriesParams = z.object({ seriesId: id });
const taskParams = z.object({ taskId: id });
const exchangeParams = z.object({ exchange: z.string().max(40) });

/** Exchanges, markets, series, imports and downloads under /api/v1. */
export function marketDataRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { markets, series, tasks, now = Date.now } = needs;
  return async (app) => {
    await app.register(multipart, { throwFileSizeLimit: false });

    const exchanges = {
      summary: "Supported exchanges, the most used first",
      response: { 200: exchangeList },
    };
    app.get("/exchanges", { schema: exchanges }, async () => ({
      items: await markets.listExchanges(),
    }));

    const marketList = {
      summary: "Markets of an exchange with their rules",
      params: exchangeParams,
      querystring: marketQuery,
      response: { 200: marketPage },
    };
    app.get("/exchanges/:exchange/markets", { schema: marketList }, async (request) => {
      await waitForMarkets(needs, request.params.exchange, now);
      return markets.listMarkets(request.params.exchange, request.query);
    });

    const list = {
      summary: "Series the user may read, shared ones and own uploads",
      querystring: seriesQuery,
      response: { 200: seriesPage },
    };
    app.get("/series", { schema: list }, (request) => series.list(request.user.id, request.query));

    const read = {
      summary: "A series with its certificate and its market's rules",
      params: seriesParams,
      response: { 200: seriesDetail },
    };
    app.get("/series/:seriesId", { schema: read }, (request) =>
      series.getDetail(request.user.id, request.params.seriesId),
    );

    const remove = {
      summary: "Delete an own upload",
      params: seriesParams,
      response: { 204: z.null() },
    };
    app.delete("/series/:seriesId", { schema: remove }, async (request, reply) => {
      await series.remove(request.user.id, request.params.seriesId);
      return reply.code(204).send(null);
    });

    const candles = {
      summary:
        "Candles as binary columns; `x-data-revision` is the SHA-256 of exactly these columns",
      params: seriesParams,
      querystring: candlesQuery,
      produces: ["application/octet-stream"],
    };
    app.get("/series/:seriesId/candles", { schema: candles }, async (request, reply) => {
      const { columns } = await loadRange(
        needs,
        request.user.id,
        request.params.seriesId,
        request.query,
      );
      const revision = dataRevision(columns);
      reply
        .header("etag", `"${revision}"`)
        .header("cache-control", "private, no-cache")
        .header("vary", "accept-encoding")
        .header("x-rows", columns.time.length)
        .header("x-data-revision", revision);
      if (request.headers["if-none-match"] === `"${revision}"`) return reply.code(304).send();
      const accepted = String(request.headers["accept-encoding"] ?? "");
      const { body, encoding } = await candleAnswer(columns, accepted);
      if (encoding !== null) reply.header("content-encoding", encoding);
      return reply.type("application/octet-stream").send(body);
    });

    const csv = {
      summary: "Candles as CSV",
      params: seriesParams,
      querystring: candlesQuery,
      produces: ["text/csv"],
    };
    app.get("/series/:seriesId/candles.csv", { schema: csv }, async (request, reply) => {
      const loaded = await loadRange(
        needs,
        request.user.id,
        request.params.seriesId,
        request.query,
      );
      const name = `${loaded.series.symbol}-${loaded.timeframe}`.replace(/[^A-Za-z0-9.-]+/g, "-");
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${name}.csv"`)
        .send(Readable.from(candleLines(loaded.columns)));
    });

    const upload = {
      summary: "Import a file of candles: fields symbol, timeframe and badLines, then the file",
      consumes: ["multipart/form-data"],
      response: { 202: dataTask },
    };
    app.post("/imports", { schema: upload, config: { form: importForm } }, async (request, reply) =>
      reply.code(202).send(await receiveImport(needs, request)),
    );

    const download = {
      summary: "Download candles of a market",
      body: downloadRequest,
      response: { 202: dataTask },
    };
    app.post("/downloads", { schema: download }, async (request, reply) => {
      const asked = readDownload(request.body, now());
      if ((await markets.findExchange(asked.exchange)) === null) {
        throw new PlatformError("unknown-market", "This exchange is not supported.");
      }
      const title = `${asked.symbol} ${asked.timeframe} from ${asked.exchange}`;
      return reply
        .code(202)
        .send(await tasks.add(request.user.id, title, { kind: "download", request: asked }));
    });

    const taskList = {
      summary: "Imports and downloads of the user, newest first",
      querystring: pageQuery,
      response: { 200: dataTaskPage },
    };
    app.get("/data-tasks", { schema: taskList }, ({ user, query }) =>
      tasks.list(user.id, query.page, query.pageSize),
    );

    const task = { params: taskParams, response: { 200: dataTask } };
    app.get(
      "/data-tasks/:taskId",
      { schema: { ...task, summary: "One import or download" } },
      (request) => tasks.get(request.user.id, request.params.taskId),
    );
    app.post(
      "/data-tasks/:taskId/cancel",
      { schema: { ...task, summary: "Cancel an import or download" } },
      (request) => tasks.cancel(request.user.id, request.params.taskId),
    );

    const storage = {
      summary: "What the user's uploads take and may take",
      response: { 200: storageUse },
    };
    app.get("/storage", { schema: storage }, async (request) => ({
      uploadBytes: await series.uploadBytes(request.user.id),
      uploadBytesMax: needs.uploadQuotaBytes,
      fileBytesMax: needs.uploadFileBytesMax,
    }));

    if (needs.environment === "production") return;
    const simulator = {
      summary: "Where the simulated exchange shows itself (not in production)",
      response: { 200: simulatorPage },
    };
    app.get("/simulator", { schema: simulator }, async () => ({
      address: simulatorAddress(needs),
    }));

    const examples = {
      summary: "Make the generated example series (not in production)",
      body: exampleRequest,
      response: { 200: exampleSeries },
    };
    app.post("/examples", { schema: examples }, async (request) => {
      await needs.confirmations.require(request);
      return { items: await makeExamples(needs, request.user.id, request.body) };
    });
  };
}

/** The page takes the token off the address at once. */
const simulatorAddress = ({ simulatorUrl, simulatorToken }: Needs): string | null =>
  simulatorUrl === null ? null : `${simulatorUrl}/#${simulatorToken ?? ""}`;

/** Markets come from the worker; a first look waits for them a little. */
async function waitForMarkets(
  { markets }: Needs,
  exchange: string,
  now: () => number,
): Promise<void> {
  const deadline = now() + marketsWaitMs;
  let found = await markets.findExchange(exchange);
  if (found === null) throw new NotFound("exchange", exchange);
  await markets.askForMarkets(exchange, new Date(now()));
  while (found?.marketsAt === null && now() < deadline) {
    await sleep(marketsLookMs);
    found = await markets.findExchange(exchange);
    if (found?.marketsAt === null && found.problem !== null) break;
  }
  if (found !== null && found.marketsAt !== null) return;
  const detail = found?.problem ?? "Its markets are being read; try again in a moment.";
  throw new PlatformError("exchange-unavailable", detail, { retryAfter: 30 });
}

type RangeQuery = z.infer<typeof candlesQuery>;

async function loadRange({ series }: Needs, userId: string, seriesId: string, query: RangeQuery) {
  const loaded = await series.loadFor(userId, seriesId, {
    timeframe: query.timeframe,
    ...(query.from === undefined ? {} : { fromMs: Date.parse(query.from) }),
    ...(query.to === undefined ? {} : { toMs: Date.parse(query.to) }),
  });
  if (loaded.columns.time.length <= answeredCandlesMax) return loaded;
  throw new PlatformError(
    "too-large",
    `These are ${loaded.columns.time.length} candles; at most ${answeredCandlesMax} are answered. Ask for a shorter range or a coarser timeframe.`,
  );
}

function readDownload(body: z.infer<typeof downloadRequest>, nowMs: number) {
  const { exchange, symbol, timeframe, from, to } = body;
  const step = timeframeMs[timeframe];
  const fromMs = candleStart(Date.parse(from), step);
  const toMs = to === undefined ? nowMs : Math.min(nowMs, Date.parse(to));
  if (fromMs + step <= toMs) return { exchange, symbol, timeframe, fromMs, toMs };
  throw new PlatformError("validation-failed", "The range holds no closed candle.", {
    errors: [{ where: "from", message: "must be at least one candle before `to` and before now" }],
  });
}
