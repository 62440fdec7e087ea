import { ConfigError, loadConfig, readEnvironment, type WorkerConfig } from "./config.ts";
import { createLog } from "./platform/log.ts";
import { startWorker, type Worker } from "./worker-wiring.ts";

/** How long work that is under way may still take when the process is asked to end. */
const drainMs = 5_000;
/** After this the rows tell the next worker what is left to do. */
const closeDeadlineMs = drainMs + 5_000;

const config = readConfig();
const log = createLog({ level: config.logLevel, process: "worker", secrets: config.secrets });

process.on("uncaughtException", (error) => {
  log.fatal({ err: error }, "a mistake of ours; the process ends and another takes its place");
  process.exit(1);
});
let isEnding = false;
const starting = startWorker(config, log).catch(refuse);
for (const signal of ["SIGTERM", "SIGINT", "disconnect"]) process.on(signal, endOnce);
await starting;
log.info("working");
// Whoever started it may be gone by now.
if (process.connected) process.send?.("ready");

function readConfig(): WorkerConfig {
  try {
    return loadConfig(readEnvironment(), "worker");
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}

function endOnce(): void {
  if (isEnding) return;
  isEnding = true;
  setTimeout(() => process.exit(1), closeDeadlineMs).unref();
  void starting.then(end).catch((error) => {
    log.fatal({ err: error }, "cannot end in order");
    process.exit(1);
  });
}

async function end(worker: Worker): Promise<void> {
  await worker.close(drainMs);
  log.info("stopped");
  process.exit(0);
}
