import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resample } from "@trading/engine";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../test/support/database.ts";
import { testUser } from "../../test/support/user.ts";
import { openCandleCache } from "./candle-cache.ts";
import { readCandles, writeCandles } from "./candle-store.ts";
import { type Columns, columnsFromRows, rowsBetween, rowsOf } from "./columns.ts";
import { dataRevision } from "./data-revision.ts";
import { candleChunks, candleTail, series } from "./schema.ts";
import { certifySeries, findOrMakeSeries, importCandles } from "./series-store.ts";

const minute = 60_000;
const start = Date.UTC(2024, 0, 1);
const dir = mkdtempSync(join(tmpdir(), "trading-candles-"));
let database: TestDatabase;
let needs: { database: TestDatabase; cache: ReturnType<typeof openCandleCache> };

beforeAll(async () => {
  database = await testDatabase();
  needs = { database, cache: openCandleCache(join(dir, "cache")) };
});
afterAll(async () => {
  await database.close();
  rmSync(dir, { recursive: true, force: true });
});

const minutes = (count: number, from = 0, lift = 0): Columns =>
  columnsFromRows(
    Array.from({ length: count }, (_, i) => {
      const price = 100 + ((from + i) % 50) + lift;
      return [
        start + (from + i) * minute,
        price,
        price + 2,
        price - 2,
        price + 1,
        ((from + i) % 7) / 8,
      ];
    }),
  );
let symbols = 0;
const names = () => ({ symbol: `A${++symbols}/USDT`, base: `A${symbols}`, quote: "USDT" });
const exchangeSeries = () =>
  findOrMakeSeries(database.db, {
    ...names(),
    timeframe: "1m",
    source: "exchange",
    exchange: "binance",
  });
const put = (id: string, columns: Columns) =>
  database.db.transaction((transaction) => writeCandles(transaction, id, columns));
const load = async (id: string, range = {}) => (await readCandles(needs, id, range)).columns;
const rowOf = async (id: string) => {
  const [row] = await database.db.select().from(series).where(eq(series.id, id));
  if (row === undefined) throw new Error("no series");
  return row;
};
const expectSame = (found: Columns, wanted: Columns) =>
  expect(dataRevision(found)).toBe(dataRevision(wanted));

test("what was written is read back, bit by bit, over several chunks and the tail", async () => {
  const id = await exchangeSeries();
  const all = minutes(40_000);
  expect(await put(id, all)).toMatchObject({ added: 40_000, corrected: 0 });
  expectSame(await load(id), all);
  const chunks = await database.db.select().from(candleChunks).where(eq(candleChunks.seriesId, id));
  const tail = await database.db.select().from(candleTail).where(eq(candleTail.seriesId, id));
  expect(chunks.reduce((sum, chunk) => sum + chunk.rows, tail.length)).toBe(40_000);
  expect(tail.length).toBeGreaterThan(0);
  expect(await rowOf(id)).toMatchObject({
    rows: 40_000,
    firstMs: start,
    lastMs: start + 39_999 * minute,
    revision: 1,
  });
});

test("writing the same twice changes nothing", async () => {
  const id = await exchangeSeries();
  await put(id, minutes(500));
  const before = await rowOf(id);
  expect(await put(id, minutes(500))).toMatchObject({ added: 0, corrected: 0 });
  expect(await rowOf(id)).toEqual(before);
});

test("pages in any order make the same series as one write", async () => {
  const id = await exchangeSeries();
  const all = minutes(36_000);
  for (const page of [3, 0, 5, 1, 4, 2])
    await put(id, rowsOf(all, page * 6_000, (page + 1) * 6_000));
  expectSame(await load(id), all);
});

test("another value for a stored time is a correction: a new revision", async () => {
  const id = await exchangeSeries();
  await put(id, minutes(20_000));
  const corrected = minutes(3, 5, 1_000);
  expect(await put(id, corrected)).toMatchObject({ added: 0, corrected: 3 });
  expect((await rowOf(id)).revision).toBe(2);
  expectSame(await load(id, { fromMs: start + 5 * minute, toMs: start + 8 * minute }), corrected);
  expect((await load(id)).time.length).toBe(20_000);
});

test("writers of one series at the same time lose nothing", async () => {
  const id = await exchangeSeries();
  const all = minutes(20_000);
  await Promise.all(
    Array.from({ length: 8 }, (_, part) =>
      put(id, rowsOf(all, part * 2_000, part * 2_000 + 6_000)),
    ),
  );
  expectSame(await load(id), all);
});

test("a part is read alone, from and to included and excluded", async () => {
  const id = await exchangeSeries();
  const all = minutes(30_000);
  await put(id, all);
  for (const [from, to] of [
    [0, 1],
    [100, 17_000],
    [29_999, 40_000],
    [50_000, 60_000],
    [-9, 3],
  ] as const) {
    const range = { fromMs: start + from * minute, toMs: start + to * minute };
    expectSame(await load(id, range), rowsBetween(all, range.fromMs, range.toMs));
  }
});

test("coarser candles are made from the whole series, so a range has the same ones", async () => {
  const id = await exchangeSeries();
  const all = minutes(3_000);
  await put(id, all);
  const hours = resample(all, minute, 60 * minute);
  expectSame(await load(id, { timeframe: "1h" }), hours);
  const range = { fromMs: start + 61 * minute, toMs: start + 200 * minute };
  expectSame(
    await load(id, { timeframe: "1h", ...range }),
    rowsBetween(hours, range.fromMs, range.toMs),
  );
});

test("finer candles than stored are refused", async () => {
  const identity = { ...names(), timeframe: "1h", source: "synthetic" } as const;
  const id = await findOrMakeSeries(database.db, identity);
  await expect(load(id, { timeframe: "1m" })).rejects.toMatchObject({ code: "no-candles" });
});

test("a changed series is never answered from an old file, and old files go", async () => {
  const id = await exchangeSeries();
  await put(id, minutes(100));
  await load(id);
  await put(id, minutes(100, 100));
  expect((await load(id)).time.length).toBe(200);
  const files = readdirSync(join(dir, "cache")).filter((name) => name.startsWith(id));
  expect(files.length).toBe(1);
});

test("a damaged file is made again from the database", async () => {
  const id = await exchangeSeries();
  await put(id, minutes(100));
  await load(id);
  for (const name of readdirSync(join(dir, "cache")).filter((file) => file.startsWith(id))) {
    writeFileSync(join(dir, "cache", name), "rubbish");
  }
  expectSame(await load(id), minutes(100));
});

test("the cache keeps to its size, the least recently used go first", async () => {
  const small = { database, cache: openCandleCache(join(dir, "small"), 10_000) };
  const ids = await Promise.all([exchangeSeries(), exchangeSeries(), exchangeSeries()]);
  for (const id of ids) {
    await put(id, minutes(150));
    await readCandles(small, id, {});
  }
  const files = readdirSync(join(dir, "small"));
  expect(files.length).toBe(1);
  expect(files[0]?.startsWith(ids[2])).toBe(true);
  expectSame((await readCandles(small, ids[0], {})).columns, minutes(150));
});

test("the certificate of a series tells its gaps and how full it is", async () => {
  const id = await exchangeSeries();
  await put(id, minutes(4_800));
  await put(id, minutes(4_800, 9_600));
  await certifySeries(needs, id);
  const row = await rowOf(id);
  expect(row).toMatchObject({ gaps: 1, missing: 4_800, certifiedVersion: row.version });
  expect(row.coverage.length).toBe(96);
  expect(row.coverage[0]).toBe(1);
  expect(row.coverage[48]).toBe(0);
});

const upload = (ownerId: string, name = names()) =>
  ({ ...name, timeframe: "1m", source: "upload", ownerId }) as const;

test("an import twice is one import, and two at once are both there", async () => {
  const identity = upload(await testUser(database));
  const [a, b] = await Promise.all([
    importCandles(database, identity, minutes(20_000), 0, 1e9),
    importCandles(database, identity, minutes(20_000, 10_000), 0, 1e9),
  ]);
  expect(b.seriesId).toBe(a.seriesId);
  const again = await importCandles(database, identity, minutes(20_000), 0, 1e9);
  expect(again).toMatchObject({ added: 0, corrected: 0, seriesId: a.seriesId });
  expect((await load(a.seriesId)).time.length).toBe(30_000);
  const tail = await database.db
    .select()
    .from(candleTail)
    .where(eq(candleTail.seriesId, a.seriesId));
  expect(tail).toEqual([]);
});

test("uploads of two owners never mix, and never with an exchange's", async () => {
  const name = names();
  const mine = await importCandles(
    database,
    upload(await testUser(database), name),
    minutes(10),
    0,
    1e9,
  );
  const yours = await importCandles(
    database,
    upload(await testUser(database), name),
    minutes(20),
    0,
    1e9,
  );
  expect(mine.seriesId).not.toBe(yours.seriesId);
  expect((await load(mine.seriesId)).time.length).toBe(10);
});

test("an import beyond the quota stores nothing, also when two race for the last room", async () => {
  const ownerId = await testUser(database);
  const first = await importCandles(database, upload(ownerId), minutes(5_000), 0, 1e9);
  const { bytes } = await rowOf(first.seriesId);
  const race = await Promise.allSettled([
    importCandles(database, upload(ownerId), minutes(5_000), 0, bytes * 2.5),
    importCandles(database, upload(ownerId), minutes(5_000), 0, bytes * 2.5),
  ]);
  expect(race.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
  const lost = race.find((one) => one.status === "rejected");
  expect(lost?.reason).toMatchObject({ code: "quota-exceeded" });
});
