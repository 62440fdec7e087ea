import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdDecompressSync } from "node:zlib";
import type { DataTask, Series } from "@trading/contracts/market-data";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInUser, type TestApp, testApp } from "../../test/support/app.ts";
import {
  type BinanceServer,
  candleAt,
  startBinanceServer,
} from "../../test/support/binance-server.ts";
import { csv, uploadFile } from "../../test/support/uploads.ts";
import { createCcxtExchanges } from "../exchanges/ccxt-exchange.ts";
import { newId } from "../platform/ids.ts";
import { outbox } from "../platform/schema.ts";
import { columnsOver } from "./columns.ts";
import { dataRevision } from "./data-revision.ts";
import { dataTasks } from "./schema.ts";
import { createMarketData, type MarketData } from "./store.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2024, 0, 1);
const dataDir = mkdtempSync(join(tmpdir(), "trading-routes-"));
const errors: unknown[] = [];
let server: BinanceServer;
let web: TestApp;
let worker: MarketData;
let ann: SignedInUser;
let bob: SignedInUser;
let operator: SignedInUser;

beforeAll(async () => {
  server = await startBinanceServer(start, start + 3_000 * minute);
  web = await testApp({ env: { DATA_DIR: dataDir, UPLOAD_FILE_MB: "1" } });
  worker = createMarketData({
    ...web.config,
    database: web.database,
    onError: (error) => errors.push(error),
    exchanges: createCcxtExchanges({ settings: server.settings, deadlineMs: 1_000 }),
    now: () => start + 2_000 * hour,
  });
  [ann, bob, operator] = await Promise.all([web.signedIn(), web.signedIn(), web.signedIn("admin")]);
});
afterAll(async () => {
  await web.close();
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const never = new AbortController().signal;
const work = async (name: string, payload: Record<string, string>, signal = never) => {
  const job = worker.jobs().find((one) => one.name === name);
  if (job === undefined) throw new Error(`no job ${name}`);
  await job.run(payload, signal);
};
const get = (path: string, user: SignedInUser, headers = {}) =>
  web.inject({ url: `/api/v1${path}`, headers: { ...user.headers, ...headers } });
const post = (path: string, user: SignedInUser, body: object = {}) =>
  web.inject({ method: "POST", url: `/api/v1${path}`, headers: user.headers, payload: body });
const taskOf = async (id: string, user: SignedInUser): Promise<DataTask> =>
  (await get(`/data-tasks/${id}`, user)).json();

const upload = (user: SignedInUser, content: string | Uint8Array, fields = {}) =>
  uploadFile(web, user, content, fields);
const uploads = () => readdirSync(join(dataDir, "uploads"));

async function imported(
  user: SignedInUser,
  content: string | Uint8Array,
  fields = {},
): Promise<DataTask> {
  const answer = await upload(user, content, fields);
  expect(answer.statusCode).toBe(202);
  const { id } = answer.json<DataTask>();
  await work("import-candles", { taskId: id });
  return taskOf(id, user);
}

test("a file becomes a private series of its owner, and is gone from the disk", async () => {
  const task = await imported(ann, gzipSync(csv(500)));
  expect(task).toMatchObject({
    kind: "import",
    status: "done",
    rows: 500,
    problem: null,
    skippedLines: [],
  });
  expect(task.progress).toMatchObject({ share: 1, step: "Done" });
  expect(uploads()).toEqual([]);
  const detail = (await get(`/series/${task.seriesId}`, ann)).json();
  expect(detail).toMatchObject({
    source: "upload",
    symbol: "BTC/USDT",
    timeframe: "1h",
    rows: 500,
    mine: true,
  });
  expect(detail.certificate).toMatchObject({
    rows: 500,
    gaps: 0,
    first: "2024-01-01T00:00:00.000Z",
  });
  expect((await get("/storage", ann)).json().uploadBytes).toBe(detail.bytes);
});

test("the same file twice is the same series, unchanged; a job that runs twice imports once", async () => {
  const first = await imported(bob, csv(100));
  const before = (await get(`/series/${first.seriesId}`, bob)).json();
  const again = await imported(bob, csv(100));
  await work("import-candles", { taskId: again.id });
  expect(again.seriesId).toBe(first.seriesId);
  expect((await get(`/series/${first.seriesId}`, bob)).json()).toEqual(before);
});

test("a bad file is refused with its lines, or imported without them when asked", async () => {
  const spoiled = csv(100).replace(`${start + 3 * hour},10`, `${start + 3 * hour},-10`);
  const refused = await imported(ann, spoiled, { symbol: "BAD/USDT" });
  expect(refused).toMatchObject({
    status: "failed",
    seriesId: null,
    problem: { code: "bad-lines" },
  });
  expect(refused.problem?.errors).toEqual([
    { where: "line 5", message: expect.stringContaining("above zero") },
  ]);
  expect(uploads()).toEqual([]);
  const skipped = await imported(ann, spoiled, { symbol: "BAD/USDT", badLines: "skip" });
  expect(skipped).toMatchObject({ status: "done", rows: 99, skippedLines: [{ line: 5 }] });
});

test("what belongs to somebody else does not exist", async () => {
  const { id, seriesId } = await imported(ann, csv(20), { symbol: "OWN/USDT" });
  const series = `/series/${seriesId}`;
  for (const path of [series, `${series}/candles`, `${series}/candles.csv`, `/data-tasks/${id}`]) {
    const answer = await get(path, bob);
    expect([path, answer.statusCode, answer.json().code]).toEqual([path, 404, "not-found"]);
    const absent = path.replace(seriesId ?? "", newId()).replace(id, newId());
    expect((await get(absent, bob)).json().detail).toBe(answer.json().detail);
  }
  expect((await post(`/data-tasks/${id}/cancel`, bob)).statusCode).toBe(404);
  const remove = (user: SignedInUser) =>
    web.inject({ method: "DELETE", url: `/api/v1${series}`, headers: user.headers });
  expect((await remove(bob)).statusCode).toBe(404);
  const listed = (await get("/series?pageSize=200", bob)).json<{ items: Series[] }>();
  expect(listed.items.some((one) => one.id === seriesId)).toBe(false);
  expect((await remove(ann)).statusCode).toBe(204);
  expect((await get(series, ann)).statusCode).toBe(404);
});

test("every route wants a signed-in user", async () => {
  for (const url of [
    "/exchanges",
    "/series",
    `/series/${newId()}/candles`,
    "/data-tasks",
    "/storage",
  ]) {
    expect((await web.inject({ url: `/api/v1${url}` })).statusCode).toBe(401);
  }
  expect((await web.inject({ method: "POST", url: "/api/v1/imports" })).statusCode).toBe(401);
});

test("a full quota refuses the next import, and stores nothing of it", async () => {
  const carol = await web.signedIn();
  const small = createMarketData({
    ...web.config,
    database: web.database,
    uploadQuotaBytes: 10,
    onError: (error) => errors.push(error),
  });
  const { id } = (await upload(carol, csv(50))).json<DataTask>();
  await small
    .jobs()
    .find((job) => job.name === "import-candles")
    ?.run({ taskId: id }, never);
  expect(await taskOf(id, carol)).toMatchObject({
    status: "failed",
    problem: { code: "quota-exceeded" },
  });
  expect((await get("/series", carol)).json().total).toBe(0);
});

test("a waiting import that is cancelled never runs, and its file is swept", async () => {
  const { id } = (await upload(ann, csv(50), { symbol: "STOP/USDT" })).json<DataTask>();
  expect((await post(`/data-tasks/${id}/cancel`, ann)).json()).toMatchObject({
    status: "cancelled",
  });
  await work("import-candles", { taskId: id });
  expect(await taskOf(id, ann)).toMatchObject({ status: "cancelled", seriesId: null });
  const old = new Date(start);
  utimesSync(worker.uploads.fileOf(id), old, old);
  writeFileSync(join(dataDir, "uploads", "kept.txt"), "not ours");
  await work("sweep-market-data", {});
  expect(existsSync(worker.uploads.fileOf(id))).toBe(false);
  expect((await get(`/data-tasks/${id}`, ann)).json().status).toBe("cancelled");
});

test("a worker that stops gives its task back, and the next one finishes it", async () => {
  const { id } = (await upload(ann, csv(50), { symbol: "BACK/USDT" })).json<DataTask>();
  const stop = new AbortController();
  stop.abort(new Error("the worker stops"));
  await work("import-candles", { taskId: id }, stop.signal);
  expect(await taskOf(id, ann)).toMatchObject({ status: "queued" });
  await work("import-candles", { taskId: id });
  expect(await taskOf(id, ann)).toMatchObject({ status: "done", rows: 50 });
});

test("a task whose worker died is nudged again and finished by another", async () => {
  const { id } = (await upload(ann, csv(50), { symbol: "DEAD/USDT" })).json<DataTask>();
  await web.database.db
    .update(dataTasks)
    .set({ status: "running", attempt: 1, heartbeatAt: new Date(start) })
    .where(eq(dataTasks.id, id));
  await web.database.db.delete(outbox);
  await work("sweep-market-data", {});
  const lines = await web.database.db.select().from(outbox);
  expect(lines.filter((line) => line.payload.taskId === id).length).toBe(1);
  await work("import-candles", { taskId: id });
  expect(await taskOf(id, ann)).toMatchObject({ status: "done", rows: 50 });
});

test("candles come as columns with the revision of exactly these columns", async () => {
  const { seriesId } = await imported(ann, csv(5_000 / 5), { symbol: "BIN/USDT" });
  const url = `/series/${seriesId}/candles?from=2024-01-02T00:00:00.000Z&to=2024-01-05T00:00:00.000Z`;
  const answer = await get(url, ann);
  expect(answer.headers["x-rows"]).toBe("72");
  const body = answer.rawPayload;
  expect(body.toString("latin1", 0, 4)).toBe("TPC1");
  expect(body.readUInt32LE(4)).toBe(72);
  const columns = columnsOver(new Uint8Array(body.subarray(16)).buffer, 0, 72);
  expect(columns.time[0]).toBe(Date.UTC(2024, 0, 2));
  expect(answer.headers["x-data-revision"]).toBe(dataRevision(columns));
  const again = await get(url, ann, { "if-none-match": answer.headers.etag });
  expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);

  const days = await get(`/series/${seriesId}/candles?timeframe=1d`, ann);
  expect(days.headers["x-rows"]).toBe("41");
  const finer = await get(`/series/${seriesId}/candles?timeframe=1m`, ann);
  expect([finer.statusCode, finer.json().code]).toEqual([422, "no-candles"]);
});

test("many candles are packed for those who can unpack them", async () => {
  const { seriesId } = await imported(ann, csv(2_000), { symbol: "ZIP/USDT" });
  const plain = await get(`/series/${seriesId}/candles`, ann);
  const packed = await get(`/series/${seriesId}/candles`, ann, { "accept-encoding": "gzip, zstd" });
  expect(packed.headers["content-encoding"]).toBe("zstd");
  expect(zstdDecompressSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true);
  const csvAnswer = await get(`/series/${seriesId}/candles.csv`, ann);
  expect(csvAnswer.headers["content-disposition"]).toBe('attachment; filename="ZIP-USDT-1h.csv"');
  expect(csvAnswer.body.trim().split("\n").length).toBe(2_001);
});

test("markets of an exchange are read by the worker and searched by page", async () => {
  const waiting = get("/exchanges/binance/markets?search=btc", ann);
  await work("refresh-markets", { exchange: "binance" });
  const page = (await waiting).json();
  expect(page).toMatchObject({ total: 2, page: 1 });
  expect(page.items[0]).toMatchObject({ symbol: "BTC/USDT", tick: 0.01, active: true });
  const { items } = (await get("/exchanges", ann)).json();
  expect(items[0]).toMatchObject({ id: "binance", name: "Binance", markets: 4, problem: null });
  expect(items.length).toBeGreaterThan(80);
  expect((await get("/exchanges/nowhere/markets", ann)).statusCode).toBe(404);
});

test("an exchange that cannot be reached says so", async () => {
  await web.inject({ url: "/api/v1/series", headers: ann.headers });
  await worker.markets.recordProblem("kraken", "Kraken did not answer within 45 s.");
  const answer = await get("/exchanges/kraken/markets", ann);
  expect([answer.statusCode, answer.json().code]).toEqual([502, "exchange-unavailable"]);
  expect(answer.json().detail).toMatch(/Kraken did not answer/);
});

test("a download becomes a series for everybody, told to its user while it runs", async () => {
  const asked = {
    exchange: "binance",
    symbol: "BTC/USDT",
    timeframe: "1m",
    from: new Date(start).toISOString(),
    to: new Date(start + 2_000 * minute).toISOString(),
  };
  const answer = await post("/downloads", ann, asked);
  expect(answer.statusCode).toBe(202);
  const { id } = answer.json<DataTask>();
  await work("download-candles", { taskId: id });
  const task = await taskOf(id, ann);
  expect(task).toMatchObject({ kind: "download", status: "done", rows: 2_000 });
  const shared = (await get(`/series/${task.seriesId}`, bob)).json();
  expect(shared).toMatchObject({
    source: "exchange",
    exchange: "binance",
    mine: false,
    rows: 2_000,
  });
  expect(shared.market).toMatchObject({ symbol: "BTC/USDT", takerFee: 0.001 });
  const { columns } = await worker.series.loadFor(bob.id, task.seriesId ?? "", {});
  expect(columns.close[7]).toBe(candleAt(start + 7 * minute)[4]);
  const remove = await web.inject({
    method: "DELETE",
    url: `/api/v1/series/${task.seriesId}`,
    headers: ann.headers,
  });
  expect([remove.statusCode, remove.json().code]).toEqual([403, "forbidden"]);
});

test("shared candles are deleted by an operator only, with a line in the log; uploads by their owner", async () => {
  const { id: upload } = (await get("/series?source=upload", ann)).json().items[0];
  const [shared] = (await get("/series?source=exchange", operator)).json().items;
  const remove = async (path: string, user: SignedInUser) => {
    const { statusCode } = await web.inject({
      ...{ method: "DELETE", url: `/api/v1${path}`, payload: { reason: "a test wants it" } },
      headers: { "sec-fetch-site": "same-origin", ...user.headers },
    });
    return statusCode;
  };
  expect(await remove(`/series/${shared.id}`, operator)).toBe(403);
  expect(await remove(`/admin/series/${shared.id}`, ann)).toBe(403);
  expect(await remove(`/admin/series/${upload}`, operator)).toBe(404);
  const listed = (await get("/admin/series?pageSize=200", operator)).json<{ items: Series[] }>();
  expect(listed.items.map(({ id }) => id)).toContain(shared.id);
  expect(listed.items.map(({ id }) => id)).not.toContain(upload);
  expect(await remove(`/admin/series/${shared.id}`, operator)).toBe(204);
  expect((await get(`/series/${shared.id}`, operator)).statusCode).toBe(404);
  expect((await get("/admin/audit?action=series-deleted", operator)).json().items).toMatchObject([
    { actorId: operator.id, target: shared.title, before: { rows: shared.rows } },
  ]);
});

test("a download that hangs is cancelled within a moment", async () => {
  server.faults.push({ kind: "hang" });
  const asked = {
    exchange: "binance",
    symbol: "ETH/USDT",
    timeframe: "1m",
    from: new Date(start).toISOString(),
  };
  const { id } = (await post("/downloads", ann, asked)).json<DataTask>();
  const running = work("download-candles", { taskId: id });
  while ((await taskOf(id, ann)).status !== "running")
    await new Promise((done) => setTimeout(done, 10));
  expect((await post(`/data-tasks/${id}/cancel`, ann)).json().status).toBe("running");
  const startedAt = performance.now();
  await running;
  expect(performance.now() - startedAt).toBeLessThan(1_500);
  expect(await taskOf(id, ann)).toMatchObject({ status: "cancelled" });
});

test("a download of nothing, or from nowhere, is refused at once", async () => {
  const base = {
    exchange: "binance",
    symbol: "BTC/USDT",
    timeframe: "1h",
    from: "2024-01-01T00:00:00.000Z",
  };
  expect((await post("/downloads", ann, { ...base, to: base.from })).statusCode).toBe(400);
  expect((await post("/downloads", ann, { ...base, exchange: "nowhere" })).json().code).toBe(
    "unknown-market",
  );
  expect((await post("/downloads", ann, { ...base, from: "tomorrow" })).statusCode).toBe(400);
});

test("generated examples are made once, by an admin, and say what they are", async () => {
  expect((await post("/examples", ann)).statusCode).toBe(403);
  const made = (await post("/examples", operator, {})).json<{ items: Series[] }>();
  expect(made.items.map((one) => one.symbol)).toEqual(["BTC/USDT", "ETH/USDT", "SOL/USDT"]);
  expect(
    made.items.every(
      (one) =>
        one.source === "synthetic" && one.title.includes("synthetic") && one.exchange === null,
    ),
  ).toBe(true);
  const again = (await post("/examples", operator, {})).json<{ items: Series[] }>();
  expect(again.items).toEqual(made.items);
  const found = (await get("/series?source=synthetic&sort=rows&order=desc", bob)).json();
  expect(found.total).toBe(3);
});

test("nothing went wrong that was not foreseen", () => {
  expect(errors).toEqual([]);
});
