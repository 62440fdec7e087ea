import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { freePort } from "../src/platform/embedded-postgres.ts";
import { startProgram } from "./support/command-line.ts";
import { type TestDatabase, testDatabase } from "./support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
const started: ChildProcess[] = [];
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await database.close();
});

/** Processes start slowly on a busy machine. */
const patience = { timeout: 90_000 };

type Running = Readonly<{
  child: ChildProcess;
  ready: Promise<void>;
  ended: Promise<number | null>;
  output(): string;
}>;

function start(env: Record<string, string>): Running {
  const child = startProgram("web.ts", [], env, ["ignore", "pipe", "pipe", "ipc"]);
  started.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data) => {
      text += data;
    });
  const ready = new Promise<void>((done) =>
    child.on("message", (message) => message === "ready" && done()),
  );
  // Not "close", which never comes once the channel was disconnected from this side.
  const streams = [child.stdout, child.stderr].map((stream) => stream && once(stream, "close"));
  const ended = Promise.all([once(child, "exit"), ...streams]).then(
    ([[code]]) => code as number | null,
  );
  return { child, ready, ended, output: () => text };
}

const environment = async (): Promise<Record<string, string> & { PORT: string }> => ({
  DATABASE_URL: database.url,
  JWT_SECRET_KEY: "a-key-for-tests-that-nobody-else-knows-1",
  API_ENCRYPTION_KEY: "an-encryption-key-for-tests-0123456789",
  PORT: String(await freePort()),
});

const health = async (port: string) =>
  (await fetch(`http://localhost:${port}/api/v1/health`)).status;

test("the process says when it is ready, serves, and ends in order", patience, async () => {
  const env = await environment();
  const web = start(env);
  await web.ready;
  expect(await health(env.PORT)).toBe(200);
  const begin = Date.now();
  web.child.kill("SIGTERM");
  expect(await web.ended).toBe(0);
  expect(Date.now() - begin).toBeLessThan(5_000);
  for (const line of web.output().trim().split("\n"))
    expect(JSON.parse(line)).toHaveProperty("level");
});

test("it ends when its supervisor is gone", patience, async () => {
  const web = start(await environment());
  await web.ready;
  web.child.disconnect();
  expect(await web.ended).toBe(0);
});

test("several processes share the port, and one that is killed is replaced", {
  timeout: 40_000,
}, async () => {
  const env = { ...(await environment()), WEB_WORKERS: "2" };
  const web = start(env);
  await web.ready;
  expect(await health(env.PORT)).toBe(200);
  const pids = [
    ...new Set(
      [...web.output().matchAll(/"pid":(\d+).*"listening"/g)].map(([, pid]) => Number(pid)),
    ),
  ];
  expect(pids).toHaveLength(2);
  process.kill(pids[0] ?? 0, "SIGKILL");
  await expect.poll(() => [...web.output().matchAll(/"listening"/g)].length).toBe(3);
  expect(await health(env.PORT)).toBe(200);
  web.child.kill("SIGTERM");
  expect(await web.ended).toBe(0);
});

test("a bad environment ends it at once with every problem in plain words", patience, async () => {
  const web = start({ ENVIRONMENT: "production", JWT_SECRET_KEY: "hunter2", PORT: "80" });
  expect(await web.ended).toBe(2);
  for (const name of [
    "DATABASE_URL",
    "JWT_SECRET_KEY",
    "REDIS_URL",
    "API_ENCRYPTION_KEY",
    "FRONTEND_URL",
  ]) {
    expect(web.output()).toContain(`- ${name}`);
  }
  expect(web.output()).not.toContain("hunter2");
});

test("a busy port is one clear line", patience, async () => {
  const env = await environment();
  const other = createServer().listen(Number(env.PORT), "localhost");
  const web = start(env);
  expect(await web.ended).toBe(1);
  expect(web.output()).toContain(`port ${env.PORT} is used by another program`);
  other.close();
});

test("production serves with Redis, and says so when Redis is gone", patience, async ({ skip }) => {
  skip(inject("redisUrl") === "", "redis-server is not installed");
  const redis = await startRedis();
  const env = {
    ...(await environment()),
    ENVIRONMENT: "production",
    HOST: "127.0.0.1",
    DATABASE_URL: "",
    POSTGRES_HOST: "127.0.0.1",
    POSTGRES_PORT: new URL(database.url).port,
    POSTGRES_USER: new URL(database.url).username,
    POSTGRES_PASSWORD: decodeURIComponent(new URL(database.url).password),
    POSTGRES_DB: new URL(database.url).pathname.slice(1),
    REDIS_URL: redis.url,
    JWT_SECRET_KEY: "u7Rk2vQ9xW4mZ8pL1sN6tY3bE5cH0dJgAfKq",
    API_ENCRYPTION_KEY: "Zx1Cv4Bn7Mm2Kk5Jj8Hh3Gg6Ff9Dd0SsAaPo",
    FRONTEND_URL: "https://trade.example.com",
  };
  const web = start(env);
  await web.ready;
  const ready = async () => {
    const answer = await fetch(`http://127.0.0.1:${env.PORT}/api/v1/ready`);
    return {
      status: answer.status,
      ...((await answer.json()) as { checks: Record<string, { ok: boolean }> }),
    };
  };
  const { status, checks } = await ready();
  expect(checks.database?.ok).toBe(true);
  if (status !== 200) await expect.poll(async () => (await ready()).status).toBe(200);
  expect((await ready()).checks.redis?.ok).toBe(true);
  redis.stop();
  await expect.poll(async () => (await ready()).status).toBe(503);
  expect((await ready()).checks.redis?.ok).toBe(false);
  web.child.kill("SIGTERM");
  expect(await web.ended).toBe(0);
});

/** A Redis of this test's own, since it is going to be stopped. */
async function startRedis(): Promise<{ url: string; stop(): void }> {
  const port = await freePort();
  const child = spawn("redis-server", ["--port", `${port}`, "--bind", "127.0.0.1", "--save", ""], {
    stdio: "ignore",
  });
  started.push(child);
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.kill("SIGKILL") };
}
