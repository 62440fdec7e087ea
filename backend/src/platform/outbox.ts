import { inArray, sql as raw } from "drizzle-orm";
import { listen } from "./listener.ts";
import type { Database, Sql } from "./postgres.ts";
import { outbox } from "./schema.ts";

/** What a job carries: ids, never facts and never secrets. The rows are the truth. */
export type Payload = Readonly<Record<string, string>>;
export type OutboxLine = Readonly<{ id: string; topic: string; payload: Payload }>;

const channel = "outbox";

/** Wishes for a job: it is added to the queue once the transaction that `sql` runs in has committed, never otherwise. */
export async function addToOutbox(sql: Sql, topic: string, payload: Payload): Promise<void> {
  await sql.insert(outbox).values({ topic, payload });
  // Delivered on commit, so the dispatcher wakes when there is something to see.
  await sql.execute(raw`select pg_notify(${channel}, '')`);
}

type Needs = Readonly<{
  database: Database;
  databaseUrl: string;
  /** What this version has jobs for; lines of other topics wait for a version that knows them. */
  topics: readonly string[];
  /** Puts lines into their queues; throws when the queue does not answer. May see a line twice. */
  add(lines: readonly OutboxLine[]): Promise<void>;
  onError(error: unknown): void;
}>;

const batchSize = 200;
const pollMs = 1_000;

/**
 * Moves committed lines into the queues, woken by NOTIFY and at least every second. Any number may run: each line is
 * taken by one at a time. A line is removed after its job was added, so a crash between the two adds the job twice.
 */
export function startDispatcher(needs: Needs): { close(): Promise<void> } {
  let isOpen = true;
  let wake = Promise.withResolvers<void>();
  const listener = listen({
    ...needs,
    channel,
    name: "trading-outbox",
    onNotify: () => wake.resolve(),
    onListening: () => wake.resolve(),
  });
  const running = (async () => {
    while (isOpen) {
      wake = Promise.withResolvers<void>();
      const moved = await moveBatch(needs).catch((error) => {
        needs.onError(error);
        return 0;
      });
      if (moved < batchSize) await Promise.race([wake.promise, pause(pollMs, wake)]);
    }
  })();
  return {
    async close() {
      isOpen = false;
      wake.resolve();
      await running;
      await listener.close();
    },
  };
}

/** Hands one batch of lines to the queue; tells how many. */
export async function moveBatch({
  database,
  topics,
  add,
}: Pick<Needs, "database" | "topics" | "add">): Promise<number> {
  return database.db.transaction(async (transaction) => {
    const lines = await transaction
      .select({ id: outbox.id, topic: outbox.topic, payload: outbox.payload })
      .from(outbox)
      .where(inArray(outbox.topic, [...topics]))
      .orderBy(outbox.id)
      .limit(batchSize)
      .for("update", { skipLocked: true });
    if (lines.length === 0) return 0;
    await add(lines.map((line) => ({ ...line, id: String(line.id) })));
    await transaction
      .delete(outbox)
      .where(raw`${outbox.id} = any(${raw.param(lines.map((line) => String(line.id)))}::bigint[])`);
    return lines.length;
  });
}

function pause(ms: number, wake: PromiseWithResolvers<void>): Promise<void> {
  const timer = setTimeout(wake.resolve, ms);
  return wake.promise.finally(() => clearTimeout(timer));
}
