import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Simulator } from "../src/simulator.ts";
import { startSimulator } from "../src/simulator.ts";
import { type Client, createClient, type Heard, openEar, signText } from "./support/client.ts";
import { monday, quietSimulator } from "./support/quiet.ts";

let simulator: Simulator;
let client: Client;
const keys = generateKeyPairSync("ed25519");
let apiKey = "";

beforeAll(async () => {
  simulator = await startSimulator({ seed: "streams", startAt: monday, historyDays: 0.1 });
  const owner = simulator.openAccount({ USDT: "100000", BTC: "5" });
  apiKey = simulator.keys.register(owner.account, keys.publicKey).apiKey;
  client = createClient(simulator, apiKey, keys.privateKey);
});
afterAll(() => simulator.close());

test("depth updates applied to a snapshot give the book, without a gap", async () => {
  const ear = await openEar(`${simulator.socketUrl}/ws/ethusdt@depth@100ms`);
  const snapshot = (await client.call("GET", "/api/v3/depth", { symbol: "ETHUSDT", limit: 5000 }))
    .body as Heard;
  await simulator.step(3000);
  const book = {
    bids: new Map<string, string>(snapshot.bids),
    asks: new Map<string, string>(snapshot.asks),
  };
  const final = (await client.call("GET", "/api/v3/depth", { symbol: "ETHUSDT", limit: 5000 }))
    .body as Heard;
  await ear.hear(({ u }) => u === final.lastUpdateId);
  let last = snapshot.lastUpdateId as number;
  let previous: number | null = null;
  for (const { U, u, b, a } of ear.heard) {
    if (previous !== null) expect(U).toBe(previous + 1);
    previous = u;
    if (u <= last) continue;
    expect(U).toBeLessThanOrEqual(last + 1);
    apply(book.bids, b);
    apply(book.asks, a);
    last = u;
  }
  expect(Object.fromEntries(book.bids)).toEqual(Object.fromEntries(final.bids));
  expect(Object.fromEntries(book.asks)).toEqual(Object.fromEntries(final.asks));
  ear.socket.close();
});

function apply(levels: Map<string, string>, changes: [string, string][]): void {
  for (const [price, quantity] of changes) {
    if (Number(quantity) === 0) levels.delete(price);
    else levels.set(price, quantity);
  }
}

test("a minute's candle is closed by its stream as REST shows it", async () => {
  const ear = await openEar(
    `${simulator.socketUrl}/stream?streams=btcusdt@kline_1m/btcusdt@aggTrade`,
  );
  await simulator.step(61_000 - (simulator.clock.now() % 60_000));
  const closed = await ear.hear(({ data }) => data.e === "kline" && data.k.x);
  expect(closed.stream).toBe("btcusdt@kline_1m");
  const { t, o, h, l, c, v, n } = closed.data.k;
  const rest = await client.call("GET", "/api/v3/klines", {
    symbol: "BTCUSDT",
    interval: "1m",
    startTime: t,
    limit: 1,
  });
  expect((rest.body as unknown[][])[0]?.slice(0, 9)).toEqual([
    t,
    o,
    h,
    l,
    c,
    v,
    t + 59_999,
    expect.any(String),
    n,
  ]);
  ear.socket.close();
});

test("subscriptions change while connected, and wrong messages are explained", async () => {
  const ear = await openEar(`${simulator.socketUrl}/ws`);
  const ask = async (message: unknown, id: unknown): Promise<Heard> => {
    await simulator.step(1000);
    ear.send(message);
    return ear.hear((heard) => heard.id === id && heard.id !== undefined);
  };
  expect(await ask({ method: "SUBSCRIBE", params: ["btcusdt@bookTicker"], id: 1 }, 1)).toEqual({
    result: null,
    id: 1,
  });
  expect(await ask({ method: "LIST_SUBSCRIPTIONS", id: 2 }, 2)).toEqual({
    result: ["btcusdt@bookTicker"],
    id: 2,
  });
  expect(await ask({ method: "SET_PROPERTY", params: ["combined", true], id: 3 }, 3)).toEqual({
    result: null,
    id: 3,
  });
  expect(await ask({ method: "GET_PROPERTY", params: ["combined"], id: 4 }, 4)).toEqual({
    result: true,
    id: 4,
  });
  expect(await ask({ method: "UNSUBSCRIBE", params: ["btcusdt@bookTicker"], id: 5 }, 5)).toEqual({
    result: null,
    id: 5,
  });
  expect(await ask({ method: "SHOUT", id: 6 }, 6)).toMatchObject({ error: { code: 2 } });
  ear.send("{");
  expect(await ear.hear(({ error }) => error?.code === 3)).toBeDefined();
  ear.socket.close();
});

test("more than five messages in a second end the connection", async () => {
  const ear = await openEar(`${simulator.socketUrl}/ws`);
  for (let id = 1; id <= 6; id += 1) ear.send({ method: "LIST_SUBSCRIPTIONS", id });
  expect(await ear.closed).toBe(1008);
});

test("an Ed25519 session logs on, trades and hears its own events", async () => {
  const ear = await openEar(`${simulator.socketUrl}/ws-api/v3`);
  const signed = (params: Record<string, unknown>): Record<string, unknown> => {
    const text = Object.keys(params)
      .sort()
      .map((name) => `${name}=${params[name]}`)
      .join("&");
    return { ...params, signature: signText(text, keys.privateKey) };
  };
  const call = async (
    id: string,
    method: string,
    params: Record<string, unknown> = {},
  ): Promise<Heard> => {
    ear.send({ id, method, params });
    return ear.hear((heard) => heard.id === id);
  };
  const timestamp = simulator.clock.now();
  expect(await call("a", "userDataStream.subscribe")).toMatchObject({
    status: 401,
    error: { code: -1002 },
  });
  expect(await call("b", "session.logon", signed({ apiKey, timestamp }))).toMatchObject({
    status: 200,
    result: { apiKey },
  });
  expect(await call("c", "userDataStream.subscribe")).toMatchObject({
    status: 200,
    result: { subscriptionId: 0 },
  });
  const order = {
    symbol: "BTCUSDT",
    side: "BUY",
    type: "MARKET",
    quantity: "0.001",
    newClientOrderId: "mine",
    timestamp,
  };
  const placed = await call("d", "order.place", order);
  expect(placed).toMatchObject({
    status: 200,
    result: { status: "FILLED", clientOrderId: "mine" },
  });
  expect(placed.rateLimits).toHaveLength(3);
  const filled = await ear.hear(
    ({ event }) => event?.e === "executionReport" && event.x === "TRADE",
  );
  expect(filled).toMatchObject({ subscriptionId: 0, event: { c: "mine", X: "FILLED", S: "BUY" } });
  expect(await ear.hear(({ event }) => event?.e === "outboundAccountPosition")).toBeDefined();
  expect(
    await call("e", "order.status", { symbol: "BTCUSDT", origClientOrderId: "mine", timestamp }),
  ).toMatchObject({ result: { status: "FILLED" } });
  const stranger = simulator.openAccount({ USDT: "100000" });
  expect(
    await call("s", "order.place", { ...order, apiKey: stranger.apiKey }),
    "a session speaks for its own key only",
  ).toMatchObject({ status: 400, error: { code: -1102 } });
  expect(await call("f", "no.such")).toMatchObject({ status: 400 });
  expect(await call("g", "session.logout")).toMatchObject({ result: { apiKey: null } });
  expect(await ear.hear(({ event }) => event?.e === "eventStreamTerminated")).toBeDefined();
  expect(await call("h", "order.place", order)).toMatchObject({
    status: 401,
    error: { code: -2014 },
  });
  ear.socket.close();
});

test("an HMAC key cannot log a session on", async () => {
  const quiet = await quietSimulator();
  const { apiKey: key, secret } = quiet.openAccount({});
  const ear = await openEar(`${quiet.socketUrl}/ws-api/v3`);
  const timestamp = quiet.clock.now();
  const signature = signText(`apiKey=${key}&timestamp=${timestamp}`, secret);
  ear.send({ id: 1, method: "session.logon", params: { apiKey: key, timestamp, signature } });
  expect(await ear.hear(({ id }) => id === 1)).toMatchObject({
    status: 400,
    error: { code: -4056 },
  });
  await quiet.close();
});
