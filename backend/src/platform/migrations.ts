import { fileURLToPath } from "node:url";
import { sql as raw } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { ConfigError } from "../config.ts";
import { casing, type Sql } from "./postgres.ts";
import { servedVersions } from "./schema.ts";
import { version } from "./version.ts";

const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));
const migrationsSchema = "drizzle";
/** Any number of our own: whoever holds it may migrate. */
const migrationLock = 7_302_001;

/** Applies the migrations that are missing. Any number of processes may call it at once: one works, the others wait. */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "trading-migrate" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await applyMigrations(drizzle(client, { casing }), { migrationsFolder, migrationsSchema });
  } finally {
    await client.end();
  }
}

export type MigrationState = Readonly<{
  /** How many migrations of this version the database lacks. */
  missing: number;
  /** How many it has that this version does not know. */
  unknown: number;
  /** The oldest version that may serve it, as the database says; null where it says nothing yet. */
  oldestVersion: string | null;
}>;

/** What a database has of this version's migrations, and beyond them. */
export async function migrationState(db: Sql): Promise<MigrationState> {
  const known = readMigrationFiles({ migrationsFolder }).map((migration) => migration.hash);
  const found = await db.execute<{ migrations: boolean; versions: boolean }>(
    raw`select to_regclass('drizzle.__drizzle_migrations') is not null as migrations,
      to_regclass('served_versions') is not null as versions`,
  );
  if (found.rows[0]?.migrations !== true)
    return { missing: known.length, unknown: 0, oldestVersion: null };
  const applied = await db.execute<{ hash: string }>(
    raw`select hash from drizzle.__drizzle_migrations`,
  );
  const there = new Set(applied.rows.map((row) => row.hash));
  const named = found.rows[0].versions ? await db.select().from(servedVersions) : [];
  return {
    missing: known.filter((hash) => !there.has(hash)).length,
    unknown: [...there].filter((hash) => !known.includes(hash)).length,
    oldestVersion:
      named
        .map((row) => row.oldest)
        .toSorted(byVersion)
        .at(-1) ?? null,
  };
}

/** That a newer version has migrated the database, in a clause; null when none has. */
export function newerVersion({ unknown, oldestVersion }: MigrationState): string | null {
  if (unknown === 0) return null;
  const isTooOld = oldestVersion !== null && byVersion(version, oldestVersion) < 0;
  const oldest = isTooOld ? `; ${oldestVersion} is the oldest that may serve it` : "";
  return `was written by a newer version of the platform than ${version}${oldest}`;
}

/**
 * Throws `ConfigError` where the database names a version above this one as the oldest that may serve it. Migrations that
 * only add leave the versions before them at work, so that processes can be replaced one after the other.
 */
export async function requireServed(db: Sql): Promise<void> {
  const state = await migrationState(db);
  const { oldestVersion } = state;
  if (oldestVersion === null || byVersion(version, oldestVersion) >= 0) return;
  throw new ConfigError([
    `DATABASE_URL names a database that ${newerVersion(state) ?? `needs ${oldestVersion} or newer`}`,
  ]);
}

/** Negative where `a` is the older one. */
function byVersion(a: string, b: string): number {
  const [left = [], right = []] = [a, b].map((text) => text.split(/[.-]/, 3).map(Number));
  const differing = left.findIndex((part, place) => part !== right[place]);
  return differing < 0 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}
