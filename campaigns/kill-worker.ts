import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sql as raw } from "drizzle-orm";
import { type Platform, pause, seeded, startPlatform, until } from "./support/platform.ts";

/**
 * Kills the worker with SIGKILL at random moments during backtests and starts another at once. Every backtest must
 * end with the fingerprint of an undisturbed run, and no strategy host may outlive its worker.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    redis: { type: "string" },
  },
});
const kills = Number(values.kills);
const random = seeded(Number(values.seed));
const candles = 20_000;
const effort = 3_000;
const kinds = [3, 5, 8, 13];
const inQueue = 4;

const platform = await startPlatform(candles, values.redis ? { REDIS_URL: values.redis } : {});
const failures = await campaign(platform);
process.exitCode = failures === 0 ? 0 : 1;
await platform.close();

async function campaign({ database, addUser, ask, startWorker }: Platform): Promise<number> {
  let worker = await startWorker();
  const userId = await addUser();
  const undisturbed = new Map<number, string>();
  let runMs = 0;
  for (const fast of kinds) {
    const id = await ask(userId, effort, fast);
    const began = Date.now();
    await until(() => isEnded([id]), 120_000, "an undisturbed run");
    runMs = Math.max(runMs, Date.now() - began);
    undisturbed.set(fast, (await rowsOf([id]))[0]?.fingerprint ?? "none");
  }

  const asked = new Map<string, number>();
  const backAfterMs: number[] = [];
  let orphans = 0;
  for (let kill = 0; kill < kills; kill++) {
    while ((await countOpen()) < inQueue) {
      const fast = kinds[Math.floor(random() * kinds.length)] ?? 3;
      asked.set(await ask(userId, effort, fast), fast);
    }
    await until(async () => (await running()).length > 0, 30_000, "a backtest runs");
    await pause(random() * runMs);
    // Between two backtests nothing would be proven.
    await until(async () => (await running()).length > 0, 30_000, "a backtest runs");
    const hit = await running();
    const hosts = childrenOf(worker.pid ?? 0);
    const killedAt = Date.now();
    worker.kill("SIGKILL");
    const starting = startWorker();
    await until(
      async () => !(await running()).some((one) => isSame(one, hit)),
      30_000,
      "the backtests are taken back",
    );
    backAfterMs.push(Date.now() - killedAt);
    worker = await starting;
    orphans += hosts.filter(isAlive).length;
    process.stdout.write(
      `kill ${kill + 1}: ${hit.length} running, back in the queue after ${backAfterMs.at(-1)} ms\n`,
    );
  }
  await until(() => isEnded([...asked.keys()]), 300_000, "all backtests end");

  const rows = await rowsOf([...asked.keys()]);
  const wrong = rows.filter((row) => row.fingerprint !== undisturbed.get(asked.get(row.id) ?? 0));
  for (const { id, status, fingerprint } of wrong)
    process.stdout.write(`wrong: ${id} ended as ${status} with ${fingerprint}\n`);
  const again = rows.filter((row) => row.attempt > 1).length;
  process.stdout.write(
    `\nseed ${values.seed}, ${values.redis ? "Redis" : "PostgreSQL"} carries the jobs: ${kills} kills, ${rows.length} backtests of ${runMs} ms, ` +
      `${again} begun again (at most ${Math.max(...rows.map((row) => row.attempt))} times), back in the queue after at most ${Math.max(...backAfterMs)} ms, ` +
      `${wrong.length} wrong fingerprints, ${orphans} orphaned hosts\n`,
  );
  return wrong.length + orphans;

  type Running = { id: string; attempt: number };
  async function running(): Promise<Running[]> {
    const { rows } = await database.db.execute<Running>(
      raw`select id, attempt from backtests where status = 'running'`,
    );
    return rows;
  }
  async function countOpen(): Promise<number> {
    const { rows } = await database.db.execute<{ open: number }>(
      raw`select count(*)::int as open from backtests where status in ('queued', 'running')`,
    );
    return rows[0]?.open ?? 0;
  }
  async function rowsOf(ids: string[]) {
    type Row = { id: string; status: string; fingerprint: string | null; attempt: number };
    const list = raw.param(ids);
    const { rows } = await database.db.execute<Row>(
      raw`select id, status, fingerprint, attempt from backtests where id = any(${list}::uuid[])`,
    );
    return rows;
  }
  async function isEnded(ids: string[]): Promise<boolean> {
    return (await rowsOf(ids)).every((row) => !["queued", "running"].includes(row.status));
  }
}

type Try = Readonly<{ id: string; attempt: number }>;

function isSame(one: Try, among: readonly Try[]): boolean {
  return among.some((other) => other.id === one.id && other.attempt === one.attempt);
}

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return list
    .split(" ")
    .filter((one) => one !== "")
    .map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
