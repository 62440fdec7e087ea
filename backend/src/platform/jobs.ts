import {
  createPostgresBackend,
  isPgPool,
  Queue as RedisQueue,
  Worker as RedisWorker,
  runMigrations,
  withBackend,
} from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { countOf, type QueueCount, retryDeadJob } from "./dead-jobs.ts";
import type { OutboxLine, Payload } from "./outbox.ts";
import { safeError } from "./safe-error.ts";

/** Separate queues, so that a thousand backtests never keep a download, a sweep or somebody at a screen waiting. */
export const queueNames = ["backtests", "market-data", "exchange-keys", "mail", "sweeps"] as const;
export type QueueName = (typeof queueNames)[number];

/**
 * Work of one kind. It may run twice, also at the same time, and any process may die between any two lines: `run`
 * reads from the rows what is left to do. `signal` is aborted when the process must stop now.
 */
export type Job = Readonly<{
  /** Also the topic of its outbox lines. */
  name: string;
  queue: QueueName;
  /** Runs by itself this often, once in the whole cluster. */
  everyMs?: number;
  run(payload: Payload, signal: AbortSignal): Promise<void>;
}>;

type Needs = Readonly<{
  /** With it Redis carries the jobs, without it PostgreSQL does. */
  redisUrl: string | null;
  databaseUrl: string;
  jobs: readonly Job[];
  /** How many jobs of a queue run here at once; a queue that is not named is left to other workers. */
  concurrency: Readonly<Partial<Record<QueueName, number>>>;
  onError(error: unknown, job?: string): void;
}>;

export type JobRunner = Readonly<{
  /** What it can add jobs for. */
  topics: readonly string[];
  /** Puts outbox lines into their queues. Throws when the queue does not answer. */
  add(lines: readonly OutboxLine[]): Promise<void>;
  countJobs(): Promise<QueueCount[]>;
  /** Takes no new job, waits for the running ones until the deadline, then aborts them. */
  close(deadlineMs: number): Promise<void>;
}>;

/**
 * A worker that was killed gives its jobs back after about 5 s (lock and check together); a job survives many such
 * kills. On PostgreSQL a worker can miss the wake-up of a job that comes while it is about to wait, and then finds
 * it after `drainDelay` (seconds). Results and progress live in rows: BullMQ's events are lost under load on PostgreSQL and are not used.
 */
const recovery = {
  lockDuration: 5_000,
  stalledInterval: 2_000,
  maxStalledCount: 100,
  drainDelay: 1,
};
const keep = {
  removeOnComplete: true,
  removeOnFail: { count: 200 },
  attempts: 3,
  backoff: { type: "exponential", delay: 1_000 },
} as const;

/** Starts taking jobs. The queue's own tables are made or brought up to date first. */
export async function startJobs(needs: Needs): Promise<JobRunner> {
  const link = await connect(needs);
  const queues = new Map(queueNames.map((name) => [name, link.queue(name)]));
  for (const queue of queues.values()) queue.on("error", (error) => needs.onError(error));
  const known: readonly Job[] = [...needs.jobs, retryDeadJob(queues)];

  const stop = new AbortController();
  const workers = Object.entries(needs.concurrency).map(([name, concurrency]) => {
    const handler = handlerFor(known, stop.signal);
    const worker = link.worker(name, (job) => handler(job.name, job.data), concurrency);
    worker.on("error", (error) => needs.onError(error));
    worker.on("failed", (job, error) => needs.onError(error, job?.name));
    return worker;
  });
  for (const { name, queue, everyMs } of needs.jobs) {
    if (everyMs === undefined) continue;
    await queues.get(queue)?.upsertJobScheduler(name, { every: everyMs }, { name, opts: keep });
  }

  return {
    topics: known.map((job) => job.name),
    async add(lines) {
      for (const [queue, jobs] of groupByQueue(lines, known)) {
        await queues.get(queue)?.addBulk(jobs);
      }
    },
    countJobs: () => Promise.all([...queues].map(([name, queue]) => countOf(name, queue))),
    async close(deadlineMs) {
      const closing = Promise.all(workers.map((worker) => worker.close()));
      const timer = setTimeout(() => stop.abort(new Error("the worker stops")), deadlineMs);
      await closing.catch(needs.onError);
      clearTimeout(timer);
      await Promise.all([...queues.values()].map((queue) => queue.close())).catch(needs.onError);
      await link.close();
    },
  };
}

export function handlerFor(jobs: readonly Job[], signal: AbortSignal) {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  return async (name: string, payload: Payload): Promise<void> => {
    const job = byName.get(name);
    if (job === undefined) throw new Error(`this version knows no job "${name}"`);
    // The queue keeps message and stack of what is thrown, and operators read them.
    await job.run(payload, signal).catch((error: unknown) => {
      throw safeError(error);
    });
  };
}

function groupByQueue(lines: readonly OutboxLine[], jobs: readonly Job[]) {
  const queueOf = new Map(jobs.map((job) => [job.name, job.queue]));
  const groups = new Map<QueueName, { name: string; data: Payload; opts: object }[]>();
  for (const { id, topic, payload } of lines) {
    const queue = queueOf.get(topic);
    if (queue === undefined) throw new Error(`this version knows no job "${topic}"`);
    const group = groups.get(queue) ?? [];
    // The id only spares a job that is still waiting from being there twice.
    group.push({ name: topic, data: payload, opts: { ...keep, jobId: `outbox-${id}` } });
    groups.set(queue, group);
  }
  return groups;
}

type Processor = (job: { name: string; data: Payload }) => Promise<void>;

const connect = (needs: Needs) =>
  needs.redisUrl === null
    ? connectPostgres(needs.databaseUrl, needs.onError)
    : connectRedis(needs.redisUrl, needs.onError);

async function connectRedis(url: string, onError: Needs["onError"]) {
  // Workers wait for a broken connection to come back; the dispatcher is told at once and tries again later.
  const worker = new Redis(url, { maxRetriesPerRequest: null });
  const producer = new Redis(url, { maxRetriesPerRequest: 1 });
  for (const connection of [worker, producer]) connection.on("error", (error) => onError(error));
  return {
    queue: (name: string) => new RedisQueue(name, { connection: producer }),
    worker: (name: string, run: Processor, concurrency: number) =>
      new RedisWorker(name, run, { connection: worker, concurrency, ...recovery }),
    async close() {
      worker.disconnect();
      producer.disconnect();
    },
  };
}

async function connectPostgres(url: string, onError: Needs["onError"]) {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  // One pool for everything, since each of BullMQ's own would have ten connections; every worker keeps one to listen.
  const pool = new pg.Pool({
    connectionString: url,
    max: queueNames.length + 5,
    keepAlive: true,
    options: "-c search_path=bullmq",
    application_name: "trading-jobs",
  });
  pool.setMaxListeners(50);
  pool.on("error", (error) => onError(error));
  pool.on("connect", (client) => client.on("error", () => undefined));
  if (!isPgPool(pool)) throw new Error("BullMQ does not take this version of pg's pool");
  await migrateQueues(pool);
  return {
    queue: (name: string) => new Queue(name, { connection: pool }),
    worker: (name: string, run: Processor, concurrency: number) =>
      new Worker(name, run, { connection: pool, concurrency, ...recovery }),
    close: () => pool.end(),
  };
}

async function migrateQueues(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client as never, "bullmq");
  } finally {
    client.release();
  }
}
