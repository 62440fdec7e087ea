import assert from "node:assert/strict";
import { Spot, type SpotRestAPI } from "@binance/spot";
import type { Simulator } from "../../src/simulator.ts";
import { Checks } from "./check.ts";
import { connectorSettings } from "./connector-settings.ts";

const symbol = "BTCUSDT";

/** Binance's own REST client for spot. */
export function connectorSpotChecks(simulator: Simulator, ca: string): Checks {
  const key = simulator.openAccount({ USDT: "100000", BTC: "2" });
  const client = new Spot(connectorSettings(simulator, key, ca)).restAPI;
  const checks = new Checks();
  const state: State = { price: 0 };
  addPublic(checks, client, state);
  addTrading(checks, client, state);
  addAccount(checks, client);
  addAbsent(checks, client, state);
  return checks;
}

type Rest = SpotRestAPI.RestAPI;
type Words = Readonly<{
  symbol: string;
  side: never;
  type: never;
  timeInForce: never;
  quantity: number;
  price: number;
}>;
type State = { price: number };

function addPublic(checks: Checks, client: Rest, state: State): void {
  checks.add("ping", () => client.ping());
  checks.add("time", async () =>
    assert.ok(((await (await client.time()).data()).serverTime ?? 0) > 0),
  );
  checks.add("exchangeInfo", async () =>
    assert.equal(
      (await (await client.exchangeInfo({ symbol })).data()).symbols?.[0]?.symbol,
      symbol,
    ),
  );
  checks.add("executionRules", () => client.executionRules({ symbol }));
  checks.add("depth", async () =>
    assert.equal((await (await client.depth({ symbol, limit: 5 })).data()).bids?.length, 5),
  );
  checks.add("getTrades", () => client.getTrades({ symbol }));
  checks.add("historicalTrades", () => client.historicalTrades({ symbol }));
  checks.add("aggTrades", () => client.aggTrades({ symbol }));
  checks.add("klines", async () =>
    assert.equal(
      (await (await client.klines({ symbol, interval: "1m" as never, limit: 10 })).data()).length,
      10,
    ),
  );
  checks.add("uiKlines", () => client.uiKlines({ symbol, interval: "1h" as never }));
  checks.add("avgPrice", () => client.avgPrice({ symbol }));
  checks.add("ticker", () => client.ticker({ symbol, windowSize: "1h" as never }));
  checks.add("ticker24hr", () => client.ticker24hr({ symbol }));
  checks.add("tickerTradingDay", () => client.tickerTradingDay({ symbol }));
  checks.add("tickerPrice", async () => {
    const { price } = (await (await client.tickerPrice({ symbol })).data()) as { price?: string };
    state.price = Number(price);
    assert.ok(state.price > 1000);
  });
  checks.add("tickerBookTicker", () => client.tickerBookTicker({ symbol }));
}

function addTrading(checks: Checks, client: Rest, state: State): void {
  const far = (share: number): number => Math.round(state.price * share);
  // The library types each call's sides and types apart; all take the same words.
  const limit = (share: number): Words => ({
    symbol,
    side: "BUY" as never,
    type: "LIMIT" as never,
    timeInForce: "GTC" as never,
    quantity: 0.01,
    price: far(share),
  });
  let orderId = 0;
  checks.add("orderTest", () => client.orderTest({ ...limit(0.9), computeCommissionRates: true }));
  checks.add("newOrder", async () => {
    const placed = await (await client.newOrder(limit(0.9))).data();
    assert.equal(placed.status, "NEW");
    orderId = Number(placed.orderId);
  });
  checks.add("getOrder", () => client.getOrder({ symbol, orderId }));
  checks.add("getOpenOrders", async () =>
    assert.equal((await (await client.getOpenOrders({ symbol })).data()).length, 1),
  );
  checks.add("orderAmendKeepPriority", () =>
    client.orderAmendKeepPriority({ symbol, orderId, newQty: 0.005 }),
  );
  checks.add("orderAmendments", async () =>
    assert.equal((await (await client.orderAmendments({ symbol, orderId })).data()).length, 1),
  );
  checks.add("orderCancelReplace", async () => {
    const replace = {
      ...limit(0.89),
      cancelReplaceMode: "STOP_ON_FAILURE" as never,
      cancelOrderId: orderId,
    };
    assert.equal(
      (await (await client.orderCancelReplace(replace)).data()).newOrderResult,
      "SUCCESS",
    );
  });
  checks.add("deleteOpenOrders", () => client.deleteOpenOrders({ symbol }));
  checks.add("deleteOrder", async () => {
    const placed = await (await client.newOrder(limit(0.9))).data();
    const gone = await (
      await client.deleteOrder({ symbol, orderId: Number(placed.orderId) })
    ).data();
    assert.equal(gone.status, "CANCELED");
  });
  checks.add("newOrder MARKET", async () => {
    const filled = await client.newOrder({
      symbol,
      side: "BUY" as never,
      type: "MARKET" as never,
      quantity: 0.01,
    });
    assert.equal((await filled.data()).status, "FILLED");
  });
  const pair = () => ({ symbol, side: "SELL" as never, quantity: 0.01 });
  let orderListId = 0;
  checks.add("orderListOco", async () => {
    const placed = await client.orderListOco({
      ...pair(),
      aboveType: "LIMIT_MAKER" as never,
      abovePrice: far(1.1),
      belowType: "STOP_LOSS" as never,
      belowStopPrice: far(0.9),
    });
    orderListId = Number((await placed.data()).orderListId);
  });
  checks.add("getOrderList", () => client.getOrderList({ orderListId }));
  checks.add("openOrderList", async () =>
    assert.equal((await (await client.openOrderList()).data()).length, 1),
  );
  checks.add("deleteOrderList", () => client.deleteOrderList({ symbol, orderListId }));
  checks.add("orderOco", () =>
    client.orderOco({ ...pair(), price: far(1.1), stopPrice: far(0.9) }),
  );
  checks.add("allOrderList", async () =>
    assert.equal((await (await client.allOrderList()).data()).length, 2),
  );
}

function addAccount(checks: Checks, client: Rest): void {
  checks.add("getAccount", async () =>
    assert.ok(
      (await (await client.getAccount({ omitZeroBalances: true })).data()).balances?.length === 2,
    ),
  );
  checks.add("allOrders", async () =>
    assert.ok((await (await client.allOrders({ symbol })).data()).length > 5),
  );
  checks.add("myTrades", async () =>
    assert.ok((await (await client.myTrades({ symbol })).data()).length > 0),
  );
  checks.add("accountCommission", () => client.accountCommission({ symbol }));
  checks.add("rateLimitOrder", () => client.rateLimitOrder());
  checks.add("myPreventedMatches", () => client.myPreventedMatches({ symbol }));
  checks.differs("myAllocations", "always empty: there is no smart order routing", () =>
    client.myAllocations({ symbol }),
  );
  checks.add("myFilters", () => client.myFilters({ symbol }));
}

function addAbsent(checks: Checks, client: Rest, state: State): void {
  const price = (): number => Math.round(state.price * 0.9);
  checks.absent(
    "orderListOto",
    () =>
      client.orderListOto({
        symbol,
        workingType: "LIMIT" as never,
        workingSide: "BUY" as never,
        workingPrice: price(),
        workingQuantity: 0.01,
        workingTimeInForce: "GTC" as never,
        pendingType: "MARKET" as never,
        pendingSide: "SELL" as never,
        pendingQuantity: 0.01,
      }),
    "symbols say otoAllowed: false; the same for OTOCO, OPO and OPOCO",
  );
  checks.absent(
    "sorOrder",
    () =>
      client.sorOrder({ symbol, side: "BUY" as never, type: "MARKET" as never, quantity: 0.01 }),
    "no smart order routing",
  );
  checks.absent(
    "historicalBlockTrades",
    () => client.historicalBlockTrades({ symbol, fromId: 0 }),
    "no block trades",
  );
  checks.absent("referencePrice", () => client.referencePrice({ symbol }), "no reference prices");
}
