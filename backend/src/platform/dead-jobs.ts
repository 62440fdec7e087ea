import type { Payload } from "./outbox.ts";
import type { DeadJob } from "./schema.ts";

/** How full a queue is, and the newest of the jobs that failed as often as they may. */
export type QueueCount = Readonly<{
  queue: string;
  waiting: number;
  active: number;
  delayed: number;
  dead: number;
  deadJobs: readonly DeadJob[];
}>;

/** What we need of a queue, whichever of the two backends carries it. */
type InspectedJob = Readonly<{
  id?: string | undefined;
  name: string;
  failedReason?: string;
  attemptsMade: number;
  finishedOn?: number | undefined;
  timestamp: number;
  isFailed(): Promise<boolean>;
  retry(state: "failed"): Promise<void>;
}>;
type InspectedQueue = Readonly<{
  getJobCounts(
    ...states: ("waiting" | "prioritized" | "active" | "delayed" | "failed")[]
  ): Promise<{ [state: string]: number }>;
  getFailed(start: number, end: number): Promise<readonly InspectedJob[]>;
  getJob(id: string): Promise<InspectedJob | undefined>;
}>;

const deadJobsShown = 50;

export async function countOf(queue: string, jobs: InspectedQueue): Promise<QueueCount> {
  const counts = await jobs.getJobCounts("waiting", "prioritized", "active", "delayed", "failed");
  const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed: dead = 0 } = counts;
  const failed = dead === 0 ? [] : await jobs.getFailed(0, deadJobsShown - 1);
  const deadJobs = failed.map((job) => ({
    id: job.id ?? "",
    name: job.name,
    reason: (job.failedReason ?? "").replace(/\s+/g, " ").slice(0, 300),
    attempts: job.attemptsMade,
    at: new Date(job.finishedOn ?? job.timestamp).toISOString(),
  }));
  return { queue, waiting: waiting + prioritized, active, delayed, dead, deadJobs };
}

/** An operator wishes for another try of a job that failed as often as it may. */
export const retryDeadJobName = "retry-dead-job";

export function retryDeadJob(queues: ReadonlyMap<string, InspectedQueue>) {
  return {
    name: retryDeadJobName,
    queue: "sweeps" as const,
    async run({ queue = "", jobId = "" }: Payload): Promise<void> {
      const job = await queues.get(queue)?.getJob(jobId);
      // Somebody else may have been faster, or the job is gone.
      if (job && (await job.isFailed())) await job.retry("failed");
    },
  };
}
