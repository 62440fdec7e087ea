import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { Agent } from "node:https";
import { Spot, type SpotWebsocketAPI } from "@binance/spot";
import type { Simulator } from "../../src/simulator.ts";
import { Checks } from "./check.ts";

const symbol = "BTCUSDT";
type Streams = Awaited<ReturnType<Spot["websocketStreams"]["connect"]>>;
type Connection = SpotWebsocketAPI.WebsocketAPIConnection;
type Closing = { checks: Checks; close: () => Promise<unknown> };

/** Binance's own client of the streams: every kind it knows. */
export async function connectorStreamChecks(simulator: Simulator, ca: string): Promise<Closing> {
  const configurationWebsocketStreams = { wsURL: simulator.socketUrl, agent: new Agent({ ca }) };
  const connection = await new Spot({ configurationWebsocketStreams }).websocketStreams.connect();
  const checks = new Checks();
  const hear = (
    call: string,
    open: (streams: Streams) => { on: (event: "message", listener: () => void) => void },
  ): void =>
    checks.add(
      call,
      () => new Promise<void>((resolve) => open(connection).on("message", () => resolve())),
    );
  hear("aggTrade", (streams) => streams.aggTrade({ symbol }));
  hear("trade", (streams) => streams.trade({ symbol }));
  hear("bookTicker", (streams) => streams.bookTicker({ symbol }));
  hear("diffBookDepth", (streams) =>
    streams.diffBookDepth({ symbol, updateSpeed: "100ms" as never }),
  );
  hear("partialBookDepth", (streams) =>
    streams.partialBookDepth({ symbol, levels: "10" as never }),
  );
  hear("kline", (streams) => streams.kline({ symbol, interval: "1m" as never }));
  hear("miniTicker", (streams) => streams.miniTicker({ symbol }));
  hear("ticker", (streams) => streams.ticker({ symbol }));
  hear("rollingWindowTicker", (streams) =>
    streams.rollingWindowTicker({ symbol, windowSize: "1h" as never }),
  );
  hear("avgPrice", (streams) => streams.avgPrice({ symbol }));
  hear("allMiniTicker", (streams) => streams.allMiniTicker());
  return { checks, close: () => connection.disconnect() };
}

/** Binance's own client of the WebSocket API, with an Ed25519 key and a session. */
export async function connectorCallChecks(simulator: Simulator, ca: string): Promise<Closing> {
  const { account } = simulator.openAccount({ USDT: "100000", BTC: "2" });
  const pair = generateKeyPairSync("ed25519");
  const { apiKey } = simulator.keys.register(account, pair.publicKey);
  const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const wsURL = `${simulator.socketUrl}/ws-api/v3`;
  const configurationWebsocketAPI = { apiKey, privateKey, wsURL, agent: new Agent({ ca }) };
  const connection = await new Spot({ configurationWebsocketAPI }).websocketAPI.connect();
  const checks = new Checks();
  addSession(checks, connection);
  addData(checks, connection);
  addTrading(checks, connection);
  return { checks, close: () => connection.disconnect() };
}

function addSession(checks: Checks, connection: Connection): void {
  checks.add("ping", () => connection.ping());
  checks.add("time", () => connection.time());
  checks.add("sessionLogon", () => connection.sessionLogon({}));
  checks.add("sessionStatus", () => connection.sessionStatus());
  checks.add("sessionSubscriptions", () => connection.sessionSubscriptions());
}

function addData(checks: Checks, connection: Connection): void {
  checks.add("exchangeInfo", () => connection.exchangeInfo({ symbol }));
  checks.add("depth", () => connection.depth({ symbol }));
  checks.add("tradesRecent", () => connection.tradesRecent({ symbol }));
  checks.add("tradesAggregate", () => connection.tradesAggregate({ symbol }));
  checks.add("klines", () => connection.klines({ symbol, interval: "1m" as never }));
  checks.add("avgPrice", () => connection.avgPrice({ symbol }));
  checks.add("ticker24hr", () => connection.ticker24hr({ symbol }));
  checks.add("tickerPrice", () => connection.tickerPrice({ symbol }));
  checks.add("tickerBook", () => connection.tickerBook({ symbol }));
}

function addTrading(checks: Checks, connection: Connection): void {
  const limit = {
    symbol,
    side: "BUY" as never,
    type: "LIMIT" as never,
    timeInForce: "GTC" as never,
    price: 30_000,
    quantity: 0.01,
  };
  let orderId = 0;
  let heard: Promise<unknown> = Promise.resolve();
  checks.add("userDataStreamSubscribe", async () => {
    const { stream } = await connection.userDataStreamSubscribe();
    heard = new Promise((resolve) => stream.on("message", resolve));
  });
  checks.add("orderPlace", async () => {
    const { data } = await connection.orderPlace(limit);
    orderId = Number(data?.orderId);
    assert.equal(data?.status, "NEW");
  });
  checks.add("user data events", () => heard);
  checks.add("orderStatus", () => connection.orderStatus({ symbol, orderId }));
  checks.add("openOrdersStatus", () => connection.openOrdersStatus({ symbol }));
  checks.add("orderCancelReplace", async () => {
    const replace = {
      ...limit,
      price: 31_000,
      cancelReplaceMode: "STOP_ON_FAILURE" as never,
      cancelOrderId: orderId,
    };
    const { data } = await connection.orderCancelReplace(replace);
    orderId = Number(
      (data?.newOrderResponse as { orderId?: number | bigint } | undefined)?.orderId,
    );
  });
  checks.add("orderCancel", () => connection.orderCancel({ symbol, orderId }));
  checks.add("orderTest", () => connection.orderTest(limit));
  checks.add("openOrdersCancelAll", async () => {
    await connection.orderPlace(limit);
    await connection.openOrdersCancelAll({ symbol });
  });
  checks.add("accountStatus", () => connection.accountStatus());
  checks.add("accountCommission", () => connection.accountCommission({ symbol }));
  checks.add("accountRateLimitsOrders", () => connection.accountRateLimitsOrders());
  checks.add("allOrders", () => connection.allOrders({ symbol }));
  checks.add("myTrades", () => connection.myTrades({ symbol }));
  checks.add("userDataStreamUnsubscribe", () => connection.userDataStreamUnsubscribe({}));
  checks.add("sessionLogout", () => connection.sessionLogout());
}
