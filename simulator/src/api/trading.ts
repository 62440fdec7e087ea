import type { Account } from "../core/account.ts";
import { accountMarket } from "../core/account.ts";
import { formatUnits } from "../core/decimal.ts";
import type { Market } from "../core/market.ts";
import { isOpen, type Order } from "../core/order.ts";
import { firstIndexFrom } from "../core/tape.ts";
import { amend, cancel, place, test } from "../core/trading.ts";
import { type Call, type Operation, owner, requiredMarket } from "./operation.ts";
import { readOrder, toLots } from "./order-request.ts";
import { cancelPair, placePairs } from "./pairs.ts";
import { missing, noSuchOrder, Problem, refused, unknownOrder } from "./problem.ts";
import {
  amendedView,
  canceledListView,
  canceledView,
  newOrderView,
  type ResponseKind,
} from "./views.ts";

export const orderParameters = [
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

const kinds = ["ACK", "RESULT", "FULL"] as const;

/** Which answer an order gets: plain orders everything, all others a bare acknowledgement. */
export function responseKind({ parameters }: Call, type: string): ResponseKind {
  const chosen = parameters.choice(
    "newOrderRespType",
    kinds,
    () => new Problem(-1130, "Data sent for parameter 'newOrderRespType' is not valid."),
  );
  return chosen ?? (type === "LIMIT" || type === "MARKET" ? "FULL" : "ACK");
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

/** An order by id, by client id, or by both (which must then agree); null when there is none. */
export function lookUp(
  account: Account,
  market: Market,
  orderId: number | null,
  clientId: string | null,
): Order | null {
  const place = accountMarket(account, market);
  if (orderId !== null) {
    const order = place.orders[firstIndexFrom(place.orders, orderId)];
    if (order?.id !== orderId) return null;
    return clientId === null || order.clientId === clientId ? order : null;
  }
  return clientId === null ? null : (place.byClientId.get(clientId) ?? null);
}

type Named = Readonly<{ id: string; clientId: string }>;

function findOpen(call: Call, market: Market, names: Named): Order {
  const orderId = call.parameters.integer(names.id);
  const clientId = call.parameters.text(names.clientId);
  if (orderId === null && clientId === null) {
    throw new Problem(
      -1102,
      `Param '${names.clientId}' or '${names.id}' must be sent, but both were empty/null!`,
    );
  }
  const order = lookUp(owner(call), market, orderId, clientId);
  if (order === null || !isOpen(order)) throw unknownOrder();
  return order;
}

const restrictions = ["ONLY_NEW", "ONLY_PARTIALLY_FILLED"] as const;

function checkRestrictions(call: Call, order: Order): void {
  const restriction = call.parameters.choice(
    "cancelRestrictions",
    restrictions,
    () => new Problem(-1145, "Invalid cancelRestrictions"),
  );
  if (restriction === null || restriction === `ONLY_${order.status}`) return;
  throw new Problem(-2011, "Order was not canceled due to cancel restrictions.");
}

function cancelOrder(call: Call): unknown {
  const market = requiredMarket(call);
  const order = findOpen(call, market, { id: "orderId", clientId: "origClientOrderId" });
  checkRestrictions(call, order);
  return cancelNow(call, order, call.parameters.clientId("newClientOrderId"));
}

/** Cancels and answers for the order, or for its whole pair. */
function cancelNow({ venue }: Call, order: Order, clientId: string | null): unknown {
  const id = clientId ?? venue.core.random.token(22);
  cancel(venue.core, order, id);
  return order.list === null ? canceledView(order, id) : canceledListView(order.list, id);
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

const modes = ["STOP_ON_FAILURE", "ALLOW_FAILURE"] as const;
const exceededModes = ["DO_NOTHING", "CANCEL_ONLY"] as const;

type Half = Readonly<{ result: string; response: unknown }>;

/** Cancels one order and places another; each half may fail alone. */
function replaceOrder(call: Call): unknown {
  const { venue, parameters } = call;
  const account = owner(call);
  const market = requiredMarket(call);
  const request = readOrder(venue.core, market, parameters);
  parameters.required("cancelReplaceMode");
  const complaint = (name: string) => (): Problem =>
    new Problem(-1130, `Data sent for parameter '${name}' is not valid.`);
  const mode = parameters.choice("cancelReplaceMode", modes, complaint("cancelReplaceMode"));
  const exceeded = parameters.choice(
    "orderRateLimitExceededMode",
    exceededModes,
    complaint("orderRateLimitExceededMode"),
  );
  let tooMany: Problem | null = null;
  try {
    venue.limits.countOrders(account, 1);
  } catch (problem) {
    if (!(problem instanceof Problem) || exceeded !== "CANCEL_ONLY") throw problem;
    tooMany = problem;
  }
  const canceled = attempt(() => {
    const order = findOpen(call, market, {
      id: "cancelOrderId",
      clientId: "cancelOrigClientOrderId",
    });
    checkRestrictions(call, order);
    return cancelNow(call, order, parameters.clientId("cancelNewClientOrderId"));
  });
  if (canceled.result === "FAILURE" && (mode === "STOP_ON_FAILURE" || tooMany !== null)) {
    throw halves(
      canceled,
      { result: "NOT_ATTEMPTED", response: null },
      tooMany === null ? 400 : 429,
    );
  }
  const placed = attempt(() => {
    if (tooMany !== null) throw tooMany;
    const answer = place(venue.core, account, market, request);
    if (answer.kind === "refused") throw refused(answer.reason);
    return newOrderView(answer.order, responseKind(call, request.type), answer.fills);
  });
  const view = viewOf(canceled, placed);
  if (canceled.result === placed.result && placed.result === "SUCCESS") return view;
  throw halves(canceled, placed, tooMany === null ? 409 : 429);
}

function attempt(act: () => unknown): Half {
  try {
    return { result: "SUCCESS", response: act() };
  } catch (problem) {
    if (problem instanceof Problem) return { result: "FAILURE", response: problem.body() };
    throw problem;
  }
}

const viewOf = (canceled: Half, placed: Half): unknown => ({
  cancelResult: canceled.result,
  newOrderResult: placed.result,
  cancelResponse: canceled.response,
  newOrderResponse: placed.response,
});

function halves(canceled: Half, placed: Half, status: number): Problem {
  const data = viewOf(canceled, placed);
  return canceled.result === "SUCCESS" || placed.result === "SUCCESS"
    ? new Problem(-2021, "Order cancel-replace partially failed.", status, { data })
    : new Problem(-2022, "Order cancel-replace failed.", status === 409 ? 400 : status, { data });
}

/** Whether a fresh order is still invisible to reads (a fault). */
export const isHidden = ({ venue }: Call, order: Order): boolean =>
  venue.core.now() - order.createdAt < venue.faults.staleMs();

export function visible(call: Call, order: Order | null): Order {
  if (order === null || isHidden(call, order)) throw noSuchOrder();
  return order;
}
