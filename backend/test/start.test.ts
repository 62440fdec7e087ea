import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, stopEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import {
  type StartedPlatform,
  startByNpm,
  startPlatform,
  trading,
} from "./support/started-platform.ts";

/** `npm start` with real processes on a directory and ports of its own; the tests build on each other. */

let folder = "";
let data = "";
let port = 0;
const platforms: StartedPlatform[] = [];

function start(...args: string[]): StartedPlatform {
  const platform = startPlatform("--offline", "--port", String(port), ...args);
  platforms.push(platform);
  return platform;
}

const ready = "Ctrl-C stops everything.";
const startedOn = (...args: string[]) => start("--data", data, ...args);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "trading-start-"));
  chmodSync(folder, 0o711); // As root, PostgreSQL's user must pass through.
  data = join(folder, "data");
  port = await freePort();
});

afterAll(async () => {
  for (const { process: child } of platforms) child.kill("SIGKILL");
  await stopEmbeddedPostgres(join(data, "postgres"));
  rmSync(folder, { recursive: true, force: true });
});

test("the first start fills the platform and signs both people in by link", async () => {
  const platform = startedOn();
  await platform.said(ready);
  const output = platform.output();
  expect(output).toContain("synthetic example candles");

  const trader = await signIn(linkFor("trader", output));
  expect(await get("/users/me", trader)).toMatchObject({ name: "trader", role: "user" });
  const operator = await signIn(linkFor("operator", output));
  expect(await get("/users/me", operator)).toMatchObject({ name: "operator", role: "admin" });

  const backtests = await get<{ items: { status: string }[] }>("/backtests", trader);
  expect(backtests.items.length).toBeGreaterThanOrEqual(3);
  expect(new Set(backtests.items.map(({ status }) => status))).toEqual(new Set(["done"]));
  expect(await get("/comparisons", trader)).toMatchObject({ items: [{}] });
}, 240_000);

test("a link works once, and the command line prints new ones", async () => {
  const spent = linkFor("trader", platforms[0]?.output() ?? "");
  await expect(signIn(spent)).rejects.toThrow("401");
  const links = JSON.parse(await trading(data, "links", "--json")) as { trader: string };
  const token = await signIn(links.trader);
  expect(await get("/users/me", token)).toMatchObject({ name: "trader" });
});

test("the demo's exchange is one of the exchanges, with markets that live", async () => {
  const { trader } = JSON.parse(await trading(data, "links", "--json")) as { trader: string };
  const token = await signIn(trader);
  const { items } = await get<{ items: { id: string }[] }>("/exchanges", token);
  expect(items[0]?.id).toBe("simulator");
  const { SIMULATOR_URL = "" } = JSON.parse(readFileSync(join(data, "running.json"), "utf8"));
  const answers = () => fetch(`${SIMULATOR_URL}/api/v3/ping`).then(({ status }) => status);
  await expect.poll(() => answers().catch(() => 0)).toBe(200);
  const markets = await get<{ total: number }>("/exchanges/simulator/markets", token);
  expect(markets.total).toBeGreaterThanOrEqual(6);
});

test("what must stay secret is readable to its owner only", () => {
  for (const name of ["secrets.json", "running.json", "simulator-token", "logs/web.log"]) {
    expect(statSync(join(data, name)).mode & 0o077, name).toBe(0);
  }
});

test("a second start on the same directory says who runs there", async () => {
  const second = startedOn();
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(
    `The platform already runs on ${data} at http://localhost:${port}`,
  );
});

test("a busy port is named, with the way out", async () => {
  const second = start("--data", join(folder, "other"));
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`Port ${port} is used by another program`);
  expect(second.output()).toContain("--port");
});

test("a start ends as it would have when nobody reads along any more", async () => {
  const unread = start("--data", join(folder, "other"));
  unread.process.stdout?.destroy();
  unread.process.stderr?.destroy();
  expect(await unread.ended).toBe(1);
});

test("a killed worker is started again", async () => {
  for (const worker of await pidsOf("worker.ts")) process.kill(worker, "SIGKILL");
  await platforms[0]?.said("worker runs again.");
});

test("a killed database is started again, and the platform is ready without a restart of its own", async () => {
  const file = join(data, "postgres/data/postmaster.pid");
  const pids = await pidsOf("web.ts", "worker.ts");
  process.kill(Number.parseInt(readFileSync(file, "utf8"), 10), "SIGKILL");
  await platforms[0]?.said("the database runs again.");
  const isReady = async () => (await fetch(`${api()}/ready`)).status;
  await expect.poll(isReady).toBe(200);
  expect(await pidsOf("web.ts", "worker.ts")).toEqual(pids);
});

test("after kill -9 of the supervisor nothing keeps the port, and the next start adopts the database", async () => {
  const pids = await pidsOf("web.ts", "worker.ts", "simulator");
  platforms[0]?.process.kill("SIGKILL");
  await platforms[0]?.ended;

  const next = startedOn();
  await next.said(ready);
  expect(next.output()).toContain("still running on port");
  expect(next.output()).not.toContain("first content");
  expect(pids.filter(isAlive)).toEqual([]);
  const trader = await signIn(linkFor("trader", next.output()));
  const backtests = await get<{ items: unknown[] }>("/backtests", trader);
  expect(backtests.items.length).toBeGreaterThanOrEqual(3);
}, 240_000);

test("Ctrl-C stops everything in order", async () => {
  const platform = platforms.at(-1) as StartedPlatform;
  const pids = await pidsOf("web.ts", "worker.ts", "simulator");
  // A terminal and npm both pass one press on.
  platform.process.kill("SIGINT");
  platform.process.kill("SIGINT");
  expect(await platform.ended).toBe(0);
  expect(platform.output()).toContain("Stopped.");
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(join(data, "postgres/data/postmaster.pid"))).toBe(false);
  expect(existsSync(join(data, "lock"))).toBe(false);
});

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "%s to npm stops everything",
  async (signal) => {
    const platform = startByNpm("--offline", "--port", String(port), "--data", data);
    platforms.push(platform);
    await platform.said(ready);
    const pids = await pidsOf("web.ts", "worker.ts");
    const begin = performance.now();
    platform.process.kill(signal);
    await platform.said("Stopped.");
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(join(data, "lock"))).toBe(false);
  },
  60_000,
);

test("data of a newer version is left alone", async () => {
  writeFileSync(join(data, "layout"), "999\n");
  const platform = startedOn();
  expect(await platform.ended).toBe(1);
  expect(platform.output()).toContain("was written by a newer version of the platform");
});

test("a reset without a terminal wants --yes", async () => {
  const platform = startedOn("--reset");
  expect(await platform.ended).toBe(1);
  expect(platform.output()).toContain("confirm it with --yes");
  expect(readFileSync(join(data, "layout"), "utf8")).toBe("999\n");
});

test("a data directory that is no directory is refused in one sentence", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const platform = start("--data", file);
  expect(await platform.ended).toBe(1);
  expect(platform.output()).toContain(`${file} is not a directory`);
});

test("an address that is not ours is refused in one sentence", async () => {
  const platform = start("--data", join(folder, "other"), "--host", "192.0.2.1");
  expect(await platform.ended).toBe(1);
  expect(platform.output()).toContain("192.0.2.1 is not an address of this machine");
});

test("a port held on one of localhost's addresses only is busy too", async () => {
  const server = createServer();
  const held = await freePort();
  await new Promise<void>((done) => server.listen(held, "127.0.0.1", done));
  const platform = start("--data", join(folder, "other"), "--port", String(held));
  expect(await platform.ended).toBe(1);
  expect(platform.output()).toContain(`Port ${held} is used`);
  server.close();
});

function linkFor(name: string, output: string): string {
  const link = new RegExp(`Sign in as ${name}\\s+(\\S+)`).exec(output)?.[1];
  if (link === undefined) throw new Error(`no link for ${name} in:\n${output}`);
  return link;
}

const api = () => `http://localhost:${port}/api/v1`;

async function signIn(link: string): Promise<string> {
  const response = await fetch(`${api()}/auth/link`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: `http://localhost:${port}` },
    body: JSON.stringify({ token: link.split("/#/link/")[1] }),
  });
  if (!response.ok) throw new Error(`signing in was answered with ${response.status}`);
  return ((await response.json()) as { accessToken: string }).accessToken;
}

async function get<Answer>(path: string, token: string): Promise<Answer> {
  const response = await fetch(`${api()}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status, path).toBe(200);
  return (await response.json()) as Answer;
}

/** Numbers of the processes that run these programs, in their order. */
async function pidsOf(...programs: string[]): Promise<number[]> {
  const { processes } = JSON.parse(await trading(data, "memory", "--json")) as {
    processes: { pid: number; name: string }[];
  };
  return programs.map((program) => {
    const found = processes.find(({ name }) => name === program);
    if (found === undefined) throw new Error(`${program} does not run`);
    return found.pid;
  });
}

/** One that has ended and was not fetched by its parent yet does nothing any more. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
