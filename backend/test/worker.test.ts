import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInUser, type TestApp, testApp } from "./support/app.ts";
import { testSeries } from "./support/series.ts";
import { strategySource, trading } from "./support/strategy-files.ts";
import { testWorker } from "./support/worker.ts";

let app: TestApp;
let user: SignedInUser;
let seriesId = "";
let strategiesDir = "";

beforeAll(async () => {
  app = await testApp();
  user = await app.signedIn();
  seriesId = await testSeries(app.database);
  strategiesDir = await mkdtemp(join(tmpdir(), "strategies-"));
  await writeFile(join(strategiesDir, "tried.ts"), trading);
  await writeFile(join(strategiesDir, "endless.ts"), strategySource("for (;;);", "", "endless"));
});
afterAll(async () => {
  await app.close();
  await rm(strategiesDir, { recursive: true });
});

const startWorker = (env = {}) =>
  testWorker(app.database, { STRATEGIES_DIR: strategiesDir, BACKTEST_SLOTS: "1", ...env });
const ask = async (strategy: string): Promise<string> => {
  const candles = { kind: "series", seriesId };
  const payload = { strategy, candles, timeframe: "1h" };
  const { headers } = user;
  const answer = await app.inject({ method: "POST", url: "/api/v1/backtests", headers, payload });
  return answer.json().id;
};
const statusOf = async (id: string): Promise<string> => {
  const answer = await app.inject({ url: `/api/v1/backtests/${id}`, headers: user.headers });
  return answer.json().status;
};
const becomes = (id: string, status: string) =>
  expect.poll(() => statusOf(id), { timeout: 30_000, interval: 50 }).toBe(status);

test("a worker that is asked to end gives back what it cannot finish; the next one takes it", async () => {
  const first = await startWorker();
  const id = await ask("endless");
  await becomes(id, "running");
  await first.close(100);
  expect(await statusOf(id)).toBe("queued");
  const second = await startWorker({ BACKTEST_TIMEOUT_SECONDS: "1" });
  await becomes(id, "failed");
  await second.close();
});

test("a backtest asked for while no worker lives is run by the next one", async () => {
  const id = await ask("tried");
  expect(await statusOf(id)).toBe("queued");
  const worker = await startWorker();
  await becomes(id, "done");
  await worker.close();
});

test("a worker for other queues leaves backtests alone", async () => {
  const other = await startWorker({ WORKER_QUEUES: "market-data,sweeps" });
  const id = await ask("tried");
  await new Promise((done) => setTimeout(done, 500));
  expect(await statusOf(id)).toBe("queued");
  const worker = await startWorker({ WORKER_QUEUES: "backtests" });
  await becomes(id, "done");
  await Promise.all([other.close(), worker.close()]);
});

test("a queue that does not exist is told in one sentence", async () => {
  await expect(startWorker({ WORKER_QUEUES: "backtest" })).rejects.toThrow(
    "WORKER_QUEUES names backtest; there are backtests, market-data, exchange-keys, mail, sweeps.",
  );
});
