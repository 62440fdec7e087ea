import { PlatformError, toProblem } from "../platform/errors.ts";
import type { ClaimedTask, TaskEnd, TaskProgress, TaskQueue } from "./task-queue.ts";

export type TaskNeeds = Readonly<{
  tasks: TaskQueue;
  /** Told of errors that are our own mistakes. */
  onError(error: unknown, job: string): void;
}>;

/** How a task speaks while it works. */
export type TaskWatch = Readonly<{
  signal: AbortSignal;
  onProgress(progress: TaskProgress): void;
}>;

/** Often enough that cancelling takes effect within a second. */
const heartbeatMs = 700;

class Cancelled extends Error {}
class Lost extends Error {}

/**
 * Runs one claimed task: keeps its claim alive, stores its progress, ends it once. Cancelling, and a claim
 * that another worker took, abort the work; a process that must stop gives the task back to the queue.
 */
export async function runTask(
  needs: TaskNeeds,
  task: ClaimedTask,
  processSignal: AbortSignal,
  work: (watch: TaskWatch) => Promise<Omit<TaskEnd, "status">>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, processSignal]);
  let progress: TaskProgress = { share: 0, step: "Starting", remainingMs: null };
  const beat = async (): Promise<void> => {
    const maySo = await needs.tasks.recordProgress(task, progress);
    if (!maySo) stop.abort(new Cancelled());
  };
  const timer = setInterval(() => {
    beat().catch((error) => stop.abort(new Lost("the database did not answer", { cause: error })));
  }, heartbeatMs);
  try {
    await beat();
    signal.throwIfAborted();
    const onProgress = (next: TaskProgress) => {
      progress = next;
    };
    const end = await work({ signal, onProgress });
    signal.throwIfAborted();
    await needs.tasks.recordEnd(task, { ...end, status: "done" });
  } catch (error) {
    await settle(needs, task, error, signal, processSignal);
  } finally {
    clearInterval(timer);
  }
}

async function settle(
  { tasks, onError }: TaskNeeds,
  task: ClaimedTask,
  error: unknown,
  signal: AbortSignal,
  processSignal: AbortSignal,
): Promise<void> {
  if (processSignal.aborted) return tasks.release(task);
  if (signal.reason instanceof Cancelled) return tasks.recordEnd(task, { status: "cancelled" });
  // The row stays running; without heartbeat the sweep hands it to the next worker.
  if (signal.reason instanceof Lost) throw signal.reason;
  if (!(error instanceof PlatformError)) onError(error, task.kind);
  return tasks.recordEnd(task, { status: "failed", problem: toProblem(error) });
}
