import assert from "node:assert/strict";
import type { Simulator } from "../../src/simulator.ts";
import { ccxtFutures } from "./ccxt-client.ts";
import { Checks } from "./check.ts";

const symbol = "BTC/USDT:USDT";

/** The whole life of a perpetual trader with ccxt and ccxt.pro. */
export function ccxtFuturesChecks(simulator: Simulator): {
  checks: Checks;
  close: () => Promise<unknown>;
} {
  const client = ccxtFutures(simulator, simulator.openAccount({ USDT: "100000" }));
  const checks = new Checks();
  const state: State = { price: 0 };
  const near = (share: number): number => Math.round(state.price * share);
  addMarketData(checks, client, state);
  addAccount(checks, client);
  addOrders(checks, client, near);
  addPositionLife(checks, client, near);
  addRest(checks, client, near);
  return { checks, close: () => client.close() };
}

type State = { price: number };
type Near = (share: number) => number;

function addMarketData(checks: Checks, client: Client, state: State): void {
  checks.add("loadMarkets", async () => {
    await client.loadMarkets();
    assert.equal(client.market(symbol).linear, true);
  });
  checks.add("fetchTime", () => client.fetchTime());
  checks.add("fetchTicker", async () => {
    state.price = (await client.fetchTicker(symbol)).last ?? 0;
    assert.ok(state.price > 1000);
  });
  checks.add("fetchTickers", () => client.fetchTickers());
  checks.add("fetchOrderBook", () => client.fetchOrderBook(symbol, 10));
  checks.add("fetchOHLCV", async () =>
    assert.equal((await client.fetchOHLCV(symbol, "1m", undefined, 50)).length, 50),
  );
  checks.differs(
    "fetchMarkOHLCV",
    "the mark price is the index price, so its candles are the market's own",
    () => client.fetchMarkOHLCV(symbol, "1m", undefined, 5),
  );
  checks.add("fetchTrades", () => client.fetchTrades(symbol));
  checks.add("fetchFundingRate", async () =>
    assert.ok(Math.abs((await client.fetchFundingRate(symbol)).fundingRate ?? 1) <= 0.03),
  );
  checks.add("fetchFundingRates", () => client.fetchFundingRates([symbol]));
  checks.add("fetchFundingRateHistory", () => client.fetchFundingRateHistory(symbol));
  checks.add("fetchOpenInterest", () => client.fetchOpenInterest(symbol));
}

function addAccount(checks: Checks, client: Client): void {
  checks.add("fetchBalance", async () =>
    assert.equal((await client.fetchBalance()).USDT?.free, 100_000),
  );
  checks.add("setLeverage", () => client.setLeverage(10, symbol));
  checks.add("setMarginMode", () => client.setMarginMode("isolated", symbol));
  checks.add("fetchLeverages", () => client.fetchLeverages([symbol]));
  checks.add("fetchMarginModes", () => client.fetchMarginModes([symbol]));
  checks.differs("fetchLeverageTiers", "one bracket for all sizes", () =>
    client.fetchLeverageTiers([symbol]),
  );
  checks.add("fetchPositionMode", async () =>
    assert.equal((await client.fetchPositionMode(symbol)).hedged, false),
  );
  checks.add("fetchTradingFee", () => client.fetchTradingFee(symbol));
}

function addOrders(checks: Checks, client: Client, near: Near): void {
  let id = "";
  checks.add("createOrder limit", async () => {
    const order = await client.createOrder(symbol, "limit", "buy", 0.01, near(0.97));
    assert.equal(order.status, "open");
    id = order.id ?? "";
  });
  checks.add("fetchOrder", async () =>
    assert.equal((await client.fetchOrder(id, symbol)).status, "open"),
  );
  checks.add("fetchOpenOrders", async () =>
    assert.equal((await client.fetchOpenOrders(symbol)).length, 1),
  );
  checks.add("fetchOpenOrder", () => client.fetchOpenOrder(id, symbol));
  checks.add("editOrder", async () => {
    const edited = await client.editOrder(id, symbol, "limit", "buy", 0.02, near(0.96));
    assert.deepEqual([edited.id, edited.amount], [id, 0.02]);
  });
  checks.add("cancelOrder", async () =>
    assert.equal((await client.cancelOrder(id, symbol)).status, "canceled"),
  );
  checks.add("createOrders", async () => {
    const order = {
      symbol,
      type: "limit" as const,
      side: "buy" as const,
      amount: 0.01,
      price: near(0.97),
    };
    assert.equal((await client.createOrders([order, order])).length, 2);
  });
  checks.add("cancelAllOrders", () => client.cancelAllOrders(symbol));
}

function addRest(checks: Checks, client: Client, near: Near): void {
  checks.add("fetchOrders", async () => assert.ok((await client.fetchOrders(symbol)).length >= 3));
  checks.add("fetchMyTrades", async () =>
    assert.ok((await client.fetchMyTrades(symbol)).length >= 2),
  );
  checks.add("fetchFundingHistory", () => client.fetchFundingHistory(symbol));
  checks.add("watchTicker", () => client.watchTicker(symbol));
  checks.add("watchTrades", () => client.watchTrades(symbol));
  checks.add("watchOHLCV", () => client.watchOHLCV(symbol, "1m"));
  checks.add("watchOrderBook", () => client.watchOrderBook(symbol));
  checks.add("watchMarkPrice", () => client.watchMarkPrice(symbol));
  checks.add("watchBidsAsks", () => client.watchBidsAsks([symbol]));
  checks.add("fetchOrderBookWs", () => client.fetchOrderBookWs(symbol));
  checks.add("fetchTickerWs", () => client.fetchTickerWs(symbol));
  checks.add("createOrderWs, cancelOrderWs", async () => {
    const order = await client.createOrderWs(symbol, "limit", "buy", 0.01, near(0.97));
    await client.cancelOrderWs(order.id ?? "", symbol);
  });
  checks.absent("createOrder trailing", () =>
    client.createOrder(symbol, "market", "sell", 0.01, undefined, { trailingPercent: 1 }),
  );
  checks.absent(
    "setPositionMode hedged",
    () => client.setPositionMode(true, symbol),
    "one-way mode only",
  );
  checks.absent(
    "fetchMyLiquidations",
    () => client.fetchMyLiquidations(symbol),
    "liquidations are in the orders and trades",
  );
}

type Client = ReturnType<typeof ccxtFutures>;

function addPositionLife(checks: Checks, client: Client, near: Near): void {
  let heard: Promise<unknown[]> = Promise.resolve([]);
  let stopId = "";
  checks.add("createOrder market", async () => {
    heard = Promise.all([
      client.watchOrders(symbol),
      client.watchBalance(),
      client.watchPositions([symbol]),
    ]);
    heard.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal((await client.createOrder(symbol, "market", "buy", 0.05)).status, "closed");
  });
  checks.add("watchOrders, watchBalance, watchPositions", async () => {
    let isHeard = false;
    const done = heard.then(({ length }) => {
      isHeard = length === 3;
    });
    // Subscriptions may take their time: something happens until they tell of it.
    while (!isHeard) {
      await client.createOrder(symbol, "market", "buy", 0.01);
      await client.createOrder(symbol, "market", "sell", 0.01);
    }
    await done;
  });
  checks.add("fetchPositions", async () => {
    const [position] = await client.fetchPositions([symbol]);
    assert.deepEqual(
      [position?.contracts, position?.side, position?.marginMode, position?.leverage],
      [0.05, "long", "isolated", 10],
    );
  });
  checks.add("fetchPositionsRisk", async () => {
    const [position] = (await client.fetchPositionsRisk([symbol])) as {
      liquidationPrice?: number;
    }[];
    const liquidation = position?.liquidationPrice ?? 0;
    assert.ok(liquidation > near(0.88) && liquidation < near(0.92));
  });
  checks.add("addMargin, reduceMargin", async () => {
    await client.addMargin(symbol, 10);
    await client.reduceMargin(symbol, 5);
  });
  const protect = { reduceOnly: true };
  checks.add("createOrder stop market", async () => {
    stopId =
      (
        await client.createOrder(symbol, "market", "sell", 0.05, undefined, {
          ...protect,
          stopLossPrice: near(0.97),
        })
      ).id ?? "";
  });
  checks.add("createOrder stop limit", () =>
    client.createOrder(symbol, "limit", "sell", 0.05, near(0.96), {
      ...protect,
      stopLossPrice: near(0.97),
    }),
  );
  checks.add("createOrder take profit market", () =>
    client.createOrder(symbol, "market", "sell", 0.05, undefined, {
      ...protect,
      takeProfitPrice: near(1.04),
    }),
  );
  checks.add("fetchOrder conditional", async () =>
    assert.equal((await client.fetchOrder(stopId, symbol, { trigger: true })).status, "open"),
  );
  checks.add("fetchOpenOrders conditional", async () =>
    assert.equal(
      (await client.fetchOpenOrders(symbol, undefined, undefined, { trigger: true })).length,
      3,
    ),
  );
  checks.add("cancelOrder conditional", () =>
    client.cancelOrder(stopId, symbol, { trigger: true }),
  );
  checks.add("cancelAllOrders conditional", () =>
    client.cancelAllOrders(symbol, { trigger: true }),
  );
  checks.add("createOrder reduce only", async () => {
    await client.createOrder(symbol, "market", "sell", 0.05, undefined, protect);
    assert.equal((await client.fetchPositions([symbol])).length, 0);
  });
}
