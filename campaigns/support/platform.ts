import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runSettings } from "@trading/contracts/run-settings";
import { createAccountStore } from "../../backend/src/accounts/store.ts";
import { type BacktestStore, createBacktestStore } from "../../backend/src/backtests/store.ts";
import { writeCandles } from "../../backend/src/market-data/candle-store.ts";
import { findOrMakeSeries } from "../../backend/src/market-data/series-store.ts";
import { newId } from "../../backend/src/platform/ids.ts";
import { type Database, openDatabase } from "../../backend/src/platform/postgres.ts";
import { createStrategyStore } from "../../backend/src/strategies/store.ts";
import { wanderingCandles } from "../../backend/test/support/strategy-files.ts";
import { startDatabase } from "./database.ts";
import { campaignStops } from "./stops.ts";

/** A real database with candles and a strategy whose runs take as long as wished, and real worker processes on it. */
export type Platform = Readonly<{
  database: Database;
  addUser(): Promise<string>;
  /** Queues one backtest; equal `effort` and `fast` must give equal fingerprints. */
  ask(userId: string, effort: number, fast: number): Promise<string>;
  startWorker(): Promise<ChildProcess>;
  close(): Promise<void>;
}>;

const root = join(import.meta.dirname, "../..");

/** One candle costs `effort` square roots. */
const laborious = `
import { defineStrategy, integer, sma } from "@trading/engine";
export default defineStrategy({
  name: "laborious", title: "Laborious", description: "Thinks long about every candle.", category: "test", risk: "low",
  timeframes: ["1h"], documentation: "Made for campaigns.",
  parameters: {
    effort: integer({ label: "Effort", help: "Square roots per candle.", default: 1, min: 0, max: 1_000_000, step: 1 }),
    fast: integer({ label: "Fast", help: "A length.", default: 5, min: 1, max: 500, step: 1 }),
  },
  indicators: ({ fast }) => ({ fast: sma(fast), slow: sma(fast * 4) }),
  onCandle(context) {
    let sum = 0;
    for (let i = 0; i < context.parameters.effort; i++) sum += Math.sqrt(i + context.close);
    const isAbove = context.indicators.fast.value > context.indicators.slow.value && sum >= 0;
    if (isAbove && context.position.quantity === 0) context.market({ side: "buy", share: 1 });
    if (!isAbove && context.position.quantity > 0) context.exit();
  },
});
`;

export async function startPlatform(
  candles: number,
  env: NodeJS.ProcessEnv = {},
): Promise<Platform> {
  const stops = campaignStops();
  const { dir, url } = await startDatabase(stops);
  const database = openDatabase(url, { max: 5 });
  stops.add("connection", database.close);
  const strategiesDir = join(dir, "strategies");
  mkdirSync(strategiesDir);
  writeFileSync(join(strategiesDir, "laborious.ts"), laborious);
  const seriesId = await makeSeries(database, candles);
  const backtests = createBacktestStore(database.db);
  const workers = new Set<ChildProcess>();
  let isClosing = false;
  stops.add("workers", () => {
    isClosing = true;
    for (const worker of workers) worker.kill("SIGKILL");
  });

  return {
    database,
    async addUser() {
      const name = `user-${newId().slice(-12)}`;
      const identity = {
        name,
        email: `${name}@example.com`,
        passwordHash: null,
        role: "user" as const,
      };
      return (await createAccountStore(database.db).create(identity)).id;
    },
    ask: (userId, effort, fast) => ask(database, backtests, { userId, seriesId, effort, fast }),
    async startWorker() {
      const worker = spawn(process.execPath, [join(root, "backend/src/worker.ts")], {
        cwd: root,
        stdio: ["ignore", 2, 2, "ipc"],
        env: {
          PATH: process.env.PATH,
          DATABASE_URL: url,
          API_ENCRYPTION_KEY: "an-encryption-key-for-campaigns-01234",
          DATA_DIR: join(dir, "data"),
          STRATEGIES_DIR: strategiesDir,
          LOG_LEVEL: "error",
          // A busy machine is not what is tried here.
          BACKTEST_TIMEOUT_SECONDS: "600",
          ...env,
        },
      });
      workers.add(worker);
      worker.once("exit", () => workers.delete(worker));
      await new Promise<void>((resolve, reject) => {
        worker.once("message", () => resolve());
        worker.once("exit", (code, signal) => {
          if (!isClosing) reject(new Error(`a worker ended while it started: ${signal ?? code}`));
        });
      });
      return worker;
    },
    close: stops.run,
  };
}

async function makeSeries({ db }: Database, rows: number): Promise<string> {
  const identity = { symbol: "BTC/USDT", base: "BTC", quote: "USDT", timeframe: "1h" } as const;
  return db.transaction(async (sql) => {
    const id = await findOrMakeSeries(sql, { ...identity, source: "synthetic" });
    await writeCandles(sql, id, wanderingCandles(rows));
    return id;
  });
}

/** A worker is ready before it has read strategies that are new to it; they follow within seconds. */
async function readStrategy(store: ReturnType<typeof createStrategyStore>) {
  for (let tries = 0; tries < 300; tries++) {
    const strategy = await store.findByName("laborious");
    if (strategy !== null) return strategy;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the worker has not read the strategies in 30 s");
}

type Asked = Readonly<{ userId: string; seriesId: string; effort: number; fast: number }>;

async function ask(
  { db }: Database,
  backtests: BacktestStore,
  { userId, seriesId, effort, fast }: Asked,
): Promise<string> {
  const strategy = await readStrategy(createStrategyStore(db));
  return backtests.create(userId, {
    title: `effort ${effort}, fast ${fast}`,
    strategy: strategy.name,
    strategyTitle: strategy.title,
    version: strategy.version,
    parameters: { effort, fast },
    candles: { kind: "series", seriesId },
    symbol: "BTC/USDT",
    exchange: null,
    source: "synthetic",
    quote: "USDT",
    timeframe: "1h",
    settings: runSettings.parse({ capital: 10_000, makerFee: 0.001, takerFee: 0.001 }),
    fromAt: null,
    toAt: null,
    expectedFingerprint: null,
  });
}

/** Resolves when `isTrue` says so; throws when it did not within the time. */
export async function until(
  isTrue: () => Promise<boolean>,
  withinMs: number,
  what: string,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(50);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Numbers from 0 to 1 that a seed fixes (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
