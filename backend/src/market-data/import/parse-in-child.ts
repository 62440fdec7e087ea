import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Timeframe } from "@trading/contracts/common";
import { type Problem, type ProblemCode, problemKinds } from "@trading/contracts/problems";
import { PlatformError } from "../../platform/errors.ts";
import type { ReadOptions } from "./read-candle-file.ts";
import { type BadLine, refuseFile } from "./refusal.ts";

export type ParseOrder = Readonly<{
  input: string;
  output: string;
  options: Omit<ReadOptions, "onProgress">;
}>;

export type ParsedFile = Readonly<{
  rows: number;
  timeframe: Timeframe;
  duplicates: number;
  skippedLines: readonly BadLine[];
  skipped: number;
}>;

export type ParseMessage =
  | Readonly<{ kind: "progress"; share: number }>
  | (Readonly<{ kind: "done" }> & ParsedFile)
  | Readonly<{ kind: "refused"; problem: Problem }>;

type Limits = Readonly<{ memoryBytesMax: number; timeMsMax: number }>;
const usualLimits: Limits = { memoryBytesMax: 1_600 * 1024 * 1024, timeMsMax: 10 * 60_000 };
const heapMegabytes = 768;
const memoryLookMs = 200;

const root = resolve(import.meta.dirname, "../../../..");
const script = join(import.meta.dirname, "parse-file.child.ts");

/**
 * Reads a candle file in a child process with an empty environment, read access to the code and the one
 * folder, and limits on memory and time. Throws what the file was refused for; the signal's reason when it
 * is aborted. The child is gone when this returns.
 */
export async function parseInChild(
  order: ParseOrder,
  signal: AbortSignal,
  onProgress: (share: number) => void,
  limits: Limits = usualLimits,
): Promise<ParsedFile> {
  signal.throwIfAborted();
  const folder = dirname(order.input);
  const access = [root, folder].map((path) => `--allow-fs-read=${path}`);
  const child = spawn(
    process.execPath,
    [
      ...["--permission", ...access, `--allow-fs-write=${folder}`],
      ...[`--max-old-space-size=${heapMegabytes}`, "--disable-warning=ExperimentalWarning"],
      ...[script, JSON.stringify(order)],
    ],
    { env: {}, stdio: ["ignore", "pipe", "pipe"] },
  );
  const verdict = watchOver(child, signal, limits);
  try {
    return await answerOf(child, verdict, onProgress);
  } finally {
    verdict.end();
    child.kill("SIGKILL");
  }
}

/** Kills a child that takes too much or is no longer wanted, and remembers why. */
function watchOver(child: ChildProcess, signal: AbortSignal, limits: Limits) {
  let reason: unknown = null;
  const kill = (why: unknown): void => {
    reason ??= why;
    child.kill("SIGKILL");
  };
  const onAbort = () => kill(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(
    () => kill(refuseFile("Reading the file took too long; split it by time.")),
    limits.timeMsMax,
  );
  const look = setInterval(() => {
    residentBytes(child.pid).then((bytes) => {
      if (bytes > limits.memoryBytesMax) {
        kill(refuseFile("Reading the file needs too much memory; split it by time."));
      }
    }, kill);
  }, memoryLookMs);
  return {
    reason: () => reason,
    end: () => {
      clearTimeout(timer);
      clearInterval(look);
      signal.removeEventListener("abort", onAbort);
    },
  };
}

async function answerOf(
  child: ChildProcess,
  verdict: { reason(): unknown },
  onProgress: (share: number) => void,
): Promise<ParsedFile> {
  const closed = new Promise<void>((done, fail) => {
    child.on("close", () => done());
    child.on("error", fail);
  });
  let complaint = "";
  child.stderr?.on("data", (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-2_000);
  });
  let answer: ParseMessage | null = null;
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  lines.on("line", (line) => {
    const message = JSON.parse(line) as ParseMessage;
    if (message.kind === "progress") onProgress(message.share);
    else answer = message;
  });
  await closed;
  return readAnswer(answer, verdict.reason(), complaint);
}

function readAnswer(answer: ParseMessage | null, reason: unknown, complaint: string): ParsedFile {
  if (reason !== null) throw reason;
  if (answer?.kind === "done") return answer;
  if (answer?.kind !== "refused") {
    if (/heap out of memory|allocation failed/i.test(complaint)) {
      throw refuseFile("Reading the file needs too much memory; split it by time.");
    }
    throw new Error(`the reader of the file ended without an answer: ${complaint}`);
  }
  const { code, detail, errors } = answer.problem;
  if (!(code in problemKinds) || code === "internal-error") {
    throw new Error(`the reader of the file failed: ${complaint || detail}`);
  }
  throw new PlatformError(code as ProblemCode, detail, errors === undefined ? {} : { errors });
}

/** Zero where the system does not tell. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
