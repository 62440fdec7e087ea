import assert from "node:assert/strict";
import type { Simulator } from "../../src/simulator.ts";
import { ccxtSpot } from "./ccxt-client.ts";
import { Checks } from "./check.ts";

const symbol = "BTC/USDT";

/** The whole life of a spot trader with ccxt and ccxt.pro. */
export function ccxtSpotChecks(simulator: Simulator): {
  checks: Checks;
  close: () => Promise<unknown>;
} {
  const key = simulator.openAccount({ USDT: "100000", BTC: "2", BNB: "5" });
  const client = ccxtSpot(simulator, key);
  const checks = new Checks();
  const state: State = { price: 0 };
  const near = (share: number): number => Math.round(state.price * share);
  addMarketData(checks, client, state);
  addOrders(checks, client, near);
  addConditionals(checks, client, near);
  addHistory(checks, client, simulator, near);
  addStreams(checks, client, near);
  addAbsent(checks, client, near);
  return { checks, close: () => client.close() };
}

type State = { price: number };
type Near = (share: number) => number;

function addMarketData(checks: Checks, client: Client, state: State): void {
  checks.add("loadMarkets", async () => {
    await client.loadMarkets();
    assert.ok(client.market(symbol).limits.cost?.min === 5);
  });
  checks.add("fetchTime", () => client.fetchTime());
  checks.add("fetchStatus", async () => assert.equal((await client.fetchStatus()).status, "ok"));
  checks.add("fetchCurrencies", () => client.fetchCurrencies());
  checks.add("fetchTicker", async () => {
    state.price = (await client.fetchTicker(symbol)).last ?? 0;
    assert.ok(state.price > 1000);
  });
  checks.add("fetchTickers", async () =>
    assert.ok(Object.keys(await client.fetchTickers()).length >= 5),
  );
  checks.add("fetchLastPrices", () => client.fetchLastPrices());
  checks.add("fetchBidsAsks", () => client.fetchBidsAsks([symbol]));
  checks.add("fetchOrderBook", async () => {
    const { bids, asks } = await client.fetchOrderBook(symbol, 10);
    assert.ok((bids[0]?.[0] ?? 0) < (asks[0]?.[0] ?? 0));
  });
  checks.add("fetchOHLCV", async () => {
    const candles = await client.fetchOHLCV(symbol, "1m", undefined, 100);
    assert.equal(candles.length, 100);
    assert.equal((candles[99]?.[0] ?? 0) - (candles[98]?.[0] ?? 0), 60_000);
  });
  checks.add("fetchTrades", async () =>
    assert.ok((await client.fetchTrades(symbol, undefined, 5)).length > 0),
  );
  checks.add("fetchBalance", async () => assert.equal((await client.fetchBalance()).BTC?.free, 2));
  checks.add("fetchTradingFees", () => client.fetchTradingFees());
  checks.add("fetchTradingFee", () => client.fetchTradingFee(symbol));
}

function addOrders(checks: Checks, client: Client, near: Near): void {
  let id = "";
  checks.add("createOrder limit", async () => {
    const order = await client.createOrder(symbol, "limit", "buy", 0.01, near(0.9));
    assert.deepEqual([order.status, order.filled, order.remaining], ["open", 0, 0.01]);
    id = order.id ?? "";
  });
  checks.add("fetchOrder", async () =>
    assert.equal((await client.fetchOrder(id, symbol)).price, near(0.9)),
  );
  checks.add("fetchOpenOrders", async () =>
    assert.equal((await client.fetchOpenOrders(symbol)).length, 1),
  );
  checks.add("editOrder", async () => {
    const order = await client.editOrder(id, symbol, "limit", "buy", 0.02, near(0.91));
    assert.equal(order.amount, 0.02);
    id = order.id ?? "";
  });
  checks.add("cancelOrder", async () =>
    assert.equal((await client.cancelOrder(id, symbol)).status, "canceled"),
  );
  checks.add("fetchCanceledOrders", async () =>
    assert.equal((await client.fetchCanceledOrders(symbol)).length, 2),
  );
  checks.add("createOrder limit IOC", async () => {
    const order = await client.createOrder(symbol, "limit", "buy", 0.01, near(0.9), {
      timeInForce: "IOC",
    });
    assert.equal(order.status, "expired");
  });
  checks.add(
    "createOrder limit FOK",
    async () => {
      const order = await client.createOrder(symbol, "limit", "buy", 1, near(1.0001), {
        timeInForce: "FOK",
      });
      assert.deepEqual([order.status, order.filled], ["expired", 0]);
    },
    "conforms",
    "expires whole when the book is too thin",
  );
  checks.add("createOrder post only", () =>
    client.createOrder(symbol, "limit", "buy", 0.01, near(0.9), { postOnly: true }),
  );
  checks.add("createOrder market", async () => {
    const order = await client.createOrder(symbol, "market", "buy", 0.01);
    assert.deepEqual([order.status, order.filled, order.trades.length > 0], ["closed", 0.01, true]);
    assert.ok(order.trades.every(({ fee }) => (fee?.cost ?? 0) > 0));
  });
  checks.add("createMarketBuyOrderWithCost", async () => {
    const order = await client.createMarketBuyOrderWithCost(symbol, 500);
    assert.ok((order.cost ?? 0) <= 500 && (order.cost ?? 0) > 499);
  });
}

function addConditionals(checks: Checks, client: Client, near: Near): void {
  checks.add("createOrder stop market", () =>
    client.createOrder(symbol, "market", "sell", 0.01, undefined, { stopLossPrice: near(0.9) }),
  );
  checks.add("createOrder stop limit", () =>
    client.createOrder(symbol, "limit", "sell", 0.01, near(0.89), { stopLossPrice: near(0.9) }),
  );
  checks.add("createOrder take profit market", () =>
    client.createOrder(symbol, "market", "sell", 0.01, undefined, { takeProfitPrice: near(1.1) }),
  );
  checks.add("createOrder take profit limit", () =>
    client.createOrder(symbol, "limit", "sell", 0.01, near(1.1), { takeProfitPrice: near(1.1) }),
  );
  checks.add("createOrder test", () =>
    client.createOrder(symbol, "limit", "buy", 0.01, near(0.9), { test: true }),
  );
  checks.add("privatePostOrderListOco", async () => {
    const pair = await client.privatePostOrderListOco({
      symbol: "BTCUSDT",
      side: "SELL",
      quantity: "0.01",
      aboveType: "LIMIT_MAKER",
      abovePrice: String(near(1.1)),
      belowType: "STOP_LOSS_LIMIT",
      belowStopPrice: String(near(0.9)),
      belowPrice: String(near(0.89)),
      belowTimeInForce: "GTC",
    });
    assert.equal(pair.orderReports.length, 2);
  });
  checks.add("cancelAllOrders", async () =>
    assert.ok((await client.cancelAllOrders(symbol)).length >= 6),
  );
}

function addHistory(checks: Checks, client: Client, simulator: Simulator, near: Near): void {
  checks.add("fetchOrders", async () => assert.ok((await client.fetchOrders(symbol)).length > 8));
  checks.add("fetchClosedOrders", () => client.fetchClosedOrders(symbol));
  checks.add("fetchMyTrades", async () =>
    assert.ok((await client.fetchMyTrades(symbol)).length >= 2),
  );
  checks.add("fetchOrderTrades", async () => {
    const [order] = await client.fetchClosedOrders(symbol);
    assert.ok((await client.fetchOrderTrades(order?.id ?? "", symbol)).length > 0);
  });
  checks.add("errors: InsufficientFunds", () =>
    rejects(client.createOrder(symbol, "limit", "buy", 100, near(0.9)), "InsufficientFunds"),
  );
  checks.add("errors: OrderNotFound", () =>
    rejects(client.cancelOrder("999999999", symbol), "OrderNotFound"),
  );
  checks.add("errors: AuthenticationError", () => {
    const stranger = ccxtSpot(simulator, { apiKey: "stranger", secret: "none" });
    return rejects(stranger.fetchBalance(), "AuthenticationError");
  });
}

function addAbsent(checks: Checks, client: Client, near: Near): void {
  checks.absent(
    "createOrder trailing",
    () =>
      client.createOrder(symbol, "market", "sell", 0.01, undefined, {
        trailingPercent: 1,
        stopLossPrice: near(0.9),
      }),
    "the symbol does not allow trailing stops",
  );
  checks.absent(
    "createOrder iceberg",
    () => client.createOrder(symbol, "limit", "buy", 0.1, near(0.9), { icebergAmount: 0.01 }),
    "the symbol does not allow icebergs",
  );
  checks.absent(
    "createOrder sor",
    () => client.createOrder(symbol, "limit", "buy", 0.1, near(0.9), { sor: true }),
    "no smart order routing",
  );
  checks.absent(
    "withdraw",
    () => client.withdraw("BTC", 0.1, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    "nothing leaves a simulator",
  );
}

async function rejects(call: Promise<unknown>, name: string): Promise<void> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.equal(error instanceof Error ? error.constructor.name : null, name);
}

type Client = ReturnType<typeof ccxtSpot>;

function addStreams(checks: Checks, client: Client, near: Near): void {
  checks.add("watchTicker", () => client.watchTicker(symbol));
  checks.add("watchTickers", () => client.watchTickers([symbol, "ETH/USDT"]));
  checks.add("watchBidsAsks", () => client.watchBidsAsks([symbol]));
  checks.add("watchTrades", () => client.watchTrades(symbol));
  checks.add("watchOHLCV", () => client.watchOHLCV(symbol, "1m"));
  checks.add("watchOrderBook", async () => {
    for (let update = 0; update < 3; update += 1) {
      const { bids, asks } = await client.watchOrderBook(symbol);
      assert.ok((bids[0]?.[0] ?? 0) < (asks[0]?.[0] ?? 0));
    }
  });
  let heard: Promise<unknown[]> = Promise.resolve([]);
  checks.add("createOrderWs", async () => {
    heard = Promise.all([
      client.watchOrders(symbol),
      client.watchMyTrades(symbol),
      client.watchBalance(),
    ]);
    heard.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 500));
    const order = await client.createOrderWs(symbol, "market", "buy", 0.01);
    assert.equal(order.status, "closed");
  });
  checks.add("watchOrders, watchMyTrades, watchBalance", async () => {
    let isHeard = false;
    const done = heard.then(({ length }) => {
      isHeard = length === 3;
    });
    // Subscriptions may take their time: something happens until they tell of it.
    while (!isHeard) await client.createOrderWs(symbol, "market", "buy", 0.001);
    await done;
  });
  let id = "";
  checks.add("fetchOrderWs, editOrderWs, cancelOrderWs", async () => {
    const order = await client.createOrderWs(symbol, "limit", "buy", 0.01, near(0.9));
    assert.equal((await client.fetchOrderWs(order.id ?? "", symbol)).status, "open");
    const edited = await client.editOrderWs(
      order.id ?? "",
      symbol,
      "limit",
      "buy",
      0.02,
      near(0.9),
    );
    id = edited.id ?? "";
    assert.equal((await client.cancelOrderWs(id, symbol)).status, "canceled");
  });
  checks.add("fetchBalanceWs", () => client.fetchBalanceWs());
  checks.add("fetchOpenOrdersWs", () => client.fetchOpenOrdersWs(symbol));
  checks.add("fetchMyTradesWs", () => client.fetchMyTradesWs(symbol));
  checks.add("fetchTradesWs", () => client.fetchTradesWs(symbol));
  checks.add("fetchOHLCVWs", () => client.fetchOHLCVWs(symbol, "1m"));
}
