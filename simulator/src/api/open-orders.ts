import { accountMarket } from "../core/account.ts";
import { isOpen } from "../core/order.ts";
import type { Account, Market, Order } from "../core/state.ts";
import { firstIndexFrom } from "../core/tape.ts";
import { cancel } from "../core/trading.ts";
import { type Call, owner } from "./operation.ts";
import { noSuchOrder, Problem, unknownOrder } from "./problem.ts";
import { canceledListView, canceledView, type ResponseKind } from "./views.ts";

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

/** The open order a call names. Throws when there is none. */
export function findOpen(call: Call, market: Market, names: Named): Order {
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

/** Throws when the order's state is not the one its cancel was restricted to. */
export function checkRestrictions(call: Call, order: Order): void {
  const restriction = call.parameters.choice(
    "cancelRestrictions",
    restrictions,
    () => new Problem(-1145, "Invalid cancelRestrictions"),
  );
  if (restriction === null || restriction === `ONLY_${order.status}`) return;
  throw new Problem(-2011, "Order was not canceled due to cancel restrictions.");
}

/** Cancels and answers for the order, or for its whole pair. */
export function cancelNow({ venue }: Call, order: Order, clientId: string | null): unknown {
  const id = clientId ?? venue.core.random.token(22);
  cancel(venue.core, order, id);
  return order.list === null ? canceledView(order, id) : canceledListView(order.list, id);
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

/** Whether a fresh order is still invisible to reads (a fault). */
export const isHidden = ({ venue }: Call, order: Order): boolean =>
  venue.core.now() - order.createdAt < venue.faults.staleMs();

export function visible(call: Call, order: Order | null): Order {
  if (order === null || isHidden(call, order)) throw noSuchOrder();
  return order;
}
