import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type BinanceServer,
  candleAt,
  startBinanceServer,
} from "../../test/support/binance-server.ts";
import { type TestDatabase, testDatabase } from "../../test/support/database.ts";
import { createCcxtExchanges } from "../exchanges/ccxt-exchange.ts";
import { openCandleCache } from "./candle-cache.ts";
import { readCandles } from "./candle-store.ts";
import { columnsFromRows } from "./columns.ts";
import { dataRevision } from "./data-revision.ts";
import { type CandlesWanted, ensureCandles, type FetchNeeds } from "./fetch-candles.ts";
import { createMarketStore } from "./market-store.ts";
import { exchanges, series } from "./schema.ts";
import { joinSpans, missingSpans } from "./series-store.ts";

const minute = 60_000;
const start = Date.UTC(2024, 0, 1);
const listed = start + 1_500 * minute;
const nowMs = start + 6_000 * minute + 30_000;
const isAbsent = (ms: number) => ms % (97 * minute) === 0;
const dir = mkdtempSync(join(tmpdir(), "trading-fetch-"));
let database: TestDatabase;
let server: BinanceServer;
let needs: FetchNeeds;
const waits: number[] = [];

beforeAll(async () => {
  database = await testDatabase();
  // The candle of the running minute is answered too, as exchanges do.
  server = await startBinanceServer(listed, nowMs, isAbsent);
  needs = {
    database,
    cache: openCandleCache(dir),
    markets: createMarketStore({ database, simulatorUrl: null }),
    exchanges: createCcxtExchanges({ settings: server.settings, deadlineMs: 1_000 }),
    now: () => nowMs,
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
    },
  };
});
beforeEach(async () => {
  await database.db.delete(series);
  server.requests.length = 0;
  server.faults.length = 0;
  waits.length = 0;
});
afterAll(async () => {
  await server.close();
  await database.close();
  rmSync(dir, { recursive: true, force: true });
});

const wanted = (
  fromMs: number,
  toMs: number | null,
  timeframe: CandlesWanted["timeframe"] = "1m",
): CandlesWanted => ({
  ...{ exchange: "binance", symbol: "BTC/USDT", timeframe, fromMs, toMs },
});
const never = new AbortController().signal;
const quiet = { signal: never, onProgress: () => undefined };
const klines = () => server.requests.filter((path) => path.includes("klines")).length;
const truth = (fromMs: number, toMs: number) => {
  const rows = [];
  for (let ms = Math.max(fromMs, listed); ms < toMs; ms += minute)
    if (!isAbsent(ms)) rows.push(candleAt(ms));
  return columnsFromRows(rows);
};
const expectStored = async (seriesId: string, fromMs: number, toMs: number) => {
  const { columns } = await readCandles(needs, seriesId, {});
  expect(dataRevision(columns)).toBe(dataRevision(truth(fromMs, toMs)));
};

test("every closed candle since the listing comes, page by page, and none that is forming", async () => {
  const shares: number[] = [];
  const onProgress = ({ share }: { share: number }) => shares.push(share);
  const { seriesId, rows } = await ensureCandles(needs, wanted(start, null), {
    signal: never,
    onProgress,
  });
  const end = start + 6_000 * minute;
  await expectStored(seriesId, start, end);
  expect(rows).toBe(truth(start, end).time.length);
  expect(klines()).toBeGreaterThan(4);
  expect(shares.at(-1)).toBe(1);
  expect([...shares].sort((a, b) => a - b)).toEqual(shares);
});

test("asked again, nothing is fetched; asked for more, only the rest is", async () => {
  const first = await ensureCandles(needs, wanted(listed, listed + 1_000 * minute), quiet);
  server.requests.length = 0;
  const again = await ensureCandles(
    needs,
    wanted(listed + 5 * minute, listed + 900 * minute),
    quiet,
  );
  expect(again).toEqual({ seriesId: first.seriesId, rows: 0 });
  expect(server.requests).toEqual([]);
  const more = await ensureCandles(needs, wanted(listed, listed + 1_500 * minute), quiet);
  expect(more.seriesId).toBe(first.seriesId);
  expect(klines()).toBe(1);
  await expectStored(first.seriesId, listed, listed + 1_500 * minute);
});

test("coarser candles are answered by finer ones that are stored", async () => {
  const fine = await ensureCandles(needs, wanted(listed, listed + 1_200 * minute), quiet);
  const coarse = await ensureCandles(needs, wanted(listed, listed + 600 * minute, "1h"), quiet);
  expect(coarse.seriesId).toBe(fine.seriesId);
});

test("an interrupted download goes on where it stopped", async () => {
  const stop = new AbortController();
  let pages = 0;
  const onProgress = ({ rows }: { rows: number }) => {
    if (rows > 0 && ++pages === 2) stop.abort(new Error("cancelled"));
  };
  const span = wanted(listed, listed + 4_000 * minute);
  await expect(ensureCandles(needs, span, { signal: stop.signal, onProgress })).rejects.toThrow(
    "cancelled",
  );
  const [row] = await database.db.select().from(series);
  expect(row?.rows).toBeGreaterThan(1_000);
  const before = klines();
  const { seriesId, rows } = await ensureCandles(needs, span, quiet);
  expect(rows).toBe(truth(listed, listed + 4_000 * minute).time.length - (row?.rows ?? 0));
  expect(klines() - before).toBeLessThan(4);
  await expectStored(seriesId, listed, listed + 4_000 * minute);
});

test("trouble that passes is waited out, as long as the exchange says", async () => {
  server.faults.push(
    { kind: "status", status: 429, retryAfter: 3 },
    { kind: "truncated" },
    { kind: "status", status: 503, body: "<html>down</html>" },
  );
  const { seriesId } = await ensureCandles(needs, wanted(listed, listed + 500 * minute), quiet);
  expect(waits).toEqual([3_000, 2_000, 4_000]);
  await expectStored(seriesId, listed, listed + 500 * minute);
});

test("trouble that stays is told, and what came before is kept", async () => {
  const onProgress = ({ rows }: { rows: number }) => {
    if (rows === 0) return;
    for (let i = 0; i < 20; i++) server.faults.push({ kind: "status", status: 503, body: "down" });
  };
  const work = ensureCandles(needs, wanted(listed, null), { signal: never, onProgress });
  await expect(work).rejects.toMatchObject({ code: "exchange-unavailable" });
  const [row] = await database.db.select().from(series);
  expect(row?.rows).toBeGreaterThan(900);
});

test("a silent exchange is told with the candles that need none", async () => {
  await ensureCandles(needs, wanted(listed, listed + 500 * minute), quiet);
  for (let i = 0; i < 20; i++) server.faults.push({ kind: "status", status: 503, body: "down" });
  await expect(ensureCandles(needs, wanted(listed, null), quiet)).rejects.toMatchObject({
    code: "exchange-unavailable",
    message: expect.stringContaining("are stored: choose a range inside"),
  });
});

test("two downloads of one market at once make one series without loss", async () => {
  const [a, b] = await Promise.all([
    ensureCandles(needs, wanted(listed, listed + 2_000 * minute), quiet),
    ensureCandles(needs, wanted(listed + 1_000 * minute, listed + 3_000 * minute), quiet),
  ]);
  expect(b.seriesId).toBe(a.seriesId);
  await expectStored(a.seriesId, listed, listed + 3_000 * minute);
});

test("what does not exist is told in a sentence", async () => {
  const unknown = ensureCandles(needs, { ...wanted(start, null), symbol: "NO/PE" }, quiet);
  await expect(unknown).rejects.toMatchObject({ code: "unknown-market" });
  const nothing = ensureCandles(needs, wanted(nowMs, null), quiet);
  await expect(nothing).rejects.toMatchObject({ code: "no-candles" });
});

test("markets are read once a day at most, and a problem is kept to be seen", async () => {
  await needs.markets.askForMarkets("binance", new Date(nowMs + 3_600_000));
  const [row] = await database.db.select().from(exchanges).where(eq(exchanges.id, "binance"));
  expect(row).toMatchObject({ markets: 4, problem: null, askedAt: null });
  await needs.markets.recordProblem("kraken", "Kraken did not answer.");
  expect(await needs.markets.findExchange("kraken")).toMatchObject({
    marketsAt: null,
    problem: "Kraken did not answer.",
  });
  const page = await needs.markets.listMarkets("binance", {
    search: "sol",
    currency: "",
    page: 1,
    pageSize: 50,
  });
  expect(page.items.map((market) => market.symbol)).toEqual(["SOL/USDT"]);
});

test("spans are joined, and what is missing is what none of them holds", () => {
  expect(
    joinSpans([
      [5, 9],
      [1, 3],
      [3, 4],
      [8, 12],
      [20, 20],
    ]),
  ).toEqual([
    [1, 4],
    [5, 12],
  ]);
  expect(
    missingSpans(
      [0, 20],
      [
        [5, 9],
        [1, 3],
      ],
    ),
  ).toEqual([
    [0, 1],
    [3, 5],
    [9, 20],
  ]);
  expect(missingSpans([2, 3], [[1, 4]])).toEqual([]);
  expect(missingSpans([0, 5], [[9, 12]])).toEqual([[0, 5]]);
});
