import { formatUnits } from "../core/decimal.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import { isWaiting } from "../core/order.ts";
import type { AccountTrade, Order, OrderList, PreventedMatch } from "../core/state.ts";

type View = Record<string, unknown>;
export type ResponseKind = "ACK" | "RESULT" | "FULL";

/** The answer to a new order. */
export function newOrderView(
  order: Order,
  kind: ResponseKind,
  fills: readonly AccountTrade[],
): View {
  const head = {
    symbol: order.market.symbol,
    orderId: order.id,
    orderListId: order.list?.id ?? -1,
    clientOrderId: order.clientId,
    transactTime: order.updatedAt,
  };
  if (kind === "ACK") return head;
  const result = { ...head, ...amounts(order), workingTime: order.workingAt, ...tail(order) };
  return kind === "RESULT" ? result : { ...result, fills: fills.map(fillView) };
}

const fillView = (trade: AccountTrade): View => ({
  price: formatPrice(trade.order.market, trade.ticks),
  qty: formatLots(trade.order.market, trade.lots),
  commission: formatUnits(trade.fee),
  commissionAsset: trade.feeAsset,
  tradeId: trade.id,
});

/** The answer to a cancel; clientId is the cancel's own. */
export function canceledView(order: Order, clientId: string): View {
  return {
    symbol: order.market.symbol,
    origClientOrderId: order.clientId,
    orderId: order.id,
    orderListId: order.list?.id ?? -1,
    clientOrderId: clientId,
    transactTime: order.updatedAt,
    ...amounts(order),
    ...tail(order),
  };
}

function amounts(order: Order): View {
  const { market, request } = order;
  return {
    price: formatPrice(market, request.limit),
    origQty: formatLots(market, order.lots),
    executedQty: formatLots(market, order.executed),
    origQuoteOrderQty: formatUnits(request.quote),
    cummulativeQuoteQty: formatUnits(order.executedQuote),
    status: order.status,
    timeInForce: request.timeInForce,
    type: request.type,
    side: request.side,
    ...(request.stop > 0 ? { stopPrice: formatPrice(market, request.stop) } : {}),
  };
}

/** Fields that appear only under conditions, and the prevention mode. */
function tail(order: Order): View {
  const { request, market } = order;
  return {
    selfTradePreventionMode: request.prevention,
    ...(request.strategyId === undefined ? {} : { strategyId: request.strategyId }),
    ...(request.strategyType === undefined ? {} : { strategyType: request.strategyType }),
    ...(order.prevented > 0
      ? {
          preventedMatchId: order.preventedMatchId,
          preventedQuantity: formatLots(market, order.prevented),
        }
      : {}),
    ...(order.expiry === null ? {} : { expiryReason: order.expiry }),
  };
}

/** An order as queries show it. */
export function orderView(order: Order): View {
  const { market, request } = order;
  return {
    symbol: market.symbol,
    orderId: order.id,
    orderListId: order.list?.id ?? -1,
    clientOrderId: order.clientId,
    ...amounts(order),
    stopPrice: formatPrice(market, request.stop),
    icebergQty: formatUnits(0n),
    time: order.createdAt,
    updateTime: order.updatedAt,
    isWorking: !isWaiting(order),
    workingTime: order.workingAt,
    ...tail(order),
  };
}

export function amendedView(order: Order, clientIdBefore: string): View {
  const { market, request } = order;
  return {
    transactTime: order.updatedAt,
    executionId: order.amendments.at(-1)?.executionId ?? 0,
    amendedOrder: {
      symbol: market.symbol,
      orderId: order.id,
      orderListId: -1,
      origClientOrderId: clientIdBefore,
      clientOrderId: order.clientId,
      price: formatPrice(market, request.limit),
      qty: formatLots(market, order.lots),
      executedQty: formatLots(market, order.executed),
      preventedQty: formatLots(market, order.prevented),
      quoteOrderQty: formatUnits(request.quote),
      cumulativeQuoteQty: formatUnits(order.executedQuote),
      status: order.status,
      timeInForce: request.timeInForce,
      type: request.type,
      side: request.side,
      workingTime: order.workingAt,
      selfTradePreventionMode: request.prevention,
    },
  };
}

export function listView(list: OrderList): View {
  const isDone = list.status === "ALL_DONE";
  return {
    orderListId: list.id,
    contingencyType: "OCO",
    listStatusType: isDone ? "ALL_DONE" : "EXEC_STARTED",
    listOrderStatus: list.status,
    listClientOrderId: list.clientId,
    transactionTime: list.updatedAt,
    symbol: list.market.symbol,
    orders: list.orders.map((order) => ({
      symbol: list.market.symbol,
      orderId: order.id,
      clientOrderId: order.clientId,
    })),
  };
}

export function canceledListView(list: OrderList, clientId: string): View {
  return {
    ...listView(list),
    orderReports: list.orders.map((order) => canceledView(order, clientId)),
  };
}

export function accountTradeView(trade: AccountTrade): View {
  const { order } = trade;
  return {
    symbol: order.market.symbol,
    id: trade.id,
    orderId: order.id,
    orderListId: order.list?.id ?? -1,
    price: formatPrice(order.market, trade.ticks),
    qty: formatLots(order.market, trade.lots),
    quoteQty: formatUnits(trade.quote),
    commission: formatUnits(trade.fee),
    commissionAsset: trade.feeAsset,
    time: trade.at,
    isBuyer: order.request.side === "BUY",
    isMaker: trade.isMaker,
    isBestMatch: true,
  };
}

export function preventedMatchView(match: PreventedMatch): View {
  const { market, request } = match.taker;
  return {
    symbol: market.symbol,
    preventedMatchId: match.id,
    takerOrderId: match.taker.id,
    makerSymbol: market.symbol,
    makerOrderId: match.maker.id,
    tradeGroupId: -1,
    selfTradePreventionMode: request.prevention,
    price: formatPrice(market, match.ticks),
    ...(match.takerLots > 0 ? { takerPreventedQuantity: formatLots(market, match.takerLots) } : {}),
    ...(match.makerLots > 0 ? { makerPreventedQuantity: formatLots(market, match.makerLots) } : {}),
    transactTime: match.at,
  };
}
