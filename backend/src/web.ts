import cluster from "node:cluster";
import { type Config, ConfigError, loadConfig, readEnvironment } from "./config.ts";
import { createLog, type Log } from "./platform/log.ts";
import { buildWeb } from "./wiring.ts";

/** How long requests that are under way may still take when the process is asked to end. */
const closeDeadlineMs = 15_000;

const config = readConfig();
const log = createLog({ level: config.logLevel, process: "web", secrets: config.secrets });

process.on("uncaughtException", (error) => {
  log.fatal({ err: error }, "a mistake of ours; the process ends and another takes its place");
  process.exit(1);
});

if (cluster.isPrimary && config.webWorkers > 1) serveBySeveral(config, log);
else await serve(config, log);

function readConfig(): Config {
  try {
    return loadConfig(readEnvironment(), "web");
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}

async function serve(config: Config, log: Log): Promise<void> {
  const web = await buildWeb(config, log).catch(refuse);
  const close = onceAskedToEnd(async () => {
    const deadline = setTimeout(() => process.exit(1), closeDeadlineMs);
    await web.close();
    clearTimeout(deadline);
    log.info("stopped");
    process.exit();
  });
  try {
    await web.app.listen({ host: config.host, port: config.port });
  } catch (error) {
    const isBusy = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    log.fatal(
      { err: error },
      isBusy ? `port ${config.port} is used by another program` : "cannot listen",
    );
    process.exitCode = 1;
    return close();
  }
  web.showLife();
  log.info({ port: config.port }, "listening");
  if (config.environment === "production" && (cluster.worker?.id ?? 1) === 1) {
    const link = await web.offerSetupLink();
    if (link !== null)
      log.warn({ link }, "there is no operator yet: this link, good for a day, makes one");
  }
  process.send?.("ready");
}

/** One process that only forks and keeps the number; the children share the port and nothing else. */
function serveBySeveral({ webWorkers }: Config, log: Log): void {
  let isEnding = false;
  let listening = 0;
  for (let i = 0; i < webWorkers; i++) cluster.fork();
  cluster.on("listening", () => {
    if (++listening === webWorkers) process.send?.("ready");
  });
  cluster.on("exit", (worker, code, signal) => {
    if (!isEnding) {
      log.error(
        { worker: worker.process.pid, code, signal },
        "a web process ended; another takes its place",
      );
      setTimeout(() => !isEnding && cluster.fork(), 1_000);
    } else if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
  });
  onceAskedToEnd(async () => {
    isEnding = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGTERM");
  });
}

/** Calls `end` once, whoever asks first: a signal, or the supervisor that is gone. */
function onceAskedToEnd(end: () => Promise<void>): () => Promise<void> {
  let ending: Promise<void> | undefined;
  const endOnce = () => {
    ending ??= end();
    return ending;
  };
  for (const signal of ["SIGTERM", "SIGINT", "disconnect"]) process.once(signal, endOnce);
  return endOnce;
}
