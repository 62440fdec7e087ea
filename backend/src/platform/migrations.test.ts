import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../test/support/database.ts";
import { migrate, migrationState, newerVersion, requireServed } from "./migrations.ts";
import { version } from "./version.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("eight processes may migrate at once, after which nothing is missing or unknown", async () => {
  await database.pool.query(
    "drop schema public cascade; create schema public; drop schema drizzle cascade",
  );
  expect(await migrationState(database.db)).toMatchObject({ unknown: 0, oldestVersion: null });
  expect((await migrationState(database.db)).missing).toBeGreaterThan(0);
  await Promise.all(Array.from({ length: 8 }, () => migrate(database.url)));
  const state = await migrationState(database.db);
  expect(state).toEqual({ missing: 0, unknown: 0, oldestVersion: "0.1.0" });
  expect(newerVersion(state)).toBeNull();
});

test("a database that a newer version only added to is served, and told to whoever would migrate it", async () => {
  await database.pool.query(
    "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99)",
  );
  await requireServed(database.db);
  expect(newerVersion(await migrationState(database.db))).toBe(
    `was written by a newer version of the platform than ${version}`,
  );
});

test("a database that names a newer version as the oldest is not served; the highest counts", async () => {
  await database.pool.query("insert into served_versions (oldest) values ('9.2.0'), ('9.10.0')");
  await expect(requireServed(database.db)).rejects.toThrow(
    `than ${version}; 9.10.0 is the oldest that may serve it`,
  );
});
