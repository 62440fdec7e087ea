import type { Job } from "../platform/jobs.ts";
import { ensureCandles, type FetchNeeds } from "./fetch-candles.ts";
import { runTask, type TaskNeeds } from "./run-task.ts";

type Needs = TaskNeeds & FetchNeeds;

/** Downloads the candles of a market that are not stored yet. */
export const downloadCandlesJob = (needs: Needs): Job => ({
  name: "download-candles",
  queue: "market-data",
  async run({ taskId = "" }, signal) {
    const task = await needs.tasks.claim(taskId);
    if (task?.kind !== "download") return;
    const { request } = task;
    await runTask(needs, task, signal, (watch) => ensureCandles(needs, request, watch));
  },
});
