import { lt, sql as raw } from "drizzle-orm";
import type { QueueCount } from "./dead-jobs.ts";
import type { Database } from "./postgres.ts";
import { queueReports } from "./schema.ts";

const everyMs = 5_000;

type Needs = Readonly<{
  database: Database;
  countJobs(): Promise<readonly QueueCount[]>;
  onError(error: unknown): void;
}>;

/** Writes down how full the queues are, since only workers open them; any number of workers may. */
export function startQueueReport({ database: { db }, countJobs, onError }: Needs): {
  close(): Promise<void>;
} {
  const report = async () => {
    for (const { queue, ...counts } of await countJobs()) {
      const set = { ...counts, at: raw`now()` };
      await db
        .insert(queueReports)
        .values({ queue, ...set })
        .onConflictDoUpdate({ target: queueReports.queue, set });
    }
    await db.delete(queueReports).where(lt(queueReports.at, raw`now() - interval '1 day'`));
  };
  let last = report().catch(onError);
  const timer = setInterval(() => {
    last = last.then(report).catch(onError);
  }, everyMs);
  return {
    async close() {
      clearInterval(timer);
      await last;
    },
  };
}
