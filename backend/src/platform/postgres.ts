import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { PgTransaction } from "drizzle-orm/pg-core";
import pg from "pg";
import { PlatformError } from "./errors.ts";

/** One pool of connections and the query builder over it. */
export type Database = Readonly<{
  pool: pg.Pool;
  db: NodePgDatabase;
  close(): Promise<void>;
}>;

/** What a query runs in. */
type Transaction = Parameters<Parameters<NodePgDatabase["transaction"]>[0]>[0];
export type Sql = NodePgDatabase | Transaction;

type PoolSettings = Readonly<{ max?: number; onError?: (error: Error) => void }>;

/** Column names are snake_case in the database, camelCase in the code. */
export const casing = "snake_case" as const;

/**
 * Opens a pool; it connects when first used. A connection that dies while idle is dropped and replaced, and told to
 * `onError`; statements are cut after 30 s so that a stuck one cannot hold the pool.
 */
export function openDatabase(url: string, { max = 10, onError }: PoolSettings = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    application_name: "trading",
  });
  pool.on("error", (error) => onError?.(error));
  // A client in use when the server goes down emits too; its query rejects, which is where it is handled.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return { pool, db: drizzle(pool, { casing }), close: () => pool.end() };
}

const attemptsMax = 4;

/**
 * Runs `work` in one transaction: all of it is committed, or nothing. Where transactions wait for each other in a circle
 * the database undoes one: it is run anew, so `work` may change nothing but the database. Throws `conflict` when that
 * happened time and again.
 */
export async function inTransaction<Result>(
  db: Sql,
  work: (transaction: Sql) => Promise<Result>,
): Promise<Result> {
  // A part of a transaction holds its locks, so that only the whole can be run anew.
  const attempts = db instanceof PgTransaction ? 1 : attemptsMax;
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (!codes(error).includes(deadlockDetected)) throw error;
      if (attempt === attempts) throw attempts === 1 ? error : busy();
    }
  }
}

const deadlockDetected = "40P01";

const busy = () =>
  new PlatformError("conflict", "Somebody else is changing this at the moment. Try again.");

/**
 * Why the database could not be used at all, in one sentence; null when the error is about something else. Drivers
 * hide it in causes; of the URL, which holds a password, only the place is told.
 */
export function connectionProblem(error: unknown, url: string | null): string | null {
  const code = codes(error).find((name) => Object.hasOwn(connectionTroubles, name));
  if (code === undefined) return null;
  const place = url === null ? "" : ` at ${new URL(url).host}${new URL(url).pathname}`;
  return `PostgreSQL${place} ${connectionTroubles[code]} (${code}).`;
}

const connectionTroubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: "does not listen: start it, or correct DATABASE_URL",
  ENOTFOUND: "has a name that cannot be resolved: correct DATABASE_URL",
  EAI_AGAIN: "has a name that cannot be resolved: correct DATABASE_URL",
  ETIMEDOUT: "does not answer: look at the network and its firewall",
  ECONNRESET: "ended the connection: look at its log",
  "28P01": "refuses the password: correct DATABASE_URL",
  "28000": "refuses the user: correct DATABASE_URL",
  "3D000": "does not exist: create that database",
  "57P03": "is starting up or going down: try again in a moment",
};

/** The codes of an error and of everything that caused it. */
function codes(error: unknown): string[] {
  if (typeof error !== "object" || error === null) return [];
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const inner = error instanceof AggregateError ? error.errors.flatMap(codes) : [];
  return [...(typeof code === "string" ? [code] : []), ...inner, ...codes(cause)];
}
