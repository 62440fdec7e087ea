import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../test/support/database.ts";
import { connectionProblem, inTransaction, openDatabase } from "./postgres.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("a transaction that fails leaves nothing", async () => {
  await database.pool.query("create table notes (text text)");
  const failing = inTransaction(database.db, async (transaction) => {
    await transaction.execute(sql`insert into notes values ('half')`);
    throw new Error("stop");
  });
  await expect(failing).rejects.toThrow("stop");
  expect((await database.pool.query("select * from notes")).rowCount).toBe(0);
});

test("of transactions that wait for each other in a circle, the one undone is run anew", async () => {
  await database.pool.query(
    "create table rows as select id, 0 as touched from generate_series(1, 2) id",
  );
  const firstLocks = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let runs = 0;
  const touchBoth = (
    first: 1 | 2,
    own: PromiseWithResolvers<void>,
    other: PromiseWithResolvers<void>,
  ) =>
    inTransaction(database.db, async (transaction) => {
      runs++;
      await transaction.execute(sql`set local deadlock_timeout = '10ms'`);
      await transaction.execute(sql`update rows set touched = touched + 1 where id = ${first}`);
      own.resolve();
      await other.promise;
      await transaction.execute(sql`update rows set touched = touched + 1 where id = ${3 - first}`);
    });
  const [one, two] = firstLocks;
  await Promise.all([touchBoth(1, one, two), touchBoth(2, two, one)]);
  expect(runs).toBeGreaterThan(2);
  const { rows } = await database.pool.query("select touched from rows");
  expect(rows).toEqual([{ touched: 2 }, { touched: 2 }]);
});

test("one that is undone time and again is refused, and told so", async () => {
  let runs = 0;
  const unlucky = inTransaction(database.db, async () => {
    runs++;
    throw Object.assign(new Error("deadlock detected"), { code: "40P01" });
  });
  await expect(unlucky).rejects.toMatchObject({ code: "conflict" });
  expect(runs).toBe(4);
});

test("a pool survives its connections being ended by the server", async () => {
  const errors: Error[] = [];
  const other = openDatabase(database.url, { max: 1, onError: (error) => errors.push(error) });
  const { rows } = await other.pool.query("select pg_backend_pid() as pid");
  await database.pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
  await expect.poll(() => errors.length).toBe(1);
  expect((await other.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await other.close();
});

test.each([
  ["postgres://u:hush@localhost:1/db", "localhost:1/db does not listen"],
  ["postgres://u:hush@no-such-host.invalid/db", "no-such-host.invalid/db has a name"],
])("a database that cannot be reached is told in a sentence: %s", async (url, sentence) => {
  const lost = openDatabase(url, { max: 1 });
  const error = await lost.db.execute(sql`select 1`).catch((thrown: unknown) => thrown);
  await lost.close();
  expect(connectionProblem(error, url)).toContain(sentence);
  expect(connectionProblem(error, url)).not.toContain("hush");
  expect(connectionProblem(new Error("syntax"), url)).toBeNull();
});
