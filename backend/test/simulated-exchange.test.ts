import type { DataTask, Exchange, Market, Series } from "@trading/contracts/market-data";
import { sql as raw } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/src/simulator.ts";
import { createMarketData, type MarketData } from "../src/market-data/store.ts";
import { type SignedInUser, type TestApp, testApp } from "./support/app.ts";

/** The exchange simulator among the exchanges, through the same unmodified client as Binance. */

const now = Date.parse("2026-03-01T12:00:00Z");
const hour = 3_600_000;

let simulator: Simulator;
let web: TestApp;
let worker: MarketData;
let ann: SignedInUser;

beforeAll(async () => {
  simulator = await startSimulator({ startAt: now, seed: "test", historyDays: 2, token: "admin" });
  web = await testApp({ env: { SIMULATOR_URL: simulator.url, SIMULATOR_TOKEN: simulator.token } });
  worker = createMarketData({
    ...web.config,
    database: web.database,
    onError: (error) => {
      throw error;
    },
    now: () => now,
  });
  ann = await web.signedIn();
});
afterAll(async () => {
  await web.close();
  await simulator.close();
});

const get = async <Answer>(path: string, user = ann): Promise<Answer> => {
  const response = await web.inject({ url: `/api/v1${path}`, headers: user.headers });
  return response.json<Answer>();
};
const work = async (name: string, payload: Record<string, string>) =>
  worker
    .jobs()
    .find((job) => job.name === name)
    ?.run(payload, new AbortController().signal);

test("it is offered where it is configured, and nowhere else", async () => {
  const { items } = await get<{ items: Exchange[] }>("/exchanges");
  expect(items[0]).toMatchObject({ id: "simulator", name: "Simulated exchange" });

  const without = await testApp();
  const user = await without.signedIn("admin");
  const ask = (path: string) =>
    without.inject({ url: `/api/v1${path}`, headers: user.headers }).then((it) => it.json());
  expect((await ask("/exchanges")).items[0]).toMatchObject({ id: "binance" });
  expect(await ask("/exchanges/simulator/markets")).toMatchObject({ code: "not-found" });
  expect(await ask("/simulator")).toEqual({ address: null });
  await without.close();
});

test("its markets are listed with their rules, spot and perpetual", async () => {
  await work("refresh-markets", { exchange: "simulator" });
  const { items } = await get<{ items: Market[] }>("/exchanges/simulator/markets?search=BTC/USDT");
  expect(items.map(({ symbol, contract }) => [symbol, contract])).toEqual([
    ["BTC/USDT", "spot"],
    ["BTC/USDT:USDT", "linear-perpetual"],
  ]);
  expect(items[0]).toMatchObject({ exchange: "simulator", tick: 0.01, lot: 0.00001, active: true });
});

test("its candles are downloaded into a series of its own", async () => {
  const wanted = {
    exchange: "simulator",
    symbol: "ETH/USDT",
    timeframe: "1m",
    from: new Date(now - 24 * hour).toISOString(),
  };
  const asked = await web.inject({
    method: "POST",
    url: "/api/v1/downloads",
    headers: ann.headers,
    payload: { ...wanted, to: new Date(now).toISOString() },
  });
  expect(asked.statusCode).toBe(202);
  const { id } = asked.json<DataTask>();
  await work("download-candles", { taskId: id });
  expect(await get(`/data-tasks/${id}`)).toMatchObject({ status: "done", rows: 24 * 60 });
  const { items } = await get<{ items: Series[] }>("/series?search=ETH/USDT");
  expect(items).toMatchObject([
    { source: "exchange", exchange: "simulator", timeframe: "1m", gaps: 0 },
  ]);
});

test("a market that somebody looks at moves, and is left when nobody looks", async () => {
  type Live = { at: string | null; problem: string | null; candles: number[][] };
  const path = "/exchanges/simulator/live?symbol=BTC/USDT";
  expect(await get<Live>(path)).toEqual({ at: null, problem: null, candles: [] });
  const feed = worker.followMarkets();
  await expect.poll(async () => (await get<Live>(path)).candles.length).toBe(300);
  const before = (await get<Live>(path)).candles.at(-1);
  await simulator.step(30_000);
  await expect.poll(async () => (await get<Live>(path)).candles.at(-1)).not.toEqual(before);
  await feed.close();

  const late = raw`update market_watches set watched_at = now() - interval '1 minute'`;
  await web.database.db.execute(late);
  expect(await worker.watches.claimDue(8)).toEqual([]);
  await worker.watches.removeUnwatched();
  const { rows } = await web.database.db.execute(raw`select 1 from market_watches`);
  expect(rows).toEqual([]);
});

test("prices come with the change of a day, once for all who look", async () => {
  type Prices = { items: { symbol: string; last: number; change: number | null }[] };
  await Promise.all([1, 2, 3].map(() => get("/exchanges/simulator/prices")));
  expect(await worker.watches.claimDue(8)).toEqual([{ exchange: "simulator", symbol: "" }]);
  expect(await worker.watches.claimDue(8)).toEqual([]);
  await worker.watches.record({ exchange: "simulator", symbol: "" }, {});
  await web.database.db.execute(raw`update market_watches set read_at = null`);
  const feed = worker.followMarkets();
  await expect
    .poll(async () => (await get<Prices>("/exchanges/simulator/prices")).items.length, {
      timeout: 30_000,
    })
    .toBeGreaterThanOrEqual(6);
  await feed.close();
  const { items } = await get<Prices>("/exchanges/simulator/prices");
  const btc = items.find(({ symbol }) => symbol === "BTC/USDT");
  expect(btc?.last).toBeGreaterThan(1_000);
  expect(Math.abs(btc?.change ?? 1)).toBeLessThan(1);
  expect(items.some(({ symbol }) => symbol === "BTC/USDT:USDT")).toBe(true);
});

test("a market that does not exist is not watched, and not too many are", async () => {
  expect(await get("/exchanges/simulator/live?symbol=X/Y")).toMatchObject({
    code: "unknown-market",
  });
  await web.database.db.execute(
    raw`insert into market_watches (exchange, symbol) select 'simulator', n::text from generate_series(1, 64) n`,
  );
  expect(await get("/exchanges/simulator/live?symbol=ETH/USDT")).toMatchObject({
    code: "rate-limited",
  });
  await web.database.db.execute(raw`delete from market_watches`);
});

test("what an exchange says when it fails is kept for those who look", async () => {
  const path = "/exchanges/simulator/live?symbol=SOL/USDT";
  await get(path);
  simulator.faults.add({ effect: { kind: "maintenance" } });
  const feed = worker.followMarkets();
  await expect
    .poll(async () => (await get<{ problem: string | null }>(path)).problem ?? "", {
      timeout: 30_000,
    })
    .toContain("Simulated exchange did not answer");
  await feed.close();
});

test("its page is for the operator alone", async () => {
  expect(await get("/simulator")).toMatchObject({ code: "forbidden" });
  expect(await get("/simulator", await web.signedIn("admin"))).toEqual({
    address: `${simulator.url}/#admin`,
  });
});
