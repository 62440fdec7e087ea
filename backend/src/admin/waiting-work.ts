import { sql as raw } from "drizzle-orm";
import { jobOf } from "../market-data/task-store.ts";
import { addToOutbox } from "../platform/outbox.ts";
import type { Sql } from "../platform/postgres.ts";

/** Each runs one backtest after the other until none waits. */
const nudgesMax = 8;

/** What waits says that the operator holds it back. */
export async function holdBack(transaction: Sql): Promise<void> {
  const step = "Waiting until the operator lets work begin again";
  await transaction.execute(raw`update backtests set step = ${step} where status = 'queued'`);
  await transaction.execute(raw`update data_tasks set step = ${step} where status = 'queued'`);
}

/** What waits goes on by itself. */
export async function letGoOn(transaction: Sql): Promise<void> {
  const { rowCount } = await transaction.execute(
    raw`update backtests set step = 'Waiting in the queue' where status = 'queued'`,
  );
  for (let i = 0; i < Math.min(rowCount ?? 0, nudgesMax); i++)
    await addToOutbox(transaction, "run-backtest", {});
  const tasks = await transaction.execute<{ id: string; kind: keyof typeof jobOf }>(
    raw`update data_tasks set step = 'Waiting' where status = 'queued' returning id, kind`,
  );
  for (const { id, kind } of tasks.rows)
    await addToOutbox(transaction, jobOf[kind], { taskId: id });
}
