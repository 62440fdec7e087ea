import type { BacktestResult } from "@trading/contracts/backtests";
import { runSettings } from "@trading/contracts/run-settings";
import { sql as raw } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../test/support/database.ts";
import { createAccountStore } from "../accounts/store.ts";
import { NotFound } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { strategyVersions } from "../strategies/schema.ts";
import { type BacktestQueue, type ClaimedBacktest, createBacktestQueue } from "./queue.ts";
import { backtests } from "./schema.ts";
import { createBacktestStore, type NewBacktest } from "./store.ts";

let database: TestDatabase;
let queue: BacktestQueue;
let anna = "";
let bert = "";

beforeAll(async () => {
  database = await testDatabase();
  queue = createBacktestQueue(database.db);
  const addUser = async (name: string) => {
    const identity = { name, email: `${name}@example.com`, passwordHash: null };
    return (await createAccountStore(database.db).create({ ...identity, role: "user" })).id;
  };
  anna = await addUser("anna");
  bert = await addUser("bert");
  const texts = { source: "", code: "", map: "" };
  const manifest = { name: "tried", title: "Tried" } as never;
  await database.db
    .insert(strategyVersions)
    .values({ version: "v1", name: "tried", ...texts, manifest });
});
afterAll(() => database.close());
beforeEach(() => database.db.delete(backtests));

const wanted: NewBacktest = {
  title: "Tried",
  strategy: "tried",
  strategyTitle: "Tried",
  version: "v1",
  parameters: {},
  candles: { kind: "series", seriesId: newId() },
  symbol: "BTC/USDT",
  exchange: null,
  source: "synthetic",
  quote: "USDT",
  timeframe: "1h",
  settings: runSettings.parse({ capital: 1, makerFee: 0, takerFee: 0 }),
  fromAt: null,
  toAt: null,
  expectedFingerprint: "abc",
};
const ask = (userId: string) => createBacktestStore(database.db).create(userId, wanted);
const [one, two] = [newId(), newId()];
const claimOf = (row: ClaimedBacktest | null, workerId = one) => ({
  id: row?.id ?? "",
  userId: row?.userId ?? "",
  workerId,
  attempt: row?.attempt ?? 0,
});
const outcome = (fingerprint: string) => ({
  result: { fingerprint } as BacktestResult,
  trades: [],
  fills: [],
  summary: {
    netProfitShare: 0.1,
    cagr: null,
    maxDrawdown: 0.2,
    sharpe: 1,
    closedTrades: 3,
    sparkline: [],
  },
});
const rowOf = async (userId: string, id: string) =>
  createBacktestStore(database.db).find(userId, id);
const fallSilent = () =>
  database.db.execute(raw`update backtests set heartbeat_at = now() - interval '10 seconds'`);

test("users take turns, and each gets the oldest of their own", async () => {
  const [a1, a2, b1] = [await ask(anna), await ask(anna), await ask(bert)];
  const order: (string | undefined)[] = [];
  for (let i = 0; i < 3; i++) order.push((await queue.claim(one, 9))?.id);
  expect(order).toEqual(expect.arrayContaining([a1, b1, a2]));
  expect(order.indexOf(a1)).toBeLessThan(order.indexOf(a2));
  expect(order.indexOf(b1)).toBeLessThan(2);
  expect(await queue.claim(one, 9)).toBeNull();
});

test("a worker runs at most so many for one user, and leaves the slot to another", async () => {
  await Promise.all([ask(anna), ask(anna), ask(anna)]);
  expect(await queue.claim(one, 2)).not.toBeNull();
  expect(await queue.claim(one, 2)).not.toBeNull();
  expect(await queue.claim(one, 2)).toBeNull();
  const theirs = await ask(bert);
  expect((await queue.claim(one, 2))?.id).toBe(theirs);
  expect(await queue.claim(two, 2)).not.toBeNull();
});

test("many claims at once never take the same backtest", async () => {
  await Promise.all(Array.from({ length: 20 }, () => ask(anna)));
  const claims = await Promise.all(Array.from({ length: 25 }, () => queue.claim(one, 99)));
  const ids = claims.flatMap((claim) => claim?.id ?? []);
  expect(ids).toHaveLength(20);
  expect(new Set(ids).size).toBe(20);
});

test("a result counts for the try that holds the backtest, once", async () => {
  const id = await ask(anna);
  const first = claimOf(await queue.claim(one, 9));
  await fallSilent();
  expect((await queue.requeueAbandoned()).requeued).toEqual([{ id, userId: anna }]);
  const second = claimOf(await queue.claim(two, 9), two);
  expect(second).toMatchObject({ id, attempt: 2 });
  expect(await queue.recordDone(first, outcome("late"))).toBe(false);
  expect(await queue.recordFailed(first, { code: "internal-error" } as never)).toBe(false);
  await queue.giveBack(first);
  expect(await queue.recordDone(second, outcome("abc"))).toBe(true);
  expect(await queue.recordDone(second, outcome("again"))).toBe(false);
  expect(await rowOf(anna, id)).toMatchObject({
    status: "done",
    fingerprint: "abc",
    fingerprintAgrees: true,
    result: { fingerprint: "abc" },
  });
});

test("a heartbeat keeps a backtest, and tells of those that are gone", async () => {
  const [a, b] = [await ask(anna), await ask(bert)];
  await queue.claim(one, 9);
  await queue.claim(one, 9);
  await fallSilent();
  await createBacktestStore(database.db).cancel(bert, b);
  expect(await queue.heartbeat(one, [a, b])).toEqual(new Set([a]));
  expect((await queue.requeueAbandoned()).requeued).toEqual([]);
});

test("what is given back is first in line again", async () => {
  const first = await ask(anna);
  await ask(anna);
  await queue.giveBack(claimOf(await queue.claim(one, 9)));
  expect(await rowOf(anna, first)).toMatchObject({ status: "queued", queuePosition: 1 });
  expect((await queue.claim(two, 9))?.id).toBe(first);
});

test("a backtest whose worker dies every time is given up", async () => {
  const id = await ask(anna);
  await queue.claim(one, 9);
  await database.db.execute(raw`update backtests set attempt = 50`);
  await fallSilent();
  expect((await queue.requeueAbandoned()).givenUp).toEqual([{ id, userId: anna }]);
  expect(await rowOf(anna, id)).toMatchObject({
    status: "failed",
    problem: { code: "internal-error" },
  });
});

test("places in the queue are counted in turns", async () => {
  const [a1, a2, a3, b1] = [await ask(anna), await ask(anna), await ask(anna), await ask(bert)];
  const places = new Map<string, number | null>();
  for (const [user, id] of [
    [anna, a1],
    [anna, a2],
    [anna, a3],
    [bert, b1],
  ] as const) {
    places.set(id, (await rowOf(user, id))?.queuePosition ?? null);
  }
  expect([places.get(a1), places.get(b1)].sort()).toEqual([1, 2]);
  expect([places.get(a2), places.get(a3)]).toEqual([3, 4]);
});

test("lost nudges are noticed when something waits and nothing runs", async () => {
  expect(await queue.isForgotten()).toBe(false);
  await ask(anna);
  expect(await queue.isForgotten()).toBe(true);
  await queue.claim(one, 9);
  expect(await queue.isForgotten()).toBe(false);
});

test("foreign backtests do not exist for anybody else", async () => {
  const store = createBacktestStore(database.db);
  const id = await ask(anna);
  expect(await store.find(bert, id)).toBeNull();
  await expect(store.getResult(bert, id)).rejects.toThrow(NotFound);
  expect(await store.cancel(bert, id)).toBe(false);
  expect(await store.remove(bert, id)).toBe(false);
  await expect(store.getMany(bert, [id])).rejects.toThrow(NotFound);
});
