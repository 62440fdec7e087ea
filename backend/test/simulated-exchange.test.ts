import type { DataTask, Exchange, Market, Series } from "@trading/contracts/market-data";
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

test("its page is for the operator alone", async () => {
  expect(await get("/simulator")).toMatchObject({ code: "forbidden" });
  expect(await get("/simulator", await web.signedIn("admin"))).toEqual({
    address: `${simulator.url}/#admin`,
  });
});
