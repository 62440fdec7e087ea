import { type ChildProcess, spawn } from "node:child_process";
import { hopelessAfter, restartDelayMs } from "./restart-policy.ts";
import type { RotatingLog } from "./rotating-log.ts";

/** A process that is kept running: started again, with growing pauses, whenever it ends by itself. */
export type Supervised = Readonly<{
  name: string;
  /** Resolves once the process says "ready"; rejects when it keeps ending before that. */
  ready: Promise<void>;
  pid(): number | undefined;
  /** Asks it to finish what it is doing, and kills it after the deadline. */
  stop(deadlineMs: number): Promise<void>;
  kill(): void;
}>;

type Program = Readonly<{
  name: string;
  file: string;
  /** The program's own arguments. */
  programArguments?: readonly string[];
  /** Node's own arguments, before the file. */
  nodeArguments: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  log: RotatingLog;
  /** One sentence whenever it ended by itself or came back. */
  onTrouble(sentence: string): void;
  /** Called whenever it has another process number. */
  onStarted?(): void;
}>;

/**
 * Starts the program. Its channel to this process is also how it learns that this process was killed: it closes, and
 * the program ends. A group of its own keeps a Ctrl-C in the terminal from reaching it before its turn.
 */
export function supervise(program: Program): Supervised {
  const { name, log, onTrouble } = program;
  const endedAtMs: number[] = [];
  let child: ChildProcess | null = null;
  let isStopping = false;
  let isReady = false;
  let restart: NodeJS.Timeout | undefined;
  const ready = Promise.withResolvers<void>();

  const start = () => {
    child = spawnProgram(program);
    // The first one is told once the caller holds what it asks for the number.
    queueMicrotask(() => program.onStarted?.());
    child.on("message", (message) => {
      if (message !== "ready") return;
      if (endedAtMs.length > 0) onTrouble(`${name} runs again.`);
      isReady = true;
      ready.resolve();
    });
    child.once("error", (error) => log.write(`${error.message}\n`));
    child.once("close", (code, signal) => {
      child = null;
      if (!isStopping) ended(signal ?? `exit code ${code}`);
    });
  };
  const ended = (how: string) => {
    endedAtMs.push(Date.now());
    if (!isReady && endedAtMs.length >= hopelessAfter) {
      ready.reject(
        new Error(`${name} does not start (${how}); the end of ${log.path}:\n${log.tail(8)}`),
      );
      return;
    }
    const delayMs = restartDelayMs(endedAtMs);
    if (isReady) onTrouble(`${name} ended (${how}), starting it again in ${delayMs / 1000} s.`);
    restart = setTimeout(start, delayMs);
  };
  start();

  return {
    name,
    ready: ready.promise,
    pid: () => child?.pid,
    async stop(deadlineMs) {
      isStopping = true;
      clearTimeout(restart);
      if (child !== null) await endChild(child, deadlineMs);
    },
    kill() {
      isStopping = true;
      clearTimeout(restart);
      child?.kill("SIGKILL");
    },
  };
}

function spawnProgram(program: Program): ChildProcess {
  const { file, nodeArguments, programArguments = [], environment, log } = program;
  const child = spawn(process.execPath, [...nodeArguments, file, ...programArguments], {
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text: Buffer) => log.write(text));
  }
  return child;
}

async function endChild(child: ChildProcess, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((done) => child.once("close", () => done()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  await closed;
  clearTimeout(timer);
}
