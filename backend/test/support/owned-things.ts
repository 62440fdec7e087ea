import { zstdCompressSync } from "node:zlib";
import { runSettings } from "@trading/contracts/run-settings";
import { createApiTokens } from "../../src/accounts/api-tokens.ts";
import { passkeys } from "../../src/accounts/schema.ts";
import { createSessions } from "../../src/accounts/sessions.ts";
import { createAccountStore } from "../../src/accounts/store.ts";
import { backtestResults, backtests, comparisons } from "../../src/backtests/schema.ts";
import { exchangeAccounts } from "../../src/exchange-accounts/schema.ts";
import { columnsFromRows } from "../../src/market-data/columns.ts";
import { importCandles } from "../../src/market-data/series-store.ts";
import { createTaskStore } from "../../src/market-data/task-store.ts";
import { newId } from "../../src/platform/ids.ts";
import type { Sql } from "../../src/platform/postgres.ts";
import { strategyVersions } from "../../src/strategies/schema.ts";
import type { SignedInUser, TestApp } from "./app.ts";

/** What belongs to somebody, by what it is. */
export type Kind =
  | "series"
  | "task"
  | "backtest"
  | "comparison"
  | "session"
  | "passkey"
  | "token"
  | "account";

export const apiTokensOf = (db: Sql) => createApiTokens({ sql: db, post: async () => undefined });

/** One of everything that has an owner. */
export async function makeThings(
  { database }: TestApp,
  user: SignedInUser,
): Promise<Record<Kind, string>> {
  const { db } = database;
  const userId = user.id;
  const version = "0".repeat(64);
  const manifest = {
    name: "matrix",
    title: "Matrix",
    description: "",
    category: "test",
    risk: "low" as const,
    timeframes: [],
    parameters: {},
    documentation: "",
  };
  await db
    .insert(strategyVersions)
    .values({ version, name: "matrix", code: "", map: "", source: "", manifest })
    .onConflictDoNothing();
  const candles = columnsFromRows(
    Array.from({ length: 48 }, (_, i) => [1.7e12 - (1.7e12 % 3.6e6) + i * 3.6e6, 1, 2, 1, 2, 5]),
  );
  const identity = {
    source: "upload" as const,
    ownerId: userId,
    symbol: "BTC/USDT",
    base: "BTC",
    quote: "USDT",
    timeframe: "1h" as const,
  };
  const { seriesId } = await importCandles(database, identity, candles, 0, 1e9);
  const task = await createTaskStore({ database }).add(userId, "import", {
    kind: "import",
    request: { symbol: "BTC/USDT", badLines: "refuse", fileName: "x.csv", bytes: 1 },
  });
  const backtestId = newId();
  await db.insert(backtests).values({
    ...{
      id: backtestId,
      userId,
      title: "Private title",
      status: "done",
      strategy: "matrix",
      strategyTitle: "Matrix",
      version,
    },
    ...{
      parameters: {},
      candles: { kind: "series", seriesId },
      symbol: "BTC/USDT",
      source: "upload",
      quote: "USDT",
      timeframe: "1h",
    },
    settings: runSettings.parse({ capital: 10_000, makerFee: 0, takerFee: 0 }),
  });
  const none = zstdCompressSync("[]");
  await db
    .insert(backtestResults)
    .values({ backtestId, result: resultOf(seriesId), trades: none, fills: none });
  const comparisonId = newId();
  await db
    .insert(comparisons)
    .values({ id: comparisonId, userId, title: "Private", backtestIds: [backtestId, backtestId] });
  const owner = await createAccountStore(db).find(userId);
  if (owner === null) throw new Error("nobody is there");
  const { sessionId } = await createSessions(db).open(owner, "link", {
    address: "127.0.0.1",
    device: "test",
  });
  const passkeyId = newId();
  await db.insert(passkeys).values({
    ...{ id: passkeyId, userId, name: "x", isSynced: false, counter: 0 },
    ...{ credentialId: passkeyId, publicKey: "x" },
  });
  const wish = { name: "x", scopes: ["read" as const], networks: [], days: 1 };
  const { apiToken } = await apiTokensOf(db).make(user, wish);
  const accountId = newId();
  await db.insert(exchangeAccounts).values({
    ...{ id: accountId, userId, exchange: "binance", label: "x", keyMark: "x", keyEnd: "xxxx" },
    ...{ state: "works", permissions: mayRead },
  });
  return {
    ...{ passkey: passkeyId, token: apiToken.id, account: accountId },
    ...{ series: seriesId, task: task.id, backtest: backtestId, comparison: comparisonId },
    session: sessionId,
  };
}

const mayRead = {
  ...{ read: true, spot: false, futures: false, withdraw: false },
  ...{ isIpRestricted: true, tradingEndsAt: null },
};

const resultOf = (seriesId: string) => ({
  ...{
    fingerprint: "f",
    engineVersion: "1",
    metrics: {},
    metricReasons: {},
    benchmark: {},
    trades: 0,
    tradesTouchingGaps: 0,
  },
  ...{ rejectedOrders: {}, ambiguousCandles: 0, warmup: 0, elapsedMs: 1 },
  curve: { time: [], equity: [], drawdown: [], benchmark: [] },
  data: {
    ...{
      seriesId,
      source: "upload" as const,
      exchange: null,
      symbol: "BTC/USDT",
      base: "BTC",
      quote: "USDT",
      timeframe: "1h" as const,
    },
    ...{
      rows: 48,
      first: "2023-11-14T00:00:00.000Z",
      last: "2023-11-16T00:00:00.000Z",
      gaps: 0,
      missing: 0,
      impossible: 0,
      jumps: 0,
      revision: "r",
    },
  },
});
