import { parseArgs } from "node:util";
import { sql as raw } from "drizzle-orm";
import { startPlatform, until } from "./support/platform.ts";

/** One user queues many backtests, then another queues one: it must start within 2 s. */
const { values } = parseArgs({
  options: {
    queued: { type: "string", default: "1000" },
    rounds: { type: "string", default: "5" },
    redis: { type: "string" },
  },
});
const startWithinMs = 2_000;

const platform = await startPlatform(20_000, values.redis ? { REDIS_URL: values.redis } : {});
const { database, addUser, ask, startWorker } = platform;
const worker = await startWorker();
let slowest = 0;
for (const [what, effort] of [
  ["short", 0],
  ["long", 20_000],
] as const) {
  const greedy = await addUser();
  const began = Date.now();
  for (let i = 0; i < Number(values.queued); i++) await ask(greedy, effort, 5);
  const askedMs = Date.now() - began;
  for (let round = 0; round < Number(values.rounds); round++) {
    const id = await ask(await addUser(), 0, 3);
    const startedMs = await startOf(id);
    slowest = Math.max(slowest, startedMs);
    process.stdout.write(
      `${what} backtests, ${await waiting()} in the queue (asked for in ${askedMs} ms): the other user's started after ${startedMs} ms\n`,
    );
  }
  await database.db.execute(raw`delete from backtests`);
}
worker.kill("SIGTERM");
process.stdout.write(`slowest start ${slowest} ms, allowed ${startWithinMs} ms\n`);
process.exitCode = slowest <= startWithinMs ? 0 : 1;
await platform.close();

async function startOf(id: string): Promise<number> {
  let startedMs: number | null = null;
  await until(
    async () => {
      const { rows } = await platform.database.db.execute<{ ms: number | null }>(
        raw`select (extract(epoch from started_at - created_at) * 1000)::int as ms from backtests where id = ${id}`,
      );
      startedMs = rows[0]?.ms ?? null;
      return startedMs !== null;
    },
    120_000,
    "the backtest starts",
  );
  return startedMs ?? Number.POSITIVE_INFINITY;
}

async function waiting(): Promise<number> {
  const { rows } = await platform.database.db.execute<{ waiting: number }>(
    raw`select count(*)::int as waiting from backtests where status = 'queued'`,
  );
  return rows[0]?.waiting ?? 0;
}
