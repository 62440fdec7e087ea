import type { Timeframe } from "@trading/contracts/common";
import type { DataTask, ImportOptions } from "@trading/contracts/market-data";
import { and, count, desc, eq, inArray, sql as raw } from "drizzle-orm";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { publish } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import { addToOutbox } from "../platform/outbox.ts";
import type { Database } from "../platform/postgres.ts";
import { dataTasks } from "./schema.ts";

type Needs = Readonly<{ database: Database }>;
export type TaskRow = typeof dataTasks.$inferSelect;
type Page<Item> = { items: Item[]; total: number; page: number; pageSize: number };

export type ImportRequest = ImportOptions & Readonly<{ fileName: string; bytes: number }>;
export type DownloadRequest = Readonly<{
  exchange: string;
  symbol: string;
  timeframe: Timeframe;
  fromMs: number;
  toMs: number;
}>;
export type AskedTask =
  | Readonly<{ kind: "import"; request: ImportRequest }>
  | Readonly<{ kind: "download"; request: DownloadRequest }>;

/** The job that works on tasks of a kind. */
export const jobOf = { import: "import-candles", download: "download-candles" } as const;
const openTasksMax = 20;

/** Tells the owner of a task that it changed. */
export const tellTask = ({ db }: Database, row: TaskRow) =>
  publish(db, row.userId, {
    kind: "data-task",
    id: row.id,
    status: row.status,
    share: row.share,
    step: row.step,
  });

/** Imports and downloads as their user sees them, owner first. */
export function createTaskStore({ database }: Needs) {
  const { db } = database;
  return {
    /** A task with its nudge for the worker; `id` is given where a file already has that name. */
    async add(userId: string, title: string, asked: AskedTask, id = newId()): Promise<DataTask> {
      const row = await db.transaction(async (transaction) => {
        const [open] = await transaction
          .select({ count: count() })
          .from(dataTasks)
          .where(
            and(eq(dataTasks.userId, userId), inArray(dataTasks.status, ["queued", "running"])),
          );
        if ((open?.count ?? 0) >= openTasksMax) {
          throw new PlatformError(
            "quota-exceeded",
            `You have ${openTasksMax} imports and downloads waiting; let some of them finish.`,
          );
        }
        const [made] = await transaction
          .insert(dataTasks)
          .values({ id, userId, title, kind: asked.kind, request: asked.request, step: "Waiting" })
          .returning();
        await addToOutbox(transaction, jobOf[asked.kind], { taskId: id });
        return made;
      });
      if (row === undefined) throw new Error("an insert returned no row");
      await tellTask(database, row);
      return taskView(row);
    },

    async list(userId: string, page: number, pageSize: number): Promise<Page<DataTask>> {
      const where = eq(dataTasks.userId, userId);
      const rows = await db
        .select()
        .from(dataTasks)
        .where(where)
        .orderBy(desc(dataTasks.createdAt), desc(dataTasks.id))
        .limit(pageSize)
        .offset((page - 1) * pageSize);
      const [total] = await db.select({ count: count() }).from(dataTasks).where(where);
      return { items: rows.map(taskView), total: total?.count ?? 0, page, pageSize };
    },

    async get(userId: string, id: string): Promise<DataTask> {
      const [row] = await db
        .select()
        .from(dataTasks)
        .where(and(eq(dataTasks.id, id), eq(dataTasks.userId, userId)));
      if (row === undefined) throw new NotFound("task", id);
      return taskView(row);
    },

    /** A waiting task ends now, a running one as soon as its worker looks; an ended one stays as it is. */
    async cancel(userId: string, id: string): Promise<DataTask> {
      const [row] = await db
        .update(dataTasks)
        .set({
          cancelAsked: true,
          status: raw`case when ${dataTasks.status} = 'queued' then 'cancelled' else ${dataTasks.status} end`,
          step: raw`case when ${dataTasks.status} = 'queued' then 'Cancelled' else ${dataTasks.step} end`,
          finishedAt: raw`case when ${dataTasks.status} = 'queued' then now() else ${dataTasks.finishedAt} end`,
        })
        .where(and(eq(dataTasks.id, id), eq(dataTasks.userId, userId)))
        .returning();
      if (row === undefined) throw new NotFound("task", id);
      await tellTask(database, row);
      return taskView(row);
    },
  };
}

const taskView = (row: TaskRow): DataTask => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  status: row.status,
  progress: { share: row.share, step: row.step, remainingMs: row.remainingMs },
  rows: row.rows,
  skippedLines: [...row.skippedLines],
  seriesId: row.seriesId,
  problem: row.problem,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
});
