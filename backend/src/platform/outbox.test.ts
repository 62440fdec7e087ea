import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase, testRedisUrl } from "../../test/support/database.ts";
import { type Job, startJobs } from "./jobs.ts";
import { addToOutbox, moveBatch, type OutboxLine, startDispatcher } from "./outbox.ts";
import { inTransaction } from "./postgres.ts";
import { outbox } from "./schema.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const fail = (error: unknown) => {
  throw error;
};
const left = () => database.db.$count(outbox);

test("a line of a transaction that is taken back never leaves", async () => {
  const taken = inTransaction(database.db, async (sql) => {
    await addToOutbox(sql, "never", {});
    throw new Error("taken back");
  });
  await expect(taken).rejects.toThrow("taken back");
  expect(await moveBatch({ database, topics: ["never"], add: fail })).toBe(0);
});

test("lines leave in order, once, and stay when the queue does not answer", async () => {
  const topics = ["count"];
  for (const n of ["1", "2", "3"]) await addToOutbox(database.db, "count", { n });
  const refused = moveBatch({
    database,
    topics,
    add: () => Promise.reject(new Error("queue is down")),
  });
  await expect(refused).rejects.toThrow("queue is down");
  expect(await left()).toBe(3);
  const moved: OutboxLine[] = [];
  const add = async (lines: readonly OutboxLine[]) => void moved.push(...lines);
  expect(await moveBatch({ database, topics, add })).toBe(3);
  expect(moved.map((line) => line.payload.n)).toEqual(["1", "2", "3"]);
  expect(await left()).toBe(0);
});

test("several dispatchers share the lines without taking one twice", async () => {
  const seen: string[] = [];
  const add = async (lines: readonly OutboxLine[]) => {
    await pause(5);
    seen.push(...lines.map((line) => line.id));
  };
  const open = () =>
    startDispatcher({
      database,
      databaseUrl: database.url,
      topics: ["many"],
      add,
      onError: fail,
    });
  const dispatchers = [open(), open(), open()];
  await Promise.all(Array.from({ length: 300 }, () => addToOutbox(database.db, "many", {})));
  await expect.poll(() => seen.length).toBe(300);
  expect(new Set(seen).size).toBe(300);
  await Promise.all(dispatchers.map((one) => one.close()));
});

test("a line that only a newer version understands waits, and holds up no other", async () => {
  await addToOutbox(database.db, "from-the-future", {});
  await addToOutbox(database.db, "known", {});
  const moved: string[] = [];
  const add = async (lines: readonly OutboxLine[]) =>
    void moved.push(...lines.map((line) => line.topic));
  expect(await moveBatch({ database, topics: ["known"], add })).toBe(1);
  expect(moved).toEqual(["known"]);
  expect(await left()).toBe(1);
  await database.db.delete(outbox);
});

const redisUrl = testRedisUrl("outbox");
const backends = [
  { backend: "PostgreSQL", url: null },
  ...(redisUrl === "" ? [] : [{ backend: "Redis", url: redisUrl }]),
];

describe.each(backends)("jobs carried by $backend", ({ url }) => {
  const start = (jobs: Job[], onError: (error: unknown) => void = fail) =>
    startJobs({
      redisUrl: url,
      databaseUrl: database.url,
      jobs,
      concurrency: { backtests: 2, sweeps: 1 },
      onError,
    });
  const line = (topic: string, id: string): OutboxLine => ({ id, topic, payload: { id } });

  test("a line becomes a job that runs with its payload", async () => {
    const ran: string[] = [];
    const run: Job["run"] = async ({ id = "" }) => void ran.push(id);
    const jobs = await start([{ name: "note", queue: "backtests", run }]);
    await jobs.add([line("note", "11"), line("note", "12")]);
    await expect.poll(() => ran.toSorted()).toEqual(["11", "12"]);
    await jobs.close(100);
  });

  test("a job that fails is told and tried again", async () => {
    const errors: unknown[] = [];
    let tries = 0;
    const run: Job["run"] = async () => {
      tries += 1;
      if (tries === 1) throw new Error("first try");
    };
    const jobs = await start([{ name: "retry", queue: "backtests", run }], (error) =>
      errors.push(error),
    );
    await jobs.add([line("retry", "21")]);
    await expect.poll(() => tries).toBe(2);
    expect(errors).toMatchObject([{ message: "first try" }]);
    await jobs.close(100);
  });

  test("closing waits for what runs, and aborts it at the deadline", async () => {
    let outcome = "";
    const running = Promise.withResolvers<void>();
    const run: Job["run"] = (_payload, signal) => {
      running.resolve();
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          outcome = "aborted";
          resolve();
        });
      });
    };
    const jobs = await start([{ name: "long", queue: "backtests", run }]);
    await jobs.add([line("long", "31")]);
    await running.promise;
    await jobs.close(200);
    expect(outcome).toBe("aborted");
  });

  test("a job with an interval runs by itself, over and over", async () => {
    let ticks = 0;
    const run: Job["run"] = async () => {
      ticks += 1;
    };
    const jobs = await start([{ name: "tick", queue: "sweeps", everyMs: 200, run }]);
    await expect.poll(() => ticks).toBeGreaterThan(2);
    await jobs.close(100);
  });
});
