import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { canBeHeldIn } from "./postgres-programs.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "trading-embedded-"));
  chmodSync(root, 0o711);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const fast = { fsync: "off" };

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

test("a server is adopted while it runs, and recovers after kill -9 with its rows", async () => {
  const dir = join(root, "adopt");
  const first = await startEmbeddedPostgres({ dir, port: "free", parameters: fast });
  await ask(first.url, "create table kept (n int); insert into kept values (7)");
  const second = await startEmbeddedPostgres({ dir, port: "free" });
  expect(second).toMatchObject({ adopted: true, port: first.port, url: first.url });

  const postmaster = Number(readFileSync(join(dir, "data/postmaster.pid"), "utf8").split("\n")[0]);
  process.kill(postmaster, "SIGKILL");
  const third = await startEmbeddedPostgres({ dir, port: "free", parameters: fast });
  expect(third.adopted).toBe(false);
  expect(await ask(third.url, "select n from kept")).toEqual([{ n: 7 }]);
  await third.stop();
});

test("a wrong password is refused", async () => {
  const dir = join(root, "password");
  const server = await startEmbeddedPostgres({ dir, port: "free", parameters: fast });
  const wrong = new URL(server.url);
  wrong.password = "guess";
  await expect(ask(wrong.href, "select 1")).rejects.toThrow(/authentication failed/);
  await server.stop();
});

test("an initialisation that was killed half way is done again", async () => {
  const dir = join(root, "half");
  mkdirSync(join(dir, "data.part/base"), { recursive: true });
  writeFileSync(join(dir, "data.part/PG_VERSION"), "18\n");
  const server = await startEmbeddedPostgres({ dir, port: "free", parameters: fast });
  expect(await ask(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
  // Data of another major version is told apart before anything touches it.
  writeFileSync(join(dir, "data/PG_VERSION"), "99\n");
  await expect(startEmbeddedPostgres({ dir, port: "free" })).rejects.toMatchObject({
    kind: "newer-data",
  });
  writeFileSync(join(dir, "data/PG_VERSION"), "14\n");
  await expect(startEmbeddedPostgres({ dir, port: "free" })).rejects.toMatchObject({
    kind: "older-data",
  });
  writeFileSync(join(dir, "data/PG_VERSION"), "18\n");

  const port = await freePort();
  const other = createServer().listen(port, "127.0.0.1");
  await expect(startEmbeddedPostgres({ dir, port })).rejects.toMatchObject({
    kind: "port-busy",
    message: expect.stringContaining(`Port ${port}`),
  });
  other.close();
});

const isRoot = process.getuid?.() === 0;

test("as root, a folder below a 0700 folder cannot hold the server", async ({ skip }) => {
  skip(!isRoot, "only root can show it");
  const closed = join(root, "closed");
  mkdirSync(closed, { mode: 0o700 });
  expect(canBeHeldIn(join(closed, "data"))).toBe(false);
  expect(canBeHeldIn(join(root, "open", "data"))).toBe(true);
  const attempt = startEmbeddedPostgres({ dir: join(closed, "data"), port: "free" });
  await expect(attempt).rejects.toMatchObject({ kind: "unreachable-directory" });
});

test("a full disk is one clear sentence", async ({ skip }) => {
  skip(!isRoot, "only root may mount a small disk");
  const dir = join(root, "full");
  mkdirSync(dir);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m,mode=711", "tmpfs", dir], {
      stdio: "ignore",
    });
  } catch {
    skip("this root may not mount a small disk");
  }
  try {
    const attempt = startEmbeddedPostgres({ dir: join(dir, "postgres"), port: "free" });
    await expect(attempt).rejects.toMatchObject({ kind: "disk-full" });
  } finally {
    execFileSync("umount", [dir]);
  }
});
