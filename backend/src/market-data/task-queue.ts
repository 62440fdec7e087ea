import type { DataTask } from "@trading/contracts/market-data";
import type { Problem } from "@trading/contracts/problems";
import { and, eq, inArray, lt, sql as raw } from "drizzle-orm";
import { addToOutbox } from "../platform/outbox.ts";
import { type Database, inTransaction, type Sql } from "../platform/postgres.ts";
import { mayBegin } from "../platform/standstill.ts";
import { dataTasks } from "./schema.ts";
import { type AskedTask, jobOf, type TaskRow, tellTask } from "./task-store.ts";

/** A task that this process works on; `attempt` tells whether it still may. */
export type ClaimedTask = Readonly<{
  id: string;
  userId: string;
  attempt: number;
  cancelAsked: boolean;
}> &
  AskedTask;

export type TaskProgress = Readonly<{
  share: number;
  step: string;
  remainingMs: number | null;
  rows?: number;
}>;
export type TaskEnd = Readonly<{
  status: "done" | "failed" | "cancelled";
  rows?: number;
  seriesId?: string | null;
  skippedLines?: DataTask["skippedLines"];
  problem?: Problem;
}>;

/** A worker renews its tasks every few seconds; one that did not for this long is gone. */
const deadAfterMs = 20_000;

/** The worker's side of imports and downloads: take one, tell how it goes, end it once. */
export function createTaskQueue({ database }: Readonly<{ database: Database }>) {
  const { db } = database;
  return {
    /** Takes a task that waits, or whose worker is gone; null when there is nothing to do. */
    async claim(id: string): Promise<ClaimedTask | null> {
      const row = await inTransaction(db, (transaction) => take(transaction, id));
      if (row === null) return null;
      await tellTask(database, row);
      return claimed(row);
    },

    /** Renews the claim and stores progress. False: another worker has it, or it was cancelled. */
    async recordProgress(task: ClaimedTask, progress: TaskProgress): Promise<boolean> {
      const [row] = await db
        .update(dataTasks)
        .set({ ...progress, heartbeatAt: raw`now()` })
        .where(heldBy(task))
        .returning();
      if (row === undefined) return false;
      await tellTask(database, row);
      return !row.cancelAsked;
    },

    /** Ends the task, once. */
    async recordEnd(task: ClaimedTask, end: TaskEnd): Promise<void> {
      const step = { done: "Done", failed: "Failed", cancelled: "Cancelled" }[end.status];
      const share = end.status === "done" ? { share: 1 } : {};
      const [row] = await db
        .update(dataTasks)
        .set({ ...end, ...share, step, remainingMs: null, finishedAt: raw`now()` })
        .where(heldBy(task))
        .returning();
      if (row !== undefined) await tellTask(database, row);
    },

    /** Gives a task back that this process must leave, and nudges the next worker. */
    async release(task: ClaimedTask): Promise<void> {
      await db.transaction(async (transaction) => {
        const given = await transaction
          .update(dataTasks)
          .set({ status: "queued", step: "Waiting", heartbeatAt: null })
          .where(heldBy(task))
          .returning({ id: dataTasks.id });
        if (given.length > 0) await addToOutbox(transaction, jobOf[task.kind], { taskId: task.id });
      });
    },

    /** Nudges again for every task that nobody works on: nudges may be lost, workers may die. */
    async nudgeAbandoned(): Promise<number> {
      return db.transaction(async (transaction) => {
        const rows = await transaction
          .select({ id: dataTasks.id, kind: dataTasks.kind })
          .from(dataTasks)
          .where(
            raw`(${dataTasks.status} = 'running' and ${isDead})
              or (${dataTasks.status} = 'queued' and ${dataTasks.createdAt} < now() - interval '1 minute')`,
          )
          .limit(100);
        for (const { id, kind } of rows)
          await addToOutbox(transaction, jobOf[kind], { taskId: id });
        return rows.length;
      });
    },

    /** Which of these tasks still need their uploaded file. */
    async openAmong(ids: readonly string[]): Promise<Set<string>> {
      if (ids.length === 0) return new Set();
      const rows = await db
        .select({ id: dataTasks.id })
        .from(dataTasks)
        .where(
          and(inArray(dataTasks.id, [...ids]), inArray(dataTasks.status, ["queued", "running"])),
        );
      return new Set(rows.map((row) => row.id));
    },

    /** Ended tasks are kept for a month. */
    async removeOld(): Promise<void> {
      await db.delete(dataTasks).where(lt(dataTasks.finishedAt, raw`now() - interval '30 days'`));
    },
  };
}
export type TaskQueue = ReturnType<typeof createTaskQueue>;

async function take(transaction: Sql, id: string): Promise<TaskRow | null> {
  if (!(await mayBegin(transaction))) return null;
  const [row] = await transaction
    .update(dataTasks)
    .set({ status: "running", attempt: raw`${dataTasks.attempt} + 1`, heartbeatAt: raw`now()` })
    .where(
      and(
        eq(dataTasks.id, id),
        raw`(${dataTasks.status} = 'queued' or (${dataTasks.status} = 'running' and ${isDead}))`,
      ),
    )
    .returning();
  return row ?? null;
}

const isDead = raw`${dataTasks.heartbeatAt} < now() - ${deadAfterMs}::int * interval '1 millisecond'`;

const heldBy = (task: ClaimedTask) =>
  and(
    eq(dataTasks.id, task.id),
    eq(dataTasks.attempt, task.attempt),
    eq(dataTasks.status, "running"),
  );

const claimed = (row: TaskRow): ClaimedTask =>
  ({
    id: row.id,
    userId: row.userId,
    attempt: row.attempt,
    cancelAsked: row.cancelAsked,
    kind: row.kind,
    request: row.request,
  }) as unknown as ClaimedTask;
