import type { OrderRequest } from "../core/order.ts";
import { placePair } from "../core/pairs.ts";
import type { Market } from "../core/state.ts";
import { cancel } from "../core/trading.ts";
import { type Call, type Operation, owner, requiredMarket } from "./operation.ts";
import { type OrderNames, type OrderType, orderTypes, readLeg, readSide } from "./order-request.ts";
import { Problem, refused, unknownOrder } from "./problem.ts";
import { canceledListView, listView, newOrderView, type ResponseKind } from "./views.ts";

const legNames = (side: "above" | "below"): OrderNames => ({
  price: `${side}Price`,
  stopPrice: `${side}StopPrice`,
  timeInForce: `${side}TimeInForce`,
  clientId: `${side}ClientOrderId`,
  strategyId: `${side}StrategyId`,
  strategyType: `${side}StrategyType`,
  icebergQty: `${side}IcebergQty`,
  trailingDelta: `${side}TrailingDelta`,
});

const legParameters = (side: "above" | "below"): string[] => [
  `${side}Type`,
  ...Object.values(legNames(side)),
];

/** Names of the older form: one limit leg and one stop leg. */
const limitNames: OrderNames = {
  price: "price",
  stopPrice: "unusedStopPrice",
  timeInForce: "unusedTimeInForce",
  clientId: "limitClientOrderId",
  strategyId: "limitStrategyId",
  strategyType: "limitStrategyType",
  icebergQty: "limitIcebergQty",
  trailingDelta: "unusedTrailingDelta",
};
const stopNames: OrderNames = {
  price: "stopLimitPrice",
  stopPrice: "stopPrice",
  timeInForce: "stopLimitTimeInForce",
  clientId: "stopClientOrderId",
  strategyId: "stopStrategyId",
  strategyType: "stopStrategyType",
  icebergQty: "stopIcebergQty",
  trailingDelta: "trailingDelta",
};

const sharedParameters = [
  "symbol",
  "listClientOrderId",
  "side",
  "quantity",
  "newOrderRespType",
  "selfTradePreventionMode",
];

const used = (names: OrderNames): string[] =>
  Object.values(names).filter((name) => !name.startsWith("unused"));

export const placePairs: readonly Operation[] = [
  {
    rest: "POST /api/v3/orderList/oco",
    socket: "orderList.place.oco",
    security: "TRADE",
    weight: 1,
    parameters: [...sharedParameters, ...legParameters("above"), ...legParameters("below")],
    run: placeOco,
  },
  {
    rest: "POST /api/v3/order/oco",
    socket: "orderList.place",
    security: "TRADE",
    weight: 1,
    parameters: [...sharedParameters, ...used(limitNames), ...used(stopNames)],
    run: placeOldOco,
  },
];

const badType = (): Problem => new Problem(-1158, "Order type not supported in OCO.");

function placeOco(call: Call): unknown {
  const { venue, parameters } = call;
  const market = requiredMarket(call);
  const side = readSide(parameters);
  const typeOf = (name: string): OrderType => {
    parameters.required(name);
    const type = parameters.choice(name, orderTypes, badType) ?? "LIMIT";
    if (type === "LIMIT" || type === "MARKET") throw badType();
    return type;
  };
  const aboveType = typeOf("aboveType");
  const belowType = typeOf("belowType");
  checkTypes(side, aboveType, belowType);
  const above = readLeg(venue.core, market, parameters, side, aboveType, legNames("above"));
  const below = readLeg(venue.core, market, parameters, side, belowType, legNames("below"));
  return finishPair(call, market, above, below);
}

const isStopLoss = (type: OrderType): boolean => type.startsWith("STOP_LOSS");

/** One leg takes profit (or rests), the other stops a loss, each on its own side of the market. */
function checkTypes(side: "BUY" | "SELL", above: OrderType, below: OrderType): void {
  if (above === "LIMIT_MAKER" && below === "LIMIT_MAKER") {
    throw new Problem(-1168, "At least one OCO order must be contingent.");
  }
  const stopIsAbove = side === "BUY";
  if (stopIsAbove && above === "LIMIT_MAKER") {
    throw new Problem(-1165, "A limit order in a buy OCO must be below.");
  }
  if (!stopIsAbove && below === "LIMIT_MAKER") {
    throw new Problem(-1166, "A limit order in a sell OCO must be above.");
  }
  if (stopIsAbove && isStopLoss(below)) {
    throw new Problem(-1196, "A stop loss order in a buy OCO must be above.");
  }
  if (!stopIsAbove && isStopLoss(above)) {
    throw new Problem(-1197, "A stop loss order in a sell OCO must be below.");
  }
  if (stopIsAbove && !isStopLoss(above)) {
    throw new Problem(-1198, "A take profit order in a buy OCO must be below.");
  }
  if (!stopIsAbove && !isStopLoss(below)) {
    throw new Problem(-1199, "A take profit order in a sell OCO must be above.");
  }
}

function placeOldOco(call: Call): unknown {
  const { venue, parameters } = call;
  const market = requiredMarket(call);
  const side = readSide(parameters);
  const stopType = parameters.has("stopLimitPrice") ? "STOP_LOSS_LIMIT" : "STOP_LOSS";
  const limit = readLeg(venue.core, market, parameters, side, "LIMIT_MAKER", limitNames);
  const stop = readLeg(venue.core, market, parameters, side, stopType, stopNames);
  return side === "SELL"
    ? finishPair(call, market, limit, stop)
    : finishPair(call, market, stop, limit);
}

function finishPair(call: Call, market: Market, above: OrderRequest, below: OrderRequest): unknown {
  const { venue, parameters } = call;
  const account = owner(call);
  const clientId = parameters.clientId("listClientOrderId") ?? venue.core.random.token(22);
  const kind: ResponseKind =
    parameters.choice("newOrderRespType", ["ACK", "RESULT", "FULL"] as const, badType) ?? "RESULT";
  venue.limits.countOrders(account, 2);
  const placed = placePair(venue.core, account, market, clientId, above, below);
  if (placed.kind === "refused") throw refused(placed.reason);
  return {
    ...listView(placed.list),
    orderReports: placed.list.orders.map((order) => newOrderView(order, kind, [])),
  };
}

export function cancelPair(call: Call): unknown {
  const { venue, parameters } = call;
  const market = requiredMarket(call);
  const id = parameters.integer("orderListId");
  const clientId = parameters.text("listClientOrderId");
  if (id === null && clientId === null) {
    throw new Problem(
      -1102,
      "Param 'orderListId' or 'listClientOrderId' must be sent, but both were empty/null!",
    );
  }
  const lists = [...owner(call).openLists.values()];
  const list = lists.find(
    (one) =>
      one.market === market &&
      (id === null || one.id === id) &&
      (clientId === null || one.clientId === clientId),
  );
  const [leg] = list?.orders ?? [];
  if (list === undefined || leg === undefined) throw unknownOrder();
  const cancelId = parameters.clientId("newClientOrderId") ?? venue.core.random.token(22);
  cancel(venue.core, leg, cancelId);
  return canceledListView(list, cancelId);
}
