import { hostname } from "node:os";
import { lt, sql as raw } from "drizzle-orm";
import { newId } from "./ids.ts";
import type { Database, Sql } from "./postgres.ts";
import { workers } from "./schema.ts";

const beatMs = 5_000;
const deadAfterSeconds = 30;

type Needs = Readonly<{
  database: Database;
  kind: "web" | "worker";
  queues: readonly string[];
  onError(error: unknown): void;
}>;

export type Heartbeat = Readonly<{ close(): Promise<void> }>;

/** Keeps this process's row fresh until closed, and removes the rows of processes that died an hour ago. */
export function startHeartbeat({ database: { db }, kind, queues, onError }: Needs): Heartbeat {
  const id = newId();
  const row = { id, kind, host: hostname(), processId: process.pid, queues: queues.join(",") };
  const beat = async () => {
    await db
      .insert(workers)
      .values(row)
      .onConflictDoUpdate({ target: workers.id, set: { heartbeatAt: raw`now()` } });
    await db.delete(workers).where(lt(workers.heartbeatAt, raw`now() - interval '1 hour'`));
  };
  let last = beat().catch(onError);
  const timer = setInterval(() => {
    last = beat().catch(onError);
  }, beatMs);
  return {
    async close() {
      clearInterval(timer);
      await last;
      await db.delete(workers).where(raw`${workers.id} = ${id}`).catch(onError);
    },
  };
}

/** How many workers gave a sign of life lately. */
export async function countLiveWorkers(sql: Sql): Promise<number> {
  const { rows } = await sql.execute<{ live: number }>(
    raw`select count(*)::int as live from ${workers} where kind = 'worker' and heartbeat_at > now() - make_interval(secs => ${deadAfterSeconds})`,
  );
  return rows[0]?.live ?? 0;
}
