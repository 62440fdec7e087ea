import { formatUnits } from "../core/decimal.ts";
import { isOpen } from "../core/order.ts";
import type { Account, Market } from "../core/state.ts";
import { amend, place, test } from "../core/trading.ts";
import { cancelNow, checkRestrictions, findOpen, responseKind } from "./open-orders.ts";
import { type Call, type Operation, owner, requiredMarket } from "./operation.ts";
import { readOrder, toLots } from "./order-request.ts";
import { cancelPair, placePairs } from "./pairs.ts";
import { missing, refused, unknownOrder } from "./problem.ts";
import { replaceOrder } from "./replacing.ts";
import { amendedView, newOrderView } from "./views.ts";

const orderParameters = [
  "symbol",
  "side",
  "type",
  "timeInForce",
  "quantity",
  "quoteOrderQty",
  "price",
  "newClientOrderId",
  "strategyId",
  "strategyType",
  "stopPrice",
  "trailingDelta",
  "icebergQty",
  "newOrderRespType",
  "selfTradePreventionMode",
  "pegPriceType",
  "pegOffsetValue",
  "pegOffsetType",
] as const;

const cancelParameters = [
  "symbol",
  "orderId",
  "origClientOrderId",
  "newClientOrderId",
  "cancelRestrictions",
];

/** Placing, changing and canceling orders. */
export const tradingOperations: readonly Operation[] = [
  trade("POST /api/v3/order", "order.place", 1, orderParameters, placeOrder),
  trade(
    "POST /api/v3/order/test",
    "order.test",
    (p) => (p.text("computeCommissionRates") === "true" ? 20 : 1),
    [...orderParameters, "computeCommissionRates"],
    testOrder,
  ),
  trade("DELETE /api/v3/order", "order.cancel", 1, cancelParameters, cancelOrder),
  trade("DELETE /api/v3/openOrders", "openOrders.cancelAll", 1, ["symbol"], cancelAll),
  trade(
    "POST /api/v3/order/cancelReplace",
    "order.cancelReplace",
    1,
    [
      ...orderParameters,
      "cancelReplaceMode",
      "cancelNewClientOrderId",
      "cancelOrigClientOrderId",
      "cancelOrderId",
      "cancelRestrictions",
      "orderRateLimitExceededMode",
    ],
    replaceOrder,
  ),
  trade(
    "PUT /api/v3/order/amend/keepPriority",
    "order.amend.keepPriority",
    4,
    ["symbol", "orderId", "origClientOrderId", "newClientOrderId", "newQty"],
    amendOrder,
  ),
  ...placePairs,
  trade(
    "DELETE /api/v3/orderList",
    "orderList.cancel",
    1,
    ["symbol", "orderListId", "listClientOrderId", "newClientOrderId"],
    cancelPair,
  ),
];

function trade(
  rest: string,
  socket: string,
  weight: Operation["weight"],
  parameters: readonly string[],
  run: Operation["run"],
): Operation {
  return { rest, socket, security: "TRADE", weight, parameters, run };
}

function placeOrder(call: Call): unknown {
  const { venue } = call;
  const account = owner(call);
  const market = requiredMarket(call);
  const request = readOrder(venue.core, market, call.parameters);
  const kind = responseKind(call, request.type);
  venue.limits.countOrders(account, 1);
  const placed = place(venue.core, account, market, request);
  if (placed.kind === "refused") throw refused(placed.reason);
  return newOrderView(placed.order, kind, placed.fills);
}

function testOrder(call: Call): unknown {
  const { venue } = call;
  const account = owner(call);
  const market = requiredMarket(call);
  const request = readOrder(venue.core, market, call.parameters);
  const rejection = test(venue.core, account, market, request);
  if (rejection !== null) throw refused(rejection);
  return call.parameters.flag("computeCommissionRates") === true
    ? commissionView(account, market)
    : {};
}

function commissionView(account: Account, market: Market): unknown {
  const rates = account.rates ?? { maker: market.makerRate, taker: market.takerRate };
  const none = { maker: formatUnits(0n), taker: formatUnits(0n) };
  return {
    standardCommissionForOrder: {
      maker: formatUnits(rates.maker),
      taker: formatUnits(rates.taker),
    },
    specialCommissionForOrder: none,
    taxCommissionForOrder: none,
    discount: {
      enabledForAccount: account.feeAsset !== null,
      enabledForSymbol: true,
      discountAsset: account.feeAsset ?? "BNB",
      discount: "0.75000000",
    },
  };
}

function cancelOrder(call: Call): unknown {
  const market = requiredMarket(call);
  const order = findOpen(call, market, { id: "orderId", clientId: "origClientOrderId" });
  checkRestrictions(call, order);
  return cancelNow(call, order, call.parameters.clientId("newClientOrderId"));
}

function cancelAll(call: Call): unknown {
  const { venue } = call;
  const market = requiredMarket(call);
  const id = venue.core.random.token(22);
  const open = [...owner(call).openByClientId.values()].filter((order) => order.market === market);
  if (open.length === 0) throw unknownOrder();
  const views: unknown[] = [];
  for (const order of open) {
    if (isOpen(order)) views.push(cancelNow(call, order, id));
  }
  return views;
}

function amendOrder(call: Call): unknown {
  const { venue, parameters } = call;
  const market = requiredMarket(call);
  const order = findOpen(call, market, { id: "orderId", clientId: "origClientOrderId" });
  const quantity = parameters.decimal("newQty");
  if (quantity === null) throw missing("newQty");
  const before = order.clientId;
  const clientId = parameters.clientId("newClientOrderId") ?? venue.core.random.token(22);
  const rejection = amend(venue.core, order, toLots(market, quantity), clientId);
  if (rejection !== null) throw refused(rejection);
  return amendedView(order, before);
}
