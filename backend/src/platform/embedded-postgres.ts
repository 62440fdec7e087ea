import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { EmbeddedPostgresError, explained, portBusy } from "./embedded-postgres-error.ts";
import {
  type Account,
  type Binaries,
  binaryVersion,
  canBeHeldIn,
  reachableBinaries,
  serverAccount,
} from "./postgres-programs.ts";

/** A PostgreSQL server from the npm package, driven by its own pg_ctl: it outlives this process until `stop`. */
export type EmbeddedPostgres = Readonly<{
  url: string;
  port: number;
  /** True when it was running already, left by a process that died or is about to hand over. */
  adopted: boolean;
  /** False as soon as its first process is gone, whoever ended it. */
  isRunning(): boolean;
  stop(): Promise<void>;
}>;

type Settings = Readonly<{
  /** Holds `data/`, `password` and `postgres.log`; made when absent. When root it belongs to the user postgres. */
  dir: string;
  /** On 127.0.0.1; "free" takes one nobody uses. */
  port: number | "free";
  /** Server settings, such as `{ fsync: "off" }` for tests. */
  parameters?: Readonly<Record<string, string>>;
}>;

const user = "trading";
const database = "trading";
const run = promisify(execFile);

/**
 * Starts the server, or adopts the one that runs on the same directory; makes data directory, user and database the
 * first time. Throws `EmbeddedPostgresError` with the reason.
 */
export async function startEmbeddedPostgres(settings: Settings): Promise<EmbeddedPostgres> {
  const dir = resolve(settings.dir);
  const account = await serverAccount();
  if (!canBeHeldIn(dir, account)) {
    throw new EmbeddedPostgresError(
      "unreachable-directory",
      `PostgreSQL cannot use ${dir}: the user it runs as may not enter one of the folders above it.`,
    );
  }
  await ownDirectory(dir, account);
  const binaries = await reachableBinaries(dir, account);
  const server: Server = { dir, data: join(dir, "data"), binaries, account };
  await checkVersion(server);
  const password = await initialised(server);
  const running = await runningPort(server);
  const port = running ?? (await start(server, settings));
  const url = (name: string) =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
  await ensureDatabase(url);
  return {
    url: url(database),
    port,
    adopted: running !== null,
    isRunning: () => lives(postmasterOf(server)),
    stop: () => stop(server),
  };
}

/** Stops the server that runs on the directory, if one does; for those who are about to delete its files. */
export async function stopEmbeddedPostgres(directory: string): Promise<void> {
  const dir = resolve(directory);
  const data = join(dir, "data");
  if (!existsSync(data)) return;
  const account = await serverAccount();
  await stop({ dir, data, binaries: await reachableBinaries(dir, account), account });
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((done, fail) => {
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? done(address.port) : fail()));
    });
  });
}

type Server = Readonly<{
  dir: string;
  data: string;
  binaries: Binaries;
  account: Account | null;
}>;

async function ownDirectory(dir: string, account: Account | null): Promise<void> {
  await mkdir(dir, { recursive: true });
  if (account) await chown(dir, account.uid, account.gid);
  await chmod(dir, 0o700);
}

async function checkVersion({ data, binaries }: Server): Promise<void> {
  const file = join(data, "PG_VERSION");
  if (!existsSync(file)) return;
  const theirs = Number.parseInt(await readFile(file, "utf8"), 10);
  const ours = Number.parseInt(await binaryVersion(binaries), 10);
  if (theirs > ours) {
    throw new EmbeddedPostgresError(
      "newer-data",
      `The data in ${data} was written by PostgreSQL ${theirs}, this version has PostgreSQL ${ours}: use the newer version of the platform, or another --data directory.`,
    );
  }
  if (theirs < ours) {
    throw new EmbeddedPostgresError(
      "older-data",
      `The data in ${data} was written by PostgreSQL ${theirs} and must be upgraded (pg_upgrade, or dump and restore) before PostgreSQL ${ours} can use it.`,
    );
  }
}

/** Makes the data directory the first time, whole or not at all, and returns the generated password. */
async function initialised(server: Server): Promise<string> {
  const { dir, data, binaries, account } = server;
  const file = join(dir, "password");
  if (existsSync(data)) return (await readFile(file, "utf8")).trim();

  const password = randomBytes(24).toString("base64url");
  await writeFile(file, password, { mode: 0o600 });
  if (account) await chown(file, account.uid, account.gid);
  const part = `${data}.part`;
  await rm(part, { recursive: true, force: true });
  const asked = [
    `--pgdata=${part}`,
    `--username=${user}`,
    `--pwfile=${file}`,
    "--auth=scram-sha-256",
  ];
  const locale = [
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
  ];
  try {
    await run(binaries.initdb, [...asked, ...locale, "--no-instructions"], {
      ...account,
      cwd: "/",
    });
  } catch (error) {
    throw explained(String((error as { stderr?: string }).stderr ?? error), dir);
  }
  await rename(part, data);
  return password;
}

/**
 * The port of the server that runs on this directory; null when none does. One that starts or recovers is waited for.
 * The lock file is believed only while its process lives: a killed one that nobody reaped counts as dead.
 */
async function runningPort({ dir, data }: Server): Promise<number | null> {
  const lockFile = join(data, "postmaster.pid");
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    if (!existsSync(lockFile)) return null;
    const [pid, , , port] = (await readFile(lockFile, "utf8")).split("\n");
    if (!lives(Number(pid))) {
      await rm(lockFile, { force: true });
      return null;
    }
    if (port && (await answers(Number(port)))) return Number(port);
  }
  throw new EmbeddedPostgresError(
    "not-started",
    `A PostgreSQL runs on ${data} and does not answer; its log is ${join(dir, "postgres.log")}.`,
  );
}

/** From the lock file; 0 where there is none. */
function postmasterOf({ data }: Server): number {
  try {
    return Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10);
  } catch {
    return 0;
  }
}

function lives(pid: number): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/stat`, "utf8");
    return command.includes("(postgres)") && !/\) [ZX] /.test(command);
  } catch {
    return process.platform !== "linux" && pid > 0 && signalReaches(pid);
  }
}

function signalReaches(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function start(server: Server, { port: wanted, parameters = {} }: Settings): Promise<number> {
  const { dir, data, binaries, account } = server;
  const port = wanted === "free" ? await freePort() : wanted;
  if (await answers(port)) throw portBusy(port);
  const log = join(dir, "postgres.log");
  await writeFile(log, "");
  if (account) await chown(log, account.uid, account.gid);
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "128MB",
    // Details of an error quote whole rows.
    log_error_verbosity: "terse",
    ...parameters,
  };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}='${value}'`);
  const asked = ["start", "-D", data, "-w", "-t", "120", "-l", log];
  // Processes of a killed server hold its shared memory for a moment.
  for (let tries = 1; ; tries++) {
    try {
      await run(binaries.pg_ctl, [...asked, "-o", `-p ${port} ${options.join(" ")}`], {
        ...account,
        cwd: "/",
      });
      return port;
    } catch {
      const written = await readFile(log, "utf8");
      if (tries === 20 || !written.includes("shared memory block"))
        throw explained(written, dir, port);
      await writeFile(log, "");
      await sleep(250);
    }
  }
}

async function stop({ data, binaries, account }: Server): Promise<void> {
  await run(binaries.pg_ctl, ["stop", "-D", data, "-m", "fast", "-w"], {
    ...account,
    cwd: "/",
  }).catch(() => undefined);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    return await new Promise((done) => {
      socket.once("connect", () => done(true));
      socket.once("error", () => done(false));
    });
  } finally {
    socket.destroy();
  }
}

async function ensureDatabase(url: (name: string) => string): Promise<void> {
  const client = new pg.Client({ connectionString: url("postgres") });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [database]);
    if (found.rowCount === 0) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}
