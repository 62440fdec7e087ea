import { join } from "node:path";
import { answerResetRequests } from "./accounts/answer-reset-requests.job.ts";
import { eraseAccounts } from "./accounts/erase-accounts.job.ts";
import { createSite, siteDefaults } from "./admin/site.ts";
import { createBacktestQueue, silenceMs } from "./backtests/queue.ts";
import { requeueBacktests } from "./backtests/requeue-backtests.job.ts";
import { type BacktestRunner, createBacktestRunner } from "./backtests/run-backtest.job.ts";
import { rootDir, type WorkerConfig } from "./config.ts";
import { exchangeAccountJobs } from "./exchange-accounts-wiring.ts";
import { createCarrier } from "./mail/carrier.ts";
import { createMailQueue } from "./mail/mail-queue.ts";
import { createPost } from "./mail/post.ts";
import { sendMails } from "./mail/send-mails.job.ts";
import { dataRevision } from "./market-data/data-revision.ts";
import { createMarketData, type MarketData } from "./market-data/store.ts";
import { createEnvelope, type Envelope, keysFromSecrets } from "./platform/envelope.ts";
import { publish } from "./platform/events.ts";
import { startHeartbeat } from "./platform/heartbeat.ts";
import { newId } from "./platform/ids.ts";
import { type Job, type QueueName, queueNames, startJobs } from "./platform/jobs.ts";
import type { Log } from "./platform/log.ts";
import { addToOutbox, startDispatcher } from "./platform/outbox.ts";
import { type Database, openDatabase } from "./platform/postgres.ts";
import { startQueueReport } from "./platform/queue-report.ts";
import { createStrategyHost, defaultHostLimits } from "./strategies/host-client.ts";
import { createHostPool, type HostPool } from "./strategies/host-pool.ts";
import { watchStrategies } from "./strategies/registry.ts";
import { createStrategyStore } from "./strategies/store.ts";
import { telegramJobs } from "./telegram-wiring.ts";
import { requireUsable } from "./usable-database.ts";

export type Worker = Readonly<{
  /** Resolves when every file of strategies has been looked at once. */
  strategiesScanned: Promise<void>;
  /** Takes nothing new, lets running work end until the deadline, gives the rest back to the queue. */
  close(deadlineMs: number): Promise<void>;
}>;

type Parts = Readonly<{
  config: WorkerConfig;
  database: Database;
  marketData: MarketData;
  envelope: Envelope;
  onError(error: unknown, job?: string): void;
}>;

/** Puts a worker together and sets it to work. */
export async function startWorker(config: WorkerConfig, log: Log): Promise<Worker> {
  const onError = (error: unknown, job?: string) => log.error({ err: error, job }, "a job failed");
  const max = config.databasePoolMax;
  const database = openDatabase(config.databaseUrl, { max, onError: (error) => onError(error) });
  const marketData = createMarketData({ ...config, database, onError });
  const envelope = createEnvelope(keysFromSecrets(config.apiEncryptionKeys));
  await requireUsable(database, envelope);
  const parts: Parts = { config, database, marketData, envelope, onError };
  const queues = queuesOf(config);

  const hosts = createHostPool(backtestsAtOnce(config), hostLimits(config));
  const runner = backtestRunner(parts, hosts);
  const strategies = queues.includes("backtests") ? strategyWatch(parts) : null;
  const following = queues.includes("market-data") ? marketData.followMarkets() : null;
  const sweep = backtestSweep(parts);
  const mail = mailSender(parts);
  const jobs = await startJobs({
    redisUrl: config.redisUrl,
    databaseUrl: config.databaseUrl,
    jobs: [
      runner.job,
      sweep,
      ...marketData.jobs(),
      mail.job,
      answerResets(parts),
      eraseAccounts({ sql: database.db }),
      ...exchangeAccountJobs({ ...parts, sql: database.db }),
      ...telegramJobs({ ...parts, ...config, sql: database.db }),
    ],
    concurrency: concurrencyOf(config, queues),
    onError,
  });
  const { databaseUrl } = config;
  const dispatcher = startDispatcher({ database, databaseUrl, ...jobs, onError });
  const inheritance = takeInheritance(sweep, onError);
  const heartbeat = startHeartbeat({ database, kind: "worker", queues, onError });
  const report = startQueueReport({ database, countJobs: jobs.countJobs, onError });
  await strategies?.ready;

  return {
    strategiesScanned: strategies?.scanned ?? Promise.resolve(),
    async close(deadlineMs) {
      runner.stop();
      clearTimeout(inheritance);
      await following?.close();
      await report.close();
      await heartbeat.close();
      await dispatcher.close();
      await jobs.close(deadlineMs);
      mail.close();
      await strategies?.close();
      hosts.close();
      await database.close();
    },
  };
}

/** The queues this worker serves; a name that does not exist is a mistake worth stopping for. */
function queuesOf({ workerQueues }: WorkerConfig): QueueName[] {
  const unknown = workerQueues?.filter((name) => !queueNames.some((one) => one === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(
      `WORKER_QUEUES names ${unknown.join(", ")}; there are ${queueNames.join(", ")}.`,
    );
  }
  return queueNames.filter((name) => workerQueues === null || workerQueues.includes(name));
}

/** One more than one user may have, so that there is always a place for the next user. */
const backtestsAtOnce = ({ backtestSlots }: WorkerConfig): number => backtestSlots + 1;

function concurrencyOf(config: WorkerConfig, queues: readonly QueueName[]) {
  const all: Record<QueueName, number> = {
    backtests: backtestsAtOnce(config),
    "market-data": config.workerConcurrency,
    "exchange-keys": config.workerConcurrency,
    mail: 2,
    sweeps: 2,
  };
  return Object.fromEntries(queues.map((name) => [name, all[name]]));
}

const hostLimits = ({ backtestMemoryMb, backtestTimeoutSeconds }: WorkerConfig) => ({
  ...defaultHostLimits,
  memoryMbMax: backtestMemoryMb,
  budgetMs: backtestTimeoutSeconds * 1_000,
});

function backtestRunner(
  { config, database, marketData, onError }: Parts,
  hosts: HostPool,
): BacktestRunner {
  return createBacktestRunner({
    queue: createBacktestQueue(database.db),
    candles: {
      ensureCandles: marketData.ensureCandles,
      findMarket: marketData.markets.find,
      load: marketData.series.loadFor,
      revisionOf: dataRevision,
    },
    strategies: createStrategyStore(database.db),
    hosts,
    publish: (userId, event) => publish(database.db, userId, event),
    workerId: newId(),
    perUserMax: config.backtestSlots,
    onError,
  });
}

function backtestSweep({ database: { db } }: Parts): Job {
  return requeueBacktests({
    queue: createBacktestQueue(db),
    async nudge(times) {
      for (let i = 0; i < times; i++) await addToOutbox(db, "run-backtest", {});
    },
    publish: (userId, event) => publish(db, userId, event),
  });
}

const answerResets = ({ database, envelope }: Parts): Job =>
  answerResetRequests({ sql: database.db, post: createPost(envelope) });

function mailSender({ config, database, envelope, onError }: Parts) {
  const site = createSite({ sql: database.db, defaults: siteDefaults(config) });
  const carrier = config.mail === null ? null : createCarrier(config.mail);
  const job = sendMails({
    mails: createMailQueue(database.db),
    envelope,
    carrier,
    isCatching: config.environment === "development",
    site: async () => {
      const { siteName } = (await site.settings()).values;
      return { siteName, frontendUrl: config.frontendUrl };
    },
    now: Date.now,
    onError: (error) => onError(error, "send-mails"),
  });
  return { job, close: () => carrier?.close() };
}

/**
 * A worker that takes the place of a killed one asks for its backtests as soon as their silence can be told: the
 * killed one may have taken the scheduled sweep with it, and the queue gives that back later.
 */
const takeInheritance = (sweep: Job, onError: Parts["onError"]): NodeJS.Timeout =>
  setTimeout(() => {
    sweep.run({}, AbortSignal.timeout(silenceMs)).catch((error) => onError(error, sweep.name));
  }, silenceMs);

function strategyWatch({ config, database, onError }: Parts) {
  return watchStrategies({
    directory: config.strategiesDir,
    shipped: config.strategiesDir === join(rootDir, "strategies"),
    store: createStrategyStore(database.db),
    host: createStrategyHost(hostLimits(config)),
    onChange: () => publish(database.db, "all", { kind: "strategies", id: "all" }),
    onError,
  });
}
