import { formatUnits, unitsPerOne } from "../core/decimal.ts";
import { baseOf } from "../core/market.ts";
import { isWaiting } from "../core/order.ts";
import type { AccountTrade, Order } from "../core/state.ts";
import { price, quantity } from "./call.ts";

type View = Record<string, unknown>;

/** Average price of what was filled. */
export function averagePrice(order: Order): string {
  if (order.executed === 0) return "0.00";
  return formatUnits((order.executedQuote * unitsPerOne) / baseOf(order.market, order.executed));
}

export function futuresOrderView(order: Order): View {
  const { market, request } = order;
  const isClosing = request.isClosePosition ?? false;
  return {
    orderId: order.id,
    symbol: market.symbol,
    status: order.status,
    clientOrderId: order.clientId,
    price: price(market, request.limit),
    avgPrice: averagePrice(order),
    origQty: quantity(market, order.lots),
    executedQty: quantity(market, order.executed),
    cumQty: quantity(market, order.executed),
    cumQuote: formatUnits(order.executedQuote),
    timeInForce: request.timeInForce,
    type: workingType(order),
    reduceOnly: (request.isReduceOnly ?? false) || isClosing,
    closePosition: isClosing,
    side: request.side,
    positionSide: "BOTH",
    stopPrice: price(market, request.stop),
    workingType: request.stopSource ?? "CONTRACT_PRICE",
    priceProtect: false,
    origType: request.type,
    priceMatch: "NONE",
    selfTradePreventionMode: request.prevention,
    goodTillDate: 0,
    time: order.createdAt,
    updateTime: order.updatedAt,
  };
}

/** What a woken conditional order has become. */
export function workingType({ request, workingAt }: Order): string {
  if (request.stop === 0 || workingAt < 0) return request.type;
  return request.limit > 0 ? "LIMIT" : "MARKET";
}

/** A conditional order as the algo calls show it. */
export function algoView(order: Order): View {
  const { market, request } = order;
  return {
    algoId: order.id,
    clientAlgoId: order.clientId,
    algoType: "CONDITIONAL",
    orderType: request.type,
    symbol: market.symbol,
    side: request.side,
    positionSide: "BOTH",
    timeInForce: request.timeInForce,
    quantity: quantity(market, order.lots),
    algoStatus: algoStatus(order),
    actualOrderId: isWaiting(order) ? "" : String(order.id),
    triggerPrice: price(market, request.stop),
    price: price(market, request.limit),
    icebergQuantity: null,
    selfTradePreventionMode: request.prevention,
    workingType: request.stopSource ?? "CONTRACT_PRICE",
    priceMatch: "NONE",
    closePosition: request.isClosePosition ?? false,
    priceProtect: false,
    reduceOnly: request.isReduceOnly ?? false,
    createTime: order.createdAt,
    updateTime: order.updatedAt,
    triggerTime: Math.max(order.workingAt, 0),
    goodTillDate: 0,
  };
}

export function algoStatus(order: Order): string {
  if (order.workingAt >= 0)
    return order.status === "NEW" || order.status === "PARTIALLY_FILLED" ? "TRIGGERED" : "FINISHED";
  return order.status;
}

export function futuresTradeView(trade: AccountTrade): View {
  const { order } = trade;
  const { market, request } = order;
  return {
    symbol: market.symbol,
    id: trade.id,
    orderId: order.id,
    side: request.side,
    price: price(market, trade.ticks),
    qty: quantity(market, trade.lots),
    realizedPnl: formatUnits(trade.realised),
    quoteQty: formatUnits(trade.quote),
    commission: formatUnits(trade.fee),
    commissionAsset: trade.feeAsset,
    time: trade.at,
    positionSide: "BOTH",
    buyer: request.side === "BUY",
    maker: trade.isMaker,
  };
}
