import assert from "node:assert/strict";
import {
  DerivativesTradingUsdsFutures,
  type DerivativesTradingUsdsFuturesRestAPI,
} from "@binance/derivatives-trading-usds-futures";
import type { Simulator } from "../../src/simulator.ts";
import { Checks } from "./check.ts";
import { connectorSettings } from "./connector-settings.ts";

const symbol = "BTCUSDT";
type Rest = DerivativesTradingUsdsFuturesRestAPI.RestAPI;

/** Binance's own REST client for USD-M futures. */
export function connectorFuturesChecks(simulator: Simulator, ca: string): Checks {
  const key = simulator.openAccount({ USDT: "100000" });
  const client = new DerivativesTradingUsdsFutures(connectorSettings(simulator, key, ca)).restAPI;
  const checks = new Checks();
  addData(checks, client);
  addAccount(checks, client);
  addTrading(checks, client);
  return checks;
}

function addData(checks: Checks, client: Rest): void {
  checks.add("testConnectivity", () => client.testConnectivity());
  checks.add("checkServerTime", () => client.checkServerTime());
  checks.add("exchangeInformation", () => client.exchangeInformation());
  checks.add("orderBook", () => client.orderBook({ symbol }));
  checks.add("recentTradesList", () => client.recentTradesList({ symbol }));
  checks.add("compressedAggregateTradesList", () =>
    client.compressedAggregateTradesList({ symbol }),
  );
  checks.add("klineCandlestickData", () =>
    client.klineCandlestickData({ symbol, interval: "1m" as never }),
  );
  checks.add("markPrice", () => client.markPrice({ symbol }));
  checks.add("getFundingRateHistory", () => client.getFundingRateHistory({ symbol }));
  checks.add("getFundingRateInfo", () => client.getFundingRateInfo());
  checks.add("ticker24hrPriceChangeStatistics", () =>
    client.ticker24hrPriceChangeStatistics({ symbol }),
  );
  checks.add("symbolPriceTickerV2", () => client.symbolPriceTickerV2({ symbol }));
  checks.add("symbolOrderBookTicker", () => client.symbolOrderBookTicker({ symbol }));
  checks.add("openInterest", () => client.openInterest({ symbol }));
  checks.absent("compositeIndexSymbolInformation", () =>
    client.compositeIndexSymbolInformation({}),
  );
  checks.absent(
    "basis",
    () =>
      client.basis({
        pair: symbol,
        contractType: "PERPETUAL" as never,
        period: "5m" as never,
        limit: 5,
      }),
    "no statistics under /futures/data",
  );
}

function addAccount(checks: Checks, client: Rest): void {
  checks.add("futuresAccountBalanceV3", () => client.futuresAccountBalanceV3());
  checks.add("accountInformationV3", () => client.accountInformationV3());
  checks.add("futuresAccountConfiguration", () => client.futuresAccountConfiguration());
  checks.add("symbolConfiguration", () => client.symbolConfiguration({ symbol }));
  checks.add("getCurrentPositionMode", () => client.getCurrentPositionMode());
  checks.add("getCurrentMultiAssetsMode", () => client.getCurrentMultiAssetsMode());
  checks.add("userCommissionRate", () => client.userCommissionRate({ symbol }));
  checks.add("notionalAndLeverageBrackets", () => client.notionalAndLeverageBrackets({ symbol }));
  checks.add("changeInitialLeverage", () => client.changeInitialLeverage({ symbol, leverage: 5 }));
  checks.add("changeMarginType", () =>
    client.changeMarginType({ symbol, marginType: "ISOLATED" as never }),
  );
  checks.add("startUserDataStream", () => client.startUserDataStream());
  checks.add("keepaliveUserDataStream", () => client.keepaliveUserDataStream());
  checks.add("closeUserDataStream", () => client.closeUserDataStream());
}

function addTrading(checks: Checks, client: Rest): void {
  const buy = { symbol, side: "BUY" as never };
  let price = 0;
  let orderId = 0;
  checks.add("newOrder LIMIT", async () => {
    const view = (await (await client.symbolPriceTickerV2({ symbol })).data()) as {
      price?: string;
    };
    price = Math.round(Number(view.price));
    const limit = {
      ...buy,
      type: "LIMIT" as never,
      timeInForce: "GTC" as never,
      quantity: 0.01,
      price: Math.round(price * 0.97),
    };
    orderId = Number((await (await client.newOrder(limit)).data()).orderId);
  });
  checks.add("queryOrder", () => client.queryOrder({ symbol, orderId }));
  checks.add("currentAllOpenOrders", async () =>
    assert.equal((await (await client.currentAllOpenOrders({ symbol })).data()).length, 1),
  );
  checks.add("modifyOrder", async () => {
    const changed = await client.modifyOrder({
      ...buy,
      orderId,
      quantity: 0.02,
      price: Math.round(price * 0.96),
    });
    assert.equal(Number((await changed.data()).orderId), orderId);
  });
  checks.add("cancelOrder", () => client.cancelOrder({ symbol, orderId }));
  checks.add("newOrder MARKET", () =>
    client.newOrder({ ...buy, type: "MARKET" as never, quantity: 0.05 }),
  );
  checks.add("positionInformationV3", async () => {
    const [position] = (await (await client.positionInformationV3({ symbol })).data()) as {
      positionAmt?: string;
    }[];
    assert.equal(position?.positionAmt, "0.050");
  });
  checks.add("modifyIsolatedPositionMargin", () =>
    client.modifyIsolatedPositionMargin({ symbol, amount: 10, type: "1" as never }),
  );
  checks.add("newAlgoOrder, queryAlgoOrder, cancelAlgoOrder", async () => {
    const stop = {
      algoType: "CONDITIONAL" as never,
      symbol,
      side: "SELL" as never,
      type: "STOP_MARKET" as never,
    };
    const placed = await client.newAlgoOrder({
      ...stop,
      triggerPrice: Math.round(price * 0.9),
      closePosition: "true" as never,
    });
    const algoId = Number((await placed.data()).algoId);
    await client.queryAlgoOrder({ algoId });
    await client.cancelAlgoOrder({ algoId });
  });
  checks.add("newOrder reduceOnly", () =>
    client.newOrder({
      symbol,
      side: "SELL" as never,
      type: "MARKET" as never,
      quantity: 0.05,
      reduceOnly: "true" as never,
    }),
  );
  checks.add("accountTradeList", async () =>
    assert.ok((await (await client.accountTradeList({ symbol })).data()).length >= 2),
  );
  checks.add("allOrders", () => client.allOrders({ symbol }));
  checks.add("getIncomeHistory", () => client.getIncomeHistory({ symbol }));
  checks.add("cancelAllOpenOrders", () => client.cancelAllOpenOrders({ symbol }));
  checks.absent(
    "autoCancelAllOpenOrders",
    () => client.autoCancelAllOpenOrders({ symbol, countdownTime: 1000 }),
    "no countdown",
  );
  checks.absent(
    "changePositionMode",
    () => client.changePositionMode({ dualSidePosition: "true" }),
    "one-way mode only",
  );
}
