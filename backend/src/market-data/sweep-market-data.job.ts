import type { Job } from "../platform/jobs.ts";
import type { TaskQueue } from "./task-queue.ts";
import type { Uploads } from "./uploads.ts";

type Needs = Readonly<{ tasks: TaskQueue; uploads: Uploads; now(): number }>;

/** Hands tasks of dead workers to living ones and clears away what nobody needs any more. */
export const sweepMarketDataJob = ({ tasks, uploads, now }: Needs): Job => ({
  name: "sweep-market-data",
  queue: "sweeps",
  everyMs: 10_000,
  async run() {
    await tasks.nudgeAbandoned();
    await uploads.sweep(tasks.openAmong, now());
    await tasks.removeOld();
  },
});
