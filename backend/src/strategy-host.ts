import { constants, setPriority } from "node:os";
import { Worker } from "node:worker_threads";
import type { HostAnswer, HostOrder } from "./strategies/host-protocol.ts";

/**
 * The process in which strategy code runs, started by `strategies/host-client.ts` with an empty environment, without
 * network credentials, files or keys. This thread only watches: the strategy runs in a thread of its own, fresh for
 * every order, so that this one always hears when its worker has died, and ends with it.
 */

// Bots and the web come first. Threads made from now on inherit it.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const heapMbMax = Number(process.argv[2]);
/** Started and loaded before it is needed. */
let spare = startThread();

process.on("disconnect", () => process.exit(0));
process.on("message", (order: HostOrder) => carryOut(order));

function startThread(): Worker {
  const thread = new Worker(new URL("./strategies/host-thread.ts", import.meta.url), {
    env: {},
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
  });
  // A spare that fails to load fails again, with a listener, when an order comes.
  thread.on("error", () => undefined);
  return thread;
}

function carryOut(order: HostOrder): void {
  const thread = spare;
  let isAnswered = false;
  const answer = (message: HostAnswer) => {
    if (isAnswered) return;
    isAnswered = message.kind !== "progress";
    process.send?.(message);
    if (!isAnswered) return;
    void thread.terminate();
    spare = startThread();
  };
  thread.on("message", answer);
  thread.on("error", (error) => answer(deathOf(error)));
  thread.on("exit", () => answer(failed("The strategy ended its thread.")));
  if (order.kind === "run") {
    const candles = ownedColumns(order.run.candles);
    const buffers = Object.values(candles).map((column) => column.buffer as ArrayBuffer);
    thread.postMessage({ ...order, run: { ...order.run, candles } }, buffers);
  } else {
    thread.postMessage(order);
  }
}

/** Columns arrive as views of one message; each is copied into memory of its own that can be handed over. */
function ownedColumns<Candles extends Readonly<Record<string, Float64Array>>>(candles: Candles) {
  const copies = Object.entries(candles).map(([name, column]) => [name, new Float64Array(column)]);
  return Object.fromEntries(copies) as { [Name in keyof Candles]: Float64Array };
}

const deathOf = (error: unknown): HostAnswer =>
  (error as { code?: string }).code === "ERR_WORKER_OUT_OF_MEMORY"
    ? { kind: "out-of-memory" }
    : failed(error instanceof Error ? error.message : String(error));

const failed = (message: string): HostAnswer => ({
  kind: "failed",
  message,
  place: null,
  candleAt: null,
});
