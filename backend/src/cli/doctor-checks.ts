import { statfsSync } from "node:fs";
import { createConnection } from "node:net";
import { basename, join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { verifyAuditLog } from "../accounts/audit-chain.ts";
import type { LooseConfig } from "../config.ts";
import { migrationState, newerVersion } from "../platform/migrations.ts";
import { openDatabase } from "../platform/postgres.ts";
import { runningAddress } from "../start/data-directory.ts";
import { requireFreePort } from "../start/port.ts";
import { bundleStrategy } from "../strategies/bundle.ts";
import { strategyFilesIn } from "../strategies/registry.ts";

/** `mend` says what to do; it is shown only where something is wrong. */
export type Finding = Readonly<{ state: "fine" | "unused" | "wrong"; found: string; mend: string }>;
type Check = Readonly<{ name: string; look(config: LooseConfig): Promise<Finding> | Finding }>;

/** In the order in which trouble with one explains trouble with the next. */
export const checks: readonly Check[] = [
  { name: "node", look: checkNode },
  { name: "disk", look: checkDisk },
  { name: "port", look: checkPort },
  { name: "postgresql", look: checkPostgres },
  { name: "audit log", look: checkAuditLog },
  { name: "redis", look: checkRedis },
  { name: "clock", look: checkClock },
  { name: "mail", look: checkMail },
  { name: "strategies", look: checkStrategies },
];

const fine = (found: string): Finding => ({ state: "fine", found, mend: "" });
const unused = (found: string): Finding => ({ state: "unused", found, mend: "" });
const wrong = (found: string, mend: string): Finding => ({ state: "wrong", found, mend });

function checkNode(): Finding {
  const found = `${process.version} on ${process.platform} ${process.arch}`;
  return Number.parseInt(process.versions.node, 10) >= 24
    ? fine(found)
    : wrong(found, "start with npm (npm start, npm run -s trading -- …): it brings Node 24");
}

const gigabyte = 1e9;

function checkDisk({ dataDir }: LooseConfig): Finding {
  const { bavail, bsize } = statfsSync(existingParent(dataDir));
  const free = bavail * bsize;
  const found = `${(free / gigabyte).toFixed(1)} GB free for ${dataDir}`;
  return free > gigabyte
    ? fine(found)
    : wrong(found, "free at least 1 GB, or move DATA_DIR to a larger disk");
}

function existingParent(path: string): string {
  try {
    statfsSync(path);
    return path;
  } catch {
    return existingParent(join(path, ".."));
  }
}

async function checkPort({ host, port, dataDir }: LooseConfig): Promise<Finding> {
  const address = runningAddress(dataDir);
  if (address !== null) return fine(`the platform answers at ${address}`);
  try {
    await requireFreePort(host, port, 0);
    return fine(`${port} is free`);
  } catch (error) {
    return wrong((error as Error).message, "npm start -- --port <another>");
  }
}

async function checkPostgres({ databaseUrl }: LooseConfig): Promise<Finding> {
  if (databaseUrl === null) return unused("embedded; it runs while npm start runs");
  const database = openDatabase(databaseUrl, { max: 1 });
  try {
    const { rows } = await database.pool.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    const version = rows[0]?.version ?? "";
    const major = Number.parseInt(version, 10);
    if (major < 15 || major > 18) return wrong(`version ${version}`, "use PostgreSQL 15 to 18");
    const state = await migrationState(database.db);
    const { missing } = state;
    const newer = newerVersion(state);
    if (newer !== null) return wrong(`version ${version}; it ${newer}`, "update the platform");
    if (missing > 0) {
      return wrong(
        `version ${version}, ${missing} migrations missing`,
        "npm run -s trading -- migrate",
      );
    }
    return fine(`version ${version}, up to date`);
  } catch (error) {
    return wrong(
      `does not answer: ${reasonOf(error)}`,
      "check DATABASE_URL (or POSTGRES_*), and that the server runs and lets this machine in",
    );
  } finally {
    await database.close();
  }
}

async function checkAuditLog({ databaseUrl }: LooseConfig): Promise<Finding> {
  if (databaseUrl === null) return unused("in the database");
  const database = openDatabase(databaseUrl, { max: 1 });
  try {
    const { lines, head, brokenAt } = await verifyAuditLog(database.db, null);
    return brokenAt === null
      ? fine(
          `${lines} lines follow from each other${head ? `, newest ${head.hash.slice(0, 12)}…` : ""}`,
        )
      : wrong(`line ${brokenAt} does not follow from those before it`, "compare it with a backup");
  } catch {
    return unused("cannot be read; see postgresql");
  } finally {
    await database.close();
  }
}

async function checkRedis({ redisUrl }: LooseConfig): Promise<Finding> {
  if (redisUrl === null) return unused("not set; PostgreSQL carries the jobs");
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  let problem: unknown;
  redis.on("error", (error) => {
    problem = error;
  });
  try {
    await redis.connect();
    const version = /redis_version:(\S+)/.exec(await redis.info("server"))?.[1] ?? "unknown";
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info("memory"))?.[1] ?? "noeviction";
    return policy === "noeviction"
      ? fine(`version ${version}`)
      : wrong(`maxmemory-policy is ${policy}: jobs may vanish`, "set maxmemory-policy noeviction");
  } catch (error) {
    return wrong(
      `does not answer: ${reasonOf(problem ?? error)}`,
      "check REDIS_URL and that the server runs",
    );
  } finally {
    redis.disconnect();
  }
}

/** Exchanges refuse signed requests whose time is off by more than a second or so. */
const offsetMsMax = 1_000;

/** Compared with PostgreSQL's clock, and with an exchange's where there is a network. */
async function checkClock({ databaseUrl }: LooseConfig): Promise<Finding> {
  const offsets = [await exchangeOffset(), await databaseOffset(databaseUrl)].filter(
    (one) => one !== null,
  );
  const worst = offsets.sort((a, b) => Math.abs(b.ms) - Math.abs(a.ms))[0];
  if (worst === undefined) return unused("nothing to compare it with: no network, no database");
  const found = `${Math.round(Math.abs(worst.ms))} ms ${worst.ms < 0 ? "behind" : "ahead of"} ${worst.than}`;
  return Math.abs(worst.ms) < offsetMsMax
    ? fine(found)
    : wrong(found, "let the machine keep its time by NTP (timedatectl set-ntp true)");
}

type Offset = Readonly<{ ms: number; than: string }> | null;

async function exchangeOffset(): Promise<Offset> {
  const before = Date.now();
  try {
    const response = await fetch("https://api.binance.com/api/v3/time", {
      signal: AbortSignal.timeout(3_000),
    });
    const { serverTime } = (await response.json()) as { serverTime: number };
    return { ms: (before + Date.now()) / 2 - serverTime, than: "Binance" };
  } catch {
    return null;
  }
}

async function databaseOffset(databaseUrl: string | null): Promise<Offset> {
  if (databaseUrl === null) return null;
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const before = Date.now();
    const { rows } = await client.query<{ now: string }>(
      "select extract(epoch from clock_timestamp()) * 1000 as now",
    );
    return { ms: (before + Date.now()) / 2 - Number(rows[0]?.now), than: "PostgreSQL" };
  } catch {
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkMail({ mail }: LooseConfig): Promise<Finding> {
  if (mail === null) return unused("SMTP_HOST is not set: no mail is sent");
  const greeting = await firstLineFrom(mail.host, mail.port).catch((error: Error) => error);
  const where = `${mail.host}:${mail.port}`;
  if (greeting instanceof Error) {
    return wrong(
      `${where} does not answer: ${reasonOf(greeting)}`,
      "check SMTP_HOST and SMTP_PORT",
    );
  }
  return greeting.startsWith("220")
    ? fine(`${where} greets`)
    : wrong(
        `${where} answers "${greeting}"`,
        "is it a mail server that speaks STARTTLS (port 587)?",
      );
}

function firstLineFrom(host: string, port: number): Promise<string> {
  const socket = createConnection({ host, port, timeout: 5_000 });
  return new Promise<string>((done, fail) => {
    socket.once("data", (data) => done(data.toString("utf8").split("\r\n")[0] ?? ""));
    socket.once("timeout", () => fail(new Error("no answer within 5 s")));
    socket.once("error", fail);
  }).finally(() => socket.destroy());
}

async function checkStrategies({ strategiesDir }: LooseConfig): Promise<Finding> {
  let files: string[];
  try {
    files = await strategyFilesIn(strategiesDir);
  } catch {
    return wrong(
      `${strategiesDir} cannot be read`,
      "set STRATEGIES_DIR to the folder of your strategies",
    );
  }
  const bundles = await Promise.all(
    files.map((file) => bundleStrategy(join(strategiesDir, file), strategiesDir)),
  );
  const refused = bundles.filter((bundle) => bundle.kind === "refused");
  if (refused.length === 0) return fine(`${files.length} in ${strategiesDir}`);
  const [first] = refused;
  const where = `${basename(first?.file ?? "")}:${first?.line ?? "?"}`;
  return wrong(
    `${refused.length} of ${files.length} cannot be used`,
    `${where}: ${first?.message ?? ""}`,
  );
}

const reasonOf = (error: unknown): string => {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
};
