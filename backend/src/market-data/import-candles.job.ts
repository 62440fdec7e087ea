import { existsSync } from "node:fs";
import type { Job } from "../platform/jobs.ts";
import type { Database } from "../platform/postgres.ts";
import type { CandleCache } from "./candle-cache.ts";
import { readCandleRange } from "./candle-file.ts";
import { importLimits } from "./import/limits.ts";
import { parseInChild } from "./import/parse-in-child.ts";
import { refuseFile } from "./import/refusal.ts";
import { runTask, type TaskNeeds, type TaskWatch } from "./run-task.ts";
import { certifySeries, importCandles } from "./series-store.ts";
import { readSymbol } from "./symbol.ts";
import type { ClaimedTask, TaskEnd } from "./task-queue.ts";
import type { ImportRequest } from "./task-store.ts";
import type { Uploads } from "./uploads.ts";

type Needs = TaskNeeds &
  Readonly<{
    database: Database;
    cache: CandleCache;
    uploads: Uploads;
    uploadFileBytesMax: number;
    uploadQuotaBytes: number;
    now(): number;
  }>;

/** Reads an uploaded file in a process of its own and stores its candles in a series of its owner. */
export const importCandlesJob = (needs: Needs): Job => ({
  name: "import-candles",
  queue: "market-data",
  async run({ taskId = "" }, signal) {
    const task = await needs.tasks.claim(taskId);
    if (task?.kind !== "import") return;
    await runTask(needs, task, signal, (watch) => importFile(needs, task, task.request, watch));
    // A task given back to the queue needs its file again.
    if (!signal.aborted) await needs.uploads.remove(task.id);
  },
});

async function importFile(
  needs: Needs,
  task: ClaimedTask,
  request: ImportRequest,
  watch: TaskWatch,
): Promise<Omit<TaskEnd, "status">> {
  const input = needs.uploads.fileOf(task.id);
  const output = needs.uploads.candlesOf(task.id);
  if (!existsSync(input))
    throw refuseFile("The uploaded file is no longer there; upload it again.");
  const { timeframe, badLines, fileName } = request;
  const limits = { ...importLimits, fileBytesMax: needs.uploadFileBytesMax };
  const options = { timeframe, badLines, nowMs: needs.now(), name: fileName, limits };
  const parsed = await parseInChild({ input, output, options }, watch.signal, (share) =>
    watch.onProgress({ share: share * 0.8, step: "Reading the file", remainingMs: null }),
  );

  watch.onProgress({ share: 0.85, step: "Storing candles", remainingMs: null, rows: parsed.rows });
  const columns = await readCandleRange(output, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  watch.signal.throwIfAborted();
  const identity = {
    ...readSymbol(request.symbol),
    source: "upload" as const,
    ownerId: task.userId,
    timeframe: parsed.timeframe,
  };
  const { database, uploadQuotaBytes } = needs;
  const { seriesId } = await importCandles(
    database,
    identity,
    columns,
    parsed.duplicates,
    uploadQuotaBytes,
  );

  watch.onProgress({
    share: 0.95,
    step: "Examining candles",
    remainingMs: null,
    rows: parsed.rows,
  });
  await certifySeries(needs, seriesId);
  return { rows: parsed.rows, seriesId, skippedLines: [...parsed.skippedLines] };
}
