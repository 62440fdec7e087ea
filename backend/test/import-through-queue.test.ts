import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataTask } from "@trading/contracts/market-data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApp, testApp } from "./support/app.ts";
import { type TestWorker, testWorker } from "./support/worker.ts";

const dataDir = mkdtempSync(join(tmpdir(), "trading-queue-"));
let web: TestApp;
let worker: TestWorker;

beforeAll(async () => {
  web = await testApp({ env: { DATA_DIR: dataDir } });
  worker = await testWorker(web.database, {
    DATA_DIR: dataDir,
    WORKER_QUEUES: "market-data,sweeps",
  });
});
afterAll(async () => {
  await worker.close();
  await web.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test("a file goes through web, outbox, queue, worker and child into a series", async () => {
  const user = await web.signedIn();
  const start = Date.UTC(2024, 0, 1);
  const lines = Array.from({ length: 400 }, (_, i) => `${start + i * 60_000},10,12,9,11,1`);
  const form = new FormData();
  form.append("symbol", "BTC/USDT");
  form.append("file", new Blob([`time,open,high,low,close,volume\n${lines.join("\n")}`]), "a.csv");
  const encoded = new Response(form);
  const answer = await web.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers: { ...user.headers, "content-type": encoded.headers.get("content-type") ?? "" },
    payload: Buffer.from(await encoded.arrayBuffer()),
  });
  let task = answer.json<DataTask>();
  while (task.status === "queued" || task.status === "running") {
    await new Promise((done) => setTimeout(done, 50));
    task = (
      await web.inject({ url: `/api/v1/data-tasks/${task.id}`, headers: user.headers })
    ).json();
  }
  expect(task).toMatchObject({ status: "done", rows: 400, problem: null });
  // The files go right after the result is kept.
  await expect.poll(() => readdirSync(join(dataDir, "uploads"))).toEqual([]);
  expect(worker.logged).toEqual([]);
});
