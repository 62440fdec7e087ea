import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import {
  type EmbeddedPostgres,
  freePort,
  startEmbeddedPostgres,
} from "../../src/platform/embedded-postgres.ts";
import { migrate } from "../../src/platform/migrations.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A server where tests make databases. */
    postgresUrl: string;
    /** Migrated; tests clone it. */
    templateDatabase: string;
    /** Empty where no Redis is installed. */
    redisUrl: string;
  }
}

/**
 * Starts what tests need, once for the run, on private ports: PostgreSQL always, Redis where it is installed.
 * TEST_DATABASE_URL and TEST_REDIS_URL name servers to use instead. Stops only what it started.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await stopLeftovers();
  const dir = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  chmodSync(dir, 0o711);
  const given = process.env.TEST_DATABASE_URL;
  const server = given === undefined ? await startPostgres(join(dir, "postgres")) : null;
  const postgresUrl = given ?? server?.url ?? "";
  const template = `trading_template_${process.pid}`;
  await query(postgresUrl, `create database ${template}`);
  await migrate(databaseUrl(postgresUrl, template));
  const redis = process.env.TEST_REDIS_URL ? null : await startRedis(dir);
  project.provide("postgresUrl", postgresUrl);
  project.provide("templateDatabase", template);
  project.provide("redisUrl", process.env.TEST_REDIS_URL ?? redis?.url ?? "");
  return async () => {
    if (server === null)
      await query(postgresUrl, `drop database if exists ${template} with (force)`);
    redis?.process.kill();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

const prefix = "trading-test-";

const startPostgres = (dir: string): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({
    dir,
    port: "free",
    // Nothing here outlives the run, so nothing needs to reach the disk.
    parameters: {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      max_connections: "300",
    },
  });

/** A run that was killed leaves its server behind; the folder names the process that started it. */
async function stopLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const dir = join(tmpdir(), name);
    const left = await startEmbeddedPostgres({ dir: join(dir, "postgres"), port: "free" }).catch(
      () => null,
    );
    await left?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The same server, another database. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function startRedis(dir: string): Promise<{ url: string; process: ChildProcess } | null> {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
  } catch {
    process.stderr.write("redis-server is not installed: tests that need Redis are left out.\n");
    return null;
  }
  const port = await freePort();
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", dir];
  const child = spawn("redis-server", options, { stdio: "ignore" });
  for (let tries = 0; tries < 100 && !(await answers(port)); tries++) {
    await new Promise((done) => setTimeout(done, 20));
  }
  return { url: `redis://127.0.0.1:${port}`, process: child };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => done(true) ?? socket.destroy());
    socket.once("error", () => done(false));
  });
