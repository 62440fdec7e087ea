import { join } from "node:path";
import { Redis } from "ioredis";
import type { Confirmations } from "./accounts/confirmations.ts";
import { createPermissions } from "./accounts/permissions.ts";
import { wireAccounts } from "./accounts-wiring.ts";
import { createAdmin } from "./admin/admin.ts";
import { createAgreements } from "./admin/agreements.ts";
import { createLogos } from "./admin/logo.ts";
import { createSite, siteDefaults } from "./admin/site.ts";
import type { CandleCatalogue } from "./backtests/candle-source.ts";
import { comparisonRoutes } from "./backtests/comparison-routes.ts";
import { createComparisonStore } from "./backtests/comparison-store.ts";
import { resultRoutes } from "./backtests/result-routes.ts";
import { backtestRoutes } from "./backtests/routes.ts";
import { type BacktestStore, createBacktestStore } from "./backtests/store.ts";
import { type Config, rootDir } from "./config.ts";
import { exchangeAccountsOf } from "./exchange-accounts-wiring.ts";
import { mailboxRoutes } from "./mail/routes.ts";
import { liveMarketRoutes } from "./market-data/live-routes.ts";
import { marketDataRoutes } from "./market-data/routes.ts";
import { createMarketData, type MarketData } from "./market-data/store.ts";
import { createEnvelope, keysFromSecrets } from "./platform/envelope.ts";
import { eventRoutes } from "./platform/event-routes.ts";
import { openEventListener } from "./platform/events.ts";
import { type Heartbeat, startHeartbeat } from "./platform/heartbeat.ts";
import { buildHttp, type Http } from "./platform/http.ts";
import type { Log } from "./platform/log.ts";
import { registerPages } from "./platform/pages.ts";
import { type Database, openDatabase, type Sql } from "./platform/postgres.ts";
import { registerSecurityText } from "./platform/security-text.ts";
import { systemRoutes } from "./platform/system-routes.ts";
import { version } from "./platform/version.ts";
import { strategyRoutes } from "./strategies/routes.ts";
import { createStrategyStore, type StrategyStore } from "./strategies/store.ts";
import { telegramRoutes } from "./telegram/routes.ts";
import { chatTeller } from "./telegram-wiring.ts";
import { requireUsable } from "./usable-database.ts";

export type Web = Readonly<{
  app: Http;
  /** The link that makes the first operator; null when there is one already. */
  offerSetupLink(): Promise<string | null>;
  /** Tells operators from now on that this process lives. */
  showLife(): void;
  /** Answers what is under way, takes nothing new, and lets go of database and Redis. */
  close(): Promise<void>;
}>;

/** Puts the web process together: configuration, database, stores, routes. It does not listen yet. */
export async function buildWeb(config: Config, log: Log): Promise<Web> {
  const onError = (error: unknown) => log.error({ err: error }, "a connection failed");
  const database = openDatabase(config.databaseUrl, { max: config.databasePoolMax, onError });
  const envelope = createEnvelope(keysFromSecrets(config.apiEncryptionKeys));
  await requireUsable(database, envelope);
  const events = openEventListener({ databaseUrl: config.databaseUrl, onError });
  const redis = openRedis(config.redisUrl, onError);

  const site = createSite({ sql: database.db, defaults: siteDefaults(config) });
  const logos = createLogos(database.db);
  const agreements = createAgreements(database.db);
  const accounts = wireAccounts({
    ...{ ...site, config, sql: database.db, envelope, events, agreements },
  });

  const marketData = createMarketData({ ...config, database, onError });
  const { markets, series } = marketData;

  const strategies = createStrategyStore(database.db);
  const backtests = createBacktestStore(database.db);
  const candles = {
    findSeries: series.find,
    findExchange: markets.findExchange,
    findMarket: markets.find,
  };

  const { authentication, countryObstacle } = accounts;
  const permissions = createPermissions({ ...site, countryObstacle });
  const { siteName } = site;
  const app = await buildHttp({
    ...{ config, log, version, siteName, authentication, permissions, redis },
  });
  const api = { prefix: "/api/v1" };
  const needed = { ...site, ...series, logoVersion: logos.version };
  await app.register(systemRoutes({ ...needed, config, version, database, redis }), api);
  await app.register(eventRoutes({ events, isLive: authentication.isLive }), api);
  await app.register(accounts.routes, api);
  const { confirmations } = accounts;
  const keyed = { ...accounts, ...site, config, sql: database.db, envelope };
  await app.register(exchangeAccountsOf(keyed), { prefix: "/api/v1/exchange-accounts" });
  const isOffered = config.telegram !== null;
  const tellChat = chatTeller(accounts.post);
  const tellUnlinked = (sql: Sql, userId: string) => tellChat(sql, userId, "telegram-unlinked");
  const chats = { sql: database.db, confirmations, isOffered, tellUnlinked };
  await app.register(telegramRoutes(chats), api);
  registerSecurityText(app, config);
  const researched = { strategies, candles, markets, series: marketData.series };
  const admin = createAdmin({
    ...{ ...accounts, ...researched, sql: database.db, config, site, logos },
  });
  await app.register(admin.routes, api);
  if (config.environment === "development" && config.mail === null) {
    await app.register(mailboxRoutes({ sql: database.db }), { prefix: "/api/v1/mailbox" });
  }
  const { notice } = site;
  const worked = { marketData, strategies, backtests, candles };
  const research = { config, database, confirmations, notice, ...worked };
  await mountResearch(app, research);
  await registerPages(app, join(rootDir, "frontend/dist"));
  await app.ready();

  let heartbeat: Heartbeat | undefined;
  return {
    app,
    showLife() {
      heartbeat ??= startHeartbeat({ database, kind: "web", queues: [], onError });
    },
    offerSetupLink: admin.offerSetupLink,
    async close() {
      await app.close();
      await heartbeat?.close();
      await events.close();
      await database.close();
      redis?.disconnect();
    },
  };
}

type Research = Readonly<{
  config: Config;
  database: Database;
  confirmations: Confirmations;
  marketData: MarketData;
  strategies: StrategyStore;
  backtests: BacktestStore;
  candles: CandleCatalogue;
  notice(): Promise<string>;
}>;

/** Candles, strategies and backtests: what users work with. */
async function mountResearch(app: Http, parts: Research): Promise<void> {
  const { config, database, confirmations, marketData, strategies, backtests, candles, notice } =
    parts;
  const { environment, simulatorUrl, simulatorToken } = config;
  const simulated = { environment, simulatorUrl, simulatorToken };
  await app.register(marketDataRoutes({ ...marketData, ...simulated, confirmations }), {
    prefix: "/api/v1",
  });
  await app.register(liveMarketRoutes(marketData), { prefix: "/api/v1/exchanges" });
  await app.register(strategyRoutes({ strategies }), { prefix: "/api/v1/strategies" });
  const ofBacktests = { prefix: "/api/v1/backtests" };
  await app.register(backtestRoutes({ backtests, strategies, candles }), ofBacktests);
  await app.register(resultRoutes({ backtests, strategies, notice }), ofBacktests);
  await app.register(
    comparisonRoutes({ comparisons: createComparisonStore(database.db), backtests }),
    { prefix: "/api/v1/comparisons" },
  );
}

function openRedis(url: string | null, onError: (error: unknown) => void): Redis | null {
  if (url === null) return null;
  // No request waits for a Redis that is away: what needs it is told at once and does without.
  const settings = { maxRetriesPerRequest: 1, connectTimeout: 2_000, enableOfflineQueue: false };
  const redis = new Redis(url, settings);
  redis.on("error", onError);
  return redis;
}
