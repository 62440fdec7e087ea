import { isHidden, lookUp, visible } from "../api/open-orders.ts";
import { findMarket, type Operation, owner, requiredMarket } from "../api/operation.ts";
import { toLots } from "../api/order-request.ts";
import { Parameters } from "../api/parameters.ts";
import { invalidData, missing, noSuchOrder, Problem, unknownOrder } from "../api/problem.ts";
import { accountMarket } from "../core/account.ts";
import { isOpen, isWaiting } from "../core/order.ts";
import type { Market, Order } from "../core/state.ts";
import { cancel, modify, place, test } from "../core/trading.ts";
import { type FuturesCall, futuresOperation } from "./call.ts";
import {
  futuresOrderParameters,
  futuresRefusal,
  onTick,
  readFuturesOrder,
} from "./order-request.ts";
import { algoView, futuresOrderView, futuresTradeView } from "./order-views.ts";

const named = ["symbol", "orderId", "origClientOrderId"];

/** Orders of the futures venue, plain and conditional. */
export const futuresTrading: readonly Operation[] = [
  trade(
    "POST /fapi/v1/order",
    futuresOrderParameters,
    (call) => place1(call, false),
    "order.place",
  ),
  trade("POST /fapi/v1/order/test", futuresOrderParameters, testOrder),
  trade(
    "PUT /fapi/v1/order",
    [...named, "side", "quantity", "price", "priceMatch"],
    modifyOrder,
    "order.modify",
  ),
  trade("DELETE /fapi/v1/order", named, cancelOrder, "order.cancel"),
  trade("DELETE /fapi/v1/allOpenOrders", ["symbol"], (call) => cancelAll(call, false)),
  trade("POST /fapi/v1/batchOrders", ["batchOrders"], placeBatch),
  trade(
    "DELETE /fapi/v1/batchOrders",
    ["symbol", "orderIdList", "origClientOrderIdList"],
    cancelBatch,
  ),
  trade(
    "POST /fapi/v1/algoOrder",
    futuresOrderParameters,
    (call) => place1(call, true),
    "algoOrder.place",
  ),
  trade(
    "DELETE /fapi/v1/algoOrder",
    ["symbol", "algoId", "clientAlgoId"],
    cancelAlgo,
    "algoOrder.cancel",
  ),
  trade("DELETE /fapi/v1/algoOpenOrders", ["symbol"], (call) => cancelAll(call, true)),
  read("GET /fapi/v1/order", named, (call) => futuresOrderView(find(call)), "order.status"),
  read("GET /fapi/v1/openOrder", named, (call) => futuresOrderView(findOpen(call))),
  read("GET /fapi/v1/openOrders", ["symbol"], (call) =>
    seen(call, open(call, false)).map(futuresOrderView),
  ),
  read("GET /fapi/v1/allOrders", ["symbol", "orderId", "startTime", "endTime", "limit"], (call) =>
    history(call, (order) => order.request.stop === 0 || !isWaiting(order)).map(futuresOrderView),
  ),
  read("GET /fapi/v1/algoOrder", ["algoId", "clientAlgoId", "symbol"], (call) =>
    algoView(visible(call, findAlgo(call))),
  ),
  read("GET /fapi/v1/openAlgoOrders", ["symbol", "algoType", "algoId"], (call) =>
    seen(call, open(call, true)).map(algoView),
  ),
  read(
    "GET /fapi/v1/allAlgoOrders",
    ["symbol", "algoId", "startTime", "endTime", "limit", "page"],
    (call) => history(call, ({ request }) => request.stop > 0).map(algoView),
  ),
  read(
    "GET /fapi/v1/userTrades",
    ["symbol", "orderId", "startTime", "endTime", "fromId", "limit"],
    userTrades,
  ),
  read("GET /fapi/v1/rateLimit/order", [], (call) => call.venue.limits.orderViews(owner(call))),
];

type Run = (call: FuturesCall) => unknown;

function trade(rest: string, parameters: readonly string[], run: Run, socket?: string): Operation {
  return futuresOperation(rest, "TRADE", 1, parameters, run, socket ?? null);
}

function read(rest: string, parameters: readonly string[], run: Run, socket?: string): Operation {
  return futuresOperation(rest, "USER_DATA", 5, parameters, run, socket ?? null);
}

function place1(call: FuturesCall, isAlgo: boolean): unknown {
  const { venue, parameters } = call;
  const account = owner(call);
  const market = requiredMarket(call);
  const request = readFuturesOrder(venue.core, market, parameters, isAlgo);
  venue.limits.countOrders(account, 1);
  const placed = place(venue.core, account, market, request);
  if (placed.kind === "refused") throw futuresRefusal(placed.reason);
  if (isAlgo) return algoView(placed.order);
  const view = futuresOrderView(placed.order);
  const kind = parameters.text("newOrderRespType") ?? "ACK";
  return kind === "RESULT"
    ? view
    : { ...view, status: "NEW", executedQty: "0", cumQty: "0", cumQuote: "0", avgPrice: "0.00" };
}

function testOrder(call: FuturesCall): unknown {
  const market = requiredMarket(call);
  const request = readFuturesOrder(call.venue.core, market, call.parameters, false);
  const rejection = test(call.venue.core, owner(call), market, request);
  if (rejection !== null) throw futuresRefusal(rejection);
  return {};
}

function find(call: FuturesCall): Order {
  const market = requiredMarket(call);
  return visible(
    call,
    lookUp(owner(call), market, ...names(call.parameters, "orderId", "origClientOrderId")),
  );
}

function names(
  parameters: Parameters,
  id: string,
  clientId: string,
): [number | null, string | null] {
  const pair: [number | null, string | null] = [parameters.integer(id), parameters.text(clientId)];
  if (pair[0] === null && pair[1] === null) {
    throw new Problem(
      -1102,
      `Param '${clientId}' or '${id}' must be sent, but both were empty/null!`,
    );
  }
  return pair;
}

function findOpen(call: FuturesCall): Order {
  const order = find(call);
  if (!isOpen(order)) throw noSuchOrder();
  return order;
}

function cancelOrder(call: FuturesCall): unknown {
  const market = requiredMarket(call);
  const order = lookUp(
    owner(call),
    market,
    ...names(call.parameters, "orderId", "origClientOrderId"),
  );
  if (order === null || !isOpen(order)) throw unknownOrder();
  cancel(call.venue.core, order, order.clientId);
  return futuresOrderView(order);
}

/** A new price or quantity: the order keeps its id and loses its place in the queue. */
function modifyOrder(call: FuturesCall): unknown {
  const { venue, parameters } = call;
  const market = requiredMarket(call);
  const order = lookUp(owner(call), market, ...names(parameters, "orderId", "origClientOrderId"));
  if (order === null || !isOpen(order)) throw unknownOrder();
  const limit = onTick(market, requiredDecimal(parameters, "price"));
  const lots = toLots(market, requiredDecimal(parameters, "quantity"));
  const rejection = modify(venue.core, order, limit, lots);
  if (rejection !== null) throw futuresRefusal(rejection);
  return futuresOrderView(order);
}

function requiredDecimal(parameters: Parameters, name: string): bigint {
  const units = parameters.decimal(name);
  if (units === null) throw missing(name);
  return units;
}

function open(call: FuturesCall, isAlgo: boolean): Order[] {
  const symbol = call.parameters.text("symbol");
  const market = symbol === null ? null : findMarket(call.venue, symbol);
  return [...owner(call).openByClientId.values()].filter(
    (order) => (market === null || order.market === market) && isWaiting(order) === isAlgo,
  );
}

/** What reads show of orders: a fault may hide fresh ones. */
const seen = (call: FuturesCall, orders: readonly Order[]): Order[] =>
  orders.filter((order) => !isHidden(call, order));

function cancelAll(call: FuturesCall, isAlgo: boolean): unknown {
  requiredMarket(call);
  for (const order of open(call, isAlgo)) cancel(call.venue.core, order, order.clientId);
  return { code: 200, msg: "The operation of cancel all open order is done." };
}

function readList(call: FuturesCall, name: string): unknown[] {
  const text = call.parameters.text(name);
  if (text === null) return [];
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw invalidData(name);
  }
  if (!Array.isArray(list) || list.length > 10) throw invalidData(name);
  return list;
}

/** Each of a batch stands for itself: one refusal does not touch the others. */
function batch<T>(items: readonly T[], act: (item: T) => unknown): unknown[] {
  return items.map((item) => {
    try {
      return act(item);
    } catch (problem) {
      if (problem instanceof Problem) return problem.body();
      throw problem;
    }
  });
}

function placeBatch(call: FuturesCall): unknown {
  return batch(readList(call, "batchOrders"), (fields) => {
    const values = new Map(
      Object.entries(fields as object).map(([name, value]) => [name, String(value)]),
    );
    return place1({ ...call, parameters: new Parameters(values) }, false);
  });
}

function cancelBatch(call: FuturesCall): unknown {
  const symbol = call.parameters.required("symbol");
  const ids = readList(call, "orderIdList").map((id) => ["orderId", String(id)] as const);
  const clientIds = readList(call, "origClientOrderIdList").map(
    (id) => ["origClientOrderId", String(id)] as const,
  );
  return batch([...ids, ...clientIds], ([name, id]) =>
    cancelOrder({
      ...call,
      parameters: new Parameters(
        new Map([
          ["symbol", symbol],
          [name, id],
        ]),
      ),
    }),
  );
}

function findAlgo(call: FuturesCall): Order {
  const [id, clientId] = names(call.parameters, "algoId", "clientAlgoId");
  for (const market of call.venue.core.markets.values()) {
    const order = lookUp(owner(call), market, id, clientId);
    if (order !== null && order.request.stop > 0) return order;
  }
  throw noSuchOrder();
}

function cancelAlgo(call: FuturesCall): unknown {
  const order = findAlgo(call);
  if (!isWaiting(order)) throw unknownOrder();
  cancel(call.venue.core, order, order.clientId);
  return { algoId: order.id, clientAlgoId: order.clientId, code: "200", msg: "success" };
}

function history(call: FuturesCall, isWanted: (order: Order) => boolean): Order[] {
  const { parameters } = call;
  const start = parameters.time("startTime") ?? 0;
  const end = parameters.time("endTime") ?? Number.POSITIVE_INFINITY;
  const from = parameters.integer("orderId") ?? 0;
  return seen(call, placeOf(call, requiredMarket(call)).orders)
    .filter(
      (order) =>
        order.id >= from && order.createdAt >= start && order.createdAt <= end && isWanted(order),
    )
    .slice(-parameters.limit("limit", 500, 1000));
}

const placeOf = (call: FuturesCall, market: Market): ReturnType<typeof accountMarket> =>
  accountMarket(owner(call), market);

function userTrades(call: FuturesCall): unknown {
  const { parameters } = call;
  const orderId = parameters.integer("orderId");
  const fromId = parameters.integer("fromId") ?? 0;
  const start = parameters.time("startTime") ?? 0;
  const end = parameters.time("endTime") ?? Number.POSITIVE_INFINITY;
  return placeOf(call, requiredMarket(call))
    .trades.filter(
      ({ id, order, at }) =>
        id >= fromId &&
        at >= start &&
        at <= end &&
        (orderId === null || order.id === orderId) &&
        !isHidden(call, order),
    )
    .slice(-parameters.limit("limit", 500, 1000))
    .map(futuresTradeView);
}
