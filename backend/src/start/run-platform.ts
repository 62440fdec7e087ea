import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment, LooseConfig } from "../config.ts";
import { rootDir } from "../config.ts";
import { startEmbeddedPostgres } from "../platform/embedded-postgres.ts";
import type { StartOptions } from "./arguments.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { compile, isFirstRun } from "./compiled-code.ts";
import { type DataDirectory, openDataDirectory, resetDataDirectory } from "./data-directory.ts";
import { fillOnFirstStart } from "./first-start.ts";
import { outliveLeftProcesses, removeProcesses, writeProcesses } from "./left-processes.ts";
import { buildPages } from "./pages.ts";
import { makeSignInLinks } from "./people.ts";
import { requireFreePort } from "./port.ts";
import { prepareDatabase } from "./prepare-database.ts";
import type { Report } from "./report.ts";
import { openRotatingLog } from "./rotating-log.ts";
import { removeRunning, writeRunning } from "./running.ts";
import { openSecrets } from "./secrets.ts";
import { planSimulatedExchange, type SimulatedExchange } from "./simulated-exchange.ts";
import type { Stops } from "./stops.ts";
import { type Supervised, supervise } from "./supervise.ts";
import { watchDatabase } from "./watch-database.ts";
import { welcome } from "./welcome.ts";

type Needs = Readonly<{
  env: Environment;
  config: LooseConfig;
  options: StartOptions;
  directory: string;
  /** The default place could not hold a database. */
  isMoved: boolean;
  report: Report;
  stops: Stops;
  stopping: AbortSignal;
  /** Every process that is kept running, as it is started. */
  running: Supervised[];
  /** Registers what to do when it must end at once. */
  onKill(kill: () => void): void;
}>;

/** Small on purpose: a server that shares its machine with everything else. The operator's own server is not touched. */
const postgresSettings = {
  shared_buffers: "48MB",
  max_connections: "100",
  // One process less per feature that a single machine has no use for.
  io_method: "sync",
  max_logical_replication_workers: "0",
  autovacuum_max_workers: "2",
  jit: "off",
  max_wal_size: "512MB",
};

/** Brings everything up, step by step, and returns when it runs; `stops` ends it again in the opposite order. */
export async function runPlatform(needs: Needs): Promise<void> {
  const { config, options, report, stops, stopping } = needs;
  // The packages came before this process; without the bootstrap there was nothing before it.
  const beganAtMs = Number(needs.env.BEGAN_AT_MS ?? performance.timeOrigin);
  const isDevelopment = config.environment === "development";
  const isCold = isFirstRun();
  const step = <Result>(title: string, work: (note: (text: string) => void) => Promise<Result>) => {
    stopping.throwIfAborted();
    return report.step(title, work);
  };

  const data = await step("data directory", async (note) => {
    note(
      needs.isMoved
        ? `${needs.directory}, since PostgreSQL may not enter ${rootDir}`
        : needs.directory,
    );
    return prepareDirectory(needs);
  });
  await requireFreePort(options.host, options.port, data.recovered ? 5_000 : 0);
  const databaseUrl =
    config.databaseUrl ?? (await step("database", (note) => startDatabase(needs, data.path, note)));
  await step("migrations", async (note) => {
    const applied = await prepareDatabase(databaseUrl, { withPeople: isDevelopment });
    note(applied === 0 ? "up to date" : `${applied} applied`);
  });
  if (isDevelopment)
    await step("pages", async (note) =>
      note((await buildPages(rootDir)) === "built" ? "built" : "up to date"),
    );

  if (isCold) await step("code", compile);

  const simulated =
    isDevelopment && config.simulatorUrl === null ? await planSimulatedExchange(data.path) : null;
  const environment = childEnvironment(needs, data.path, databaseUrl, simulated);
  const origin = `http://localhost:${options.port}`;
  await step("web and workers", () => startProcesses(needs, data.path, environment));
  if (simulated !== null) startSimulatedExchange(needs, data.path, simulated);
  data.announce(origin);
  stops.add("announcement", () => data.announce(""));
  writeRunning(data.path, environment.given);
  stops.add("running.json", () => removeRunning(data.path));
  if (!isDevelopment) return report.say(`Running on port ${options.port}.`);

  const links = () => makeSignInLinks(databaseUrl);
  stopping.throwIfAborted();
  await fillOnFirstStart({
    directory: data.path,
    origin,
    links,
    isOffline: options.offline,
    report,
  });
  report.say(
    welcome({
      origin,
      links: await links(),
      directory: options.data === null ? null : needs.directory,
      host: options.host,
      isRemote: needs.env.SSH_CONNECTION !== undefined,
      logs: join(data.path, "logs"),
      seconds: (Date.now() - beganAtMs) / 1_000,
    }),
  );
  collectGarbage();
}

async function prepareDirectory({ directory, options, stops }: Needs): Promise<DataDirectory> {
  const data = openDataDirectory(directory);
  stops.add("data directory", data.release);
  await outliveLeftProcesses(data.path, leftPatienceMs);
  if (options.reset) await resetDataDirectory(data.path);
  return data;
}

/** The stop is registered before the start, so that a Ctrl-C in between leaves no server behind. */
async function startDatabase(
  { report, stops }: Needs,
  directory: string,
  note: (text: string) => void,
): Promise<string> {
  const settings = { dir: join(directory, "postgres"), parameters: postgresSettings };
  const starting = startEmbeddedPostgres({ ...settings, port: "free" });
  stops.add("database", async () => {
    const server = await starting.catch(() => null);
    await server?.stop();
  });
  const { url, port, adopted, isRunning } = await starting;
  note(adopted ? `embedded PostgreSQL, still running on port ${port}` : "embedded PostgreSQL");
  const watch = watchDatabase({
    isRunning,
    // Where web and workers know it to be.
    restart: () => startEmbeddedPostgres({ ...settings, port }),
    onTrouble: (sentence) => report.say(`· ${sentence}`),
  });
  stops.add("watch over the database", watch.close);
  return url;
}

type ChildEnvironment = Readonly<{
  all: Record<string, string | undefined>;
  /** What was added to what the operator gave. */
  given: Record<string, string>;
}>;

function childEnvironment(
  { env, config, options }: Needs,
  directory: string,
  databaseUrl: string,
  simulated: SimulatedExchange | null,
): ChildEnvironment {
  const given: Record<string, string> = {
    DATA_DIR: directory,
    HOST: options.host,
    PORT: String(options.port),
    ...simulated?.variables,
  };
  if (config.databaseUrl === null) given.DATABASE_URL = databaseUrl;
  if (config.environment === "development") {
    const secrets = openSecrets(directory);
    if (config.jwtSecretKey === null) given.JWT_SECRET_KEY = secrets.JWT_SECRET_KEY;
    if (config.apiEncryptionKeys.length === 0)
      given.API_ENCRYPTION_KEY = secrets.API_ENCRYPTION_KEY;
    if (env.FRONTEND_URL === undefined) given.FRONTEND_URL = `http://localhost:${options.port}`;
  }
  return { all: { ...env, ...given }, given };
}

/** A small young generation costs a little speed in processes that mostly wait, and saves tens of megabytes in each. */
const nodeArguments = [
  "--max-semi-space-size=2",
  "--import",
  join(rootDir, "backend/src/platform/quick-imports.mjs"),
];
const stopDeadlineMs = 10_000;
/** What a killed start left behind may take a little longer than what is asked to stop. */
const leftPatienceMs = 12_000;

type Program = Pick<Parameters<typeof supervise>[0], "file" | "programArguments" | "environment">;

/** A process of the platform, kept running, with a log of its own. */
function runProgram(
  { report, running, onKill }: Needs,
  directory: string,
  name: string,
  program: Program,
): Supervised {
  const logs = join(directory, "logs");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const supervised = supervise({
    ...program,
    name,
    nodeArguments,
    log: openRotatingLog(join(logs, `${name}.log`)),
    onTrouble: (sentence) => report.say(`· ${sentence}`),
    onStarted: () =>
      writeProcesses(
        directory,
        running.flatMap((one) => one.pid() ?? []),
      ),
  });
  onKill(supervised.kill);
  running.push(supervised);
  return supervised;
}

async function startProcesses(
  needs: Needs,
  directory: string,
  environment: ChildEnvironment,
): Promise<void> {
  const { config, stops, stopping } = needs;
  stops.add("list of processes", () => removeProcesses(directory));
  const run = (name: string, program: string): Supervised =>
    runProgram(needs, directory, name, {
      file: join(rootDir, "backend/src", program),
      environment: environment.all,
    });
  const several = (name: string, program: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      run(count === 1 ? name : `${name}-${index + 1}`, program),
    );
  const workers = several("worker", "worker.ts", config.workerReplicas);
  stops.add("workers", () => stopAll(workers));
  const web = [run("web", "web.ts")];
  stops.add("web", () => stopAll(web));

  const stopped = new Promise<never>((_, reject) => {
    stopping.addEventListener("abort", () => reject(stopping.reason), { once: true });
  });
  await Promise.race([Promise.all([...workers, ...web].map(({ ready }) => ready)), stopped]);
}

/** Nobody waits for it: the platform is whole without it, and says so when it does not start. */
function startSimulatedExchange(
  needs: Needs,
  directory: string,
  { file, programArguments }: SimulatedExchange,
): void {
  // It needs nothing of the platform's environment, least of all its secrets.
  const environment = { NODE_COMPILE_CACHE: needs.env.NODE_COMPILE_CACHE };
  const program = { file, programArguments, environment };
  const exchange = runProgram(needs, directory, "simulator", program);
  needs.stops.add("simulator", () => exchange.stop(stopDeadlineMs));
  exchange.ready.catch((error: Error) => needs.report.say(`✖ ${error.message}`));
}

const stopAll = async (processes: readonly Supervised[]): Promise<void> => {
  await Promise.all(processes.map((one) => one.stop(stopDeadlineMs)));
};
