import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  checkMoments,
  type RunDescription,
  type StrategyCheck,
  type StrategyDescription,
} from "@trading/engine";
import { PlatformError } from "../platform/errors.ts";
import type { CodePlace, HostAnswer, HostOrder, RunOrder } from "./host-protocol.ts";
import { originalPosition } from "./source-lines.ts";

export type HostLimits = Readonly<{
  /** Wall-clock time that every order has, and what each candle adds to it. */
  budgetMs: number;
  budgetPerCandleUs: number;
  /** Processor time to read a definition. It takes milliseconds; a busy machine does not use it up. */
  describeMs: number;
  /** Of its budget, what a run may take to be explained and compared too: that takes up to eleven times as long again. */
  explainableShare: number;
  /** Memory of the whole host process. */
  memoryMbMax: number;
  /** Orders after which a host is replaced by a fresh one. */
  ordersMax: number;
}>;

export const defaultHostLimits: HostLimits = {
  budgetMs: 60_000,
  budgetPerCandleUs: 50,
  describeMs: 5_000,
  explainableShare: 0.07,
  memoryMbMax: 1_024,
  ordersMax: 500,
};

export type RunWatch = Readonly<{
  /** Source map of the code, to name lines of the author's file in failures. */
  map?: string;
  signal?: AbortSignal;
  onProgress?(share: number): void;
}>;

/**
 * A process that runs strategy code, one order at a time. It is started when first needed, reused while it behaves
 * and killed when it does not, when an order is aborted or takes too long, or when it uses too much memory.
 */
export type StrategyHost = Readonly<{
  /** What the strategy says of itself, or why it cannot be used. */
  describe(code: string): Promise<Description>;
  /** Throws `strategy-failed`, `strategy-too-slow`, `strategy-out-of-memory`, or the reason of an abort. */
  run(order: RunOrder, watch?: RunWatch): Promise<RunDescription>;
  /** Whether the strategy decides what it could not know, or by chance, with so many other futures; throws as `run` does. */
  check(order: RunOrder, moments: number, watch?: RunWatch): Promise<StrategyCheck>;
  /** Whether a process is there. */
  isWarm(): boolean;
  close(): void;
}>;

export type Description =
  | Readonly<{ kind: "described"; manifest: StrategyDescription }>
  | Readonly<{
      kind: "refused";
      message: string;
      place: CodePlace | null;
      /** Whether the same code would be refused again. */
      isLasting: boolean;
    }>;

type FinalAnswer = Exclude<HostAnswer, { kind: "progress" }>;
type FailedAnswer = Extract<HostAnswer, { kind: "failed" }>;

export function createStrategyHost(limits: HostLimits = defaultHostLimits): StrategyHost {
  let child: ChildProcess | null = null;
  let orders = 0;

  const retire = () => {
    child?.kill("SIGKILL");
    child = null;
    orders = 0;
  };
  const sendOnce = async (order: HostOrder, budget: Budget, watch: RunWatch) => {
    if (orders >= limits.ordersMax) retire();
    if (child === null || !child.connected) child = startHost(limits);
    orders += 1;
    const mine = child;
    const answer = await converse(mine, order, { ...limits, ...budget }, watch).catch((error) => {
      if (child !== mine) throw new Error("the strategy host was closed", { cause: error });
      retire();
      throw error;
    });
    if (await isBloated(mine, limits)) retire();
    return answer;
  };
  const send = async (order: HostOrder, budget: Budget, watch: RunWatch) => {
    for (let tries = 1; ; tries++) {
      try {
        return await sendOnce(order, budget, watch);
      } catch (error) {
        if (!(error instanceof HostEnded)) throw error;
        if (tries === triesMax) throw endedEachTime();
      }
    }
  };

  return {
    async describe(code) {
      const budget = { budgetMs: limits.describeMs * 6, computeMsMax: limits.describeMs };
      const answer = await send({ kind: "describe", code }, budget, {}).catch(stopped);
      if (answer instanceof PlatformError) {
        return { ...refuse(answer.message, null), isLasting: answer.code !== "strategy-failed" };
      }
      if (answer.kind === "described") return answer;
      if (answer.kind === "failed") return refuse(oneLine(answer.message), answer.place);
      return refuse(failure(answer, limits, undefined).message, null);
    },
    async run(order, watch = {}) {
      const budget = budgetOf(order, limits);
      const explainableMs = budget.budgetMs * limits.explainableShare;
      const answer = await send({ kind: "run", run: order, explainableMs }, budget, watch);
      if (answer.kind === "ran") return answer.result;
      throw failure(answer, limits, watch.map);
    },
    async check(order, moments, watch = {}) {
      const budget = budgetOf(order, limits);
      const checked: HostOrder = { kind: "check", run: order, moments };
      const answer = await send(checked, budgetOfCheck(budget, moments), watch);
      if (answer.kind === "checked") return answer.result;
      throw failure(answer, limits, watch.map);
    },
    isWarm: () => child !== null,
    close: retire,
  };
}

/** The host was ended by somebody else, such as a kernel short of memory: that says nothing of the strategy. */
class HostEnded extends Error {}

/** A fresh host each. What ends them all may be the strategy after all, and must not go on for ever. */
const triesMax = 3;

const endedEachTime = () =>
  new PlatformError(
    "strategy-failed",
    `The strategy could not be run: its process ended unexpectedly ${triesMax} times. The machine may be short of memory.`,
  );

type Budget = Readonly<{
  budgetMs: number;
  /** Processor time, which a busy machine does not use up. */
  computeMsMax: number;
}>;

/** More candles may take longer. */
function budgetOf({ candles, others = [] }: RunOrder, limits: HostLimits): Budget {
  const rows = others.reduce((sum, one) => sum + one.candles.time.length, candles.time.length);
  return {
    budgetMs: limits.budgetMs + (rows * limits.budgetPerCandleUs) / 1_000,
    computeMsMax: Number.POSITIVE_INFINITY,
  };
}

/** What is usual has room in the budget of one run; every further moment adds its share. */
const budgetOfCheck = (budget: Budget, moments: number): Budget => ({
  ...budget,
  budgetMs: budget.budgetMs * Math.max(1, moments / checkMoments.usual),
});

/** A strategy that had to be stopped is refused; anything else is not its fault. */
function stopped(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  throw error;
}

const refuse = (message: string, place: CodePlace | null) => ({
  kind: "refused" as const,
  message,
  place,
  isLasting: true,
});

const hostFile = fileURLToPath(new URL("../strategy-host.ts", import.meta.url));
const readable = [
  "../../../engine",
  "../strategy-host.ts",
  "./host-thread.ts",
  "../../../node_modules/@trading",
];

function startHost({ memoryMbMax }: HostLimits): ChildProcess {
  const reads = readable.map(
    (path) => `--allow-fs-read=${fileURLToPath(new URL(path, import.meta.url))}`,
  );
  const child = fork(hostFile, [String(Math.ceil(memoryMbMax / 2))], {
    execArgv: ["--permission", "--allow-worker", ...reads],
    env: {},
    cwd: "/",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  // A pipe that breaks while an order is written is seen as the child's exit.
  child.on("error", () => undefined);
  // A warm host without an order keeps nobody alive.
  child.unref();
  child.channel?.unref();
  return child;
}

/** Sends one order and waits for its answer, whatever happens to the child meanwhile. */
function converse(
  child: ChildProcess,
  order: HostOrder,
  limits: HostLimits & Budget,
  watch: RunWatch,
) {
  const { promise, resolve, reject } = Promise.withResolvers<FinalAnswer>();
  const onMessage = (answer: HostAnswer) => {
    if (answer.kind === "progress") watch.onProgress?.(answer.share);
    else resolve(answer);
  };
  const onExit = () => reject(new HostEnded());
  const onAbort = () => reject(watch.signal?.reason);
  const timer = setTimeout(() => reject(tooSlow(limits.budgetMs)), limits.budgetMs);
  let computedBefore: number | null = null;
  const looking = setInterval(async () => {
    if (await isBloated(child, limits)) reject(outOfMemory(limits));
    if (!Number.isFinite(limits.computeMsMax)) return;
    const computed = await computedMs(child.pid ?? 0);
    computedBefore ??= computed;
    if (computed === null || computedBefore === null) return;
    if (computed - computedBefore > limits.computeMsMax) reject(tooSlow(limits.computeMsMax));
  }, 50);

  child.on("message", onMessage);
  child.on("exit", onExit);
  watch.signal?.addEventListener("abort", onAbort);
  child.ref();
  child.channel?.ref();
  if (watch.signal?.aborted) onAbort();
  else child.send(order, (error) => error && onExit());

  return promise.finally(() => {
    clearTimeout(timer);
    clearInterval(looking);
    child.off("message", onMessage);
    child.off("exit", onExit);
    watch.signal?.removeEventListener("abort", onAbort);
    child.unref();
    child.channel?.unref();
  });
}

async function isBloated(child: ChildProcess, { memoryMbMax }: HostLimits): Promise<boolean> {
  const mb = await residentMb(child.pid ?? 0);
  return mb !== null && mb > memoryMbMax;
}

const pageBytes = 4_096;

/** Resident memory of a process; null where the system has no /proc (there the heap limit alone holds). */
async function residentMb(pid: number): Promise<number | null> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => null);
  const pages = Number(statm?.split(" ")[1]);
  return Number.isFinite(pages) ? (pages * pageBytes) / 2 ** 20 : null;
}

const tickMs = 10;

/** Processor time of a process so far; null where the system has no /proc (there the wall clock alone holds). */
async function computedMs(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // Counted behind the name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks * tickMs : null;
}

/** Why an answer is not the one that was asked for. */
function failure(answer: FinalAnswer, limits: HostLimits, map: string | undefined): PlatformError {
  switch (answer.kind) {
    case "out-of-memory":
      return outOfMemory(limits);
    case "failed":
      return new PlatformError("strategy-failed", sentence(answer, map));
    case "described":
    case "ran":
    case "checked":
      return new PlatformError("strategy-failed", "The strategy answered what was not asked.");
  }
}

const messageLengthMax = 300;

/** The strategy's own words, cut to one line, with its line and candle where they are known. */
function sentence({ message, place, candleAt }: FailedAnswer, map: string | undefined): string {
  const words = oneLine(message);
  const line = place && map ? originalPosition(map, place.line, place.column) : null;
  const where = line === null ? "" : ` (${line.file}, line ${line.line})`;
  const when = candleAt === null ? "" : `, candle of ${instantOf(candleAt)}`;
  return `${words}${where}${when}`;
}

/** Without control characters, so that it can stand in a log, a table and a page. */
function oneLine(message: unknown): string {
  const words = String(message)
    .slice(0, 2_000)
    .toWellFormed()
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
  if (words === "") return "The strategy failed without a message.";
  return words.length > messageLengthMax ? `${words.slice(0, messageLengthMax)}…` : words;
}

function instantOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "an unknown time" : date.toISOString();
}

const tooSlow = (budgetMs: number) =>
  new PlatformError(
    "strategy-too-slow",
    `The strategy was stopped after ${Math.round(budgetMs / 1_000)} s. Look for a loop without end.`,
  );

const outOfMemory = ({ memoryMbMax }: HostLimits) =>
  new PlatformError(
    "strategy-out-of-memory",
    `The strategy was stopped: it used more than ${memoryMbMax} MB.`,
  );
