import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline/promises";
import { ConfigError, loadConfig, readEnvironment, rootDir } from "./config.ts";
import { EmbeddedPostgresError } from "./platform/embedded-postgres-error.ts";
import { safeError } from "./platform/safe-error.ts";
import { help, readArguments, type StartOptions } from "./start/arguments.ts";
import { chooseDataDirectory } from "./start/data-directory.ts";
import { StartRefused } from "./start/refused.ts";
import { createReport } from "./start/report.ts";
import { runPlatform } from "./start/run-platform.ts";
import { createStops } from "./start/stops.ts";

/** `npm start`: everything the platform consists of, under one supervisor. */

const report = createReport(process.stdout);
const stops = createStops();
/** Aborted when the platform is to stop, so that no further part is started. */
const stopping = new AbortController();
const kills: (() => void)[] = [];

try {
  await main();
} catch (error) {
  if (!stopping.signal.aborted) {
    process.exitCode = 1;
    explain(error);
  }
  await stop();
}

async function main(): Promise<void> {
  const env = readEnvironment();
  const config = loadConfig(env, "start");
  const asked = readArguments(process.argv.slice(2), config);
  if (asked.kind === "help") return report.say(help);
  if (asked.kind === "refused") {
    process.exitCode = 2;
    process.stderr.write(`${asked.message}\n`);
    return;
  }
  const { options } = asked;
  const wanted = options.data ?? env.DATA_DIR ?? null;
  const directory = chooseDataDirectory(wanted, rootDir);
  if (options.reset && !(await isResetConfirmed(options, directory))) return;
  stopOnSignals();
  await runPlatform({
    env,
    config,
    options,
    directory,
    isMoved: wanted === null && directory !== join(rootDir, ".data"),
    report,
    stops,
    stopping: stopping.signal,
    running: [],
    onKill: (kill) => kills.push(kill),
  });
}

/** Ctrl-C may arrive twice for one key press, from the terminal and from npm; only a later one means "at once". */
const samePressMs = 1_000;

function stopOnSignals(): void {
  let firstAtMs: number | null = null;
  const onSignal = () => {
    firstAtMs ??= performance.now();
    if (stopping.signal.aborted && performance.now() - firstAtMs > samePressMs) {
      for (const kill of kills) kill();
      return;
    }
    void stop();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  // There is a channel only where bootstrap.mjs waits under an older Node; it closes when that is killed.
  if (process.connected) process.once("disconnect", onSignal);
  // Whoever read along may go: a terminal that closed is no reason to stop, and nothing to tell it of.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  process.on("uncaughtException", (error) => {
    process.exitCode = 1;
    explain(error);
    void stop();
  });
}

async function stop(): Promise<void> {
  const isRunning = kills.length > 0;
  if (!stopping.signal.aborted) {
    stopping.abort();
    if (isRunning) report.say("\nStopping; press Ctrl-C again to stop at once.");
  }
  await stops.run((name, error) => report.say(`✖ ${name}: ${safeError(error).message}`));
  if (isRunning) report.say("Stopped.");
  process.exit();
}

function explain(error: unknown): void {
  const isForPeople =
    error instanceof StartRefused ||
    error instanceof EmbeddedPostgresError ||
    error instanceof ConfigError;
  const text = isForPeople ? error.message : (safeError(error).stack ?? "");
  process.stderr.write(`${text}\n`);
}

async function isResetConfirmed({ yes }: StartOptions, directory: string): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    throw new StartRefused(
      `--reset deletes everything in ${directory}: confirm it with --yes, since there is no terminal to ask on.`,
    );
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(
    `This deletes accounts, candles, backtests and keys in ${directory}. Type "delete" to go on: `,
  );
  prompt.close();
  if (answer.trim() === "delete") return true;
  report.say("Nothing was deleted.");
  return false;
}
