import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { type Database, openDatabase } from "../../src/platform/postgres.ts";
import { databaseUrl, query } from "./global-setup.ts";
import { elsewhere } from "./lone-connections.ts";

export type TestDatabase = Database &
  Readonly<{
    url: string;
    /** How many wait for a lock at this moment. */
    waiting(): Promise<number | null>;
  }>;

/**
 * A fresh, migrated database for one test file, cloned from the template. `close` drops it: call it in `afterAll`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject("postgresUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await query(server, `create database ${name} template ${inject("templateDatabase")}`);
  const url = databaseUrl(server, name);
  const database = openDatabase(url);
  return {
    ...database,
    url,
    waiting: () => elsewhere(async () => (await database.pool.query(whoWaits)).rowCount),
    close: async () => {
      await database.close();
      await query(server, `drop database if exists ${name} with (force)`);
    },
  };
}

const whoWaits =
  "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

/** Files run at the same time, and what one leaves in Redis would be the other's work: each has its own database. */
const redisDatabases = {
  outbox: 1,
  backtests: 2,
  mail: 3,
  signingIn: 4,
  operator: 5,
  apiTokens: 6,
  exchangeAccounts: 7,
} as const;

/** The Redis of the run; empty where none is installed. */
export function testRedisUrl(file: keyof typeof redisDatabases): string {
  const server = inject("redisUrl");
  return server === "" ? "" : `${server}/${redisDatabases[file]}`;
}
