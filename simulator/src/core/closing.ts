import { accountMarket } from "./account.ts";
import { type Core, move, report, unlock, unregister } from "./core.ts";
import { worth } from "./market.ts";
import { type ExpiryReason, isOpen, isWaiting } from "./order.ts";
import type { Order, OrderList } from "./state.ts";
import { disarm } from "./triggers.ts";

/** Ends an open order by the exchange's own rules. */
export function expire(core: Core, order: Order, reason: ExpiryReason): void {
  withdraw(order);
  order.status = "EXPIRED";
  order.expiry = reason;
  report(core, order, { kind: "EXPIRED", expiry: reason });
  finish(core, order);
}

/** Ends an open order because its owner wants it; newClientId names the cancel itself. */
export function end(core: Core, order: Order, newClientId: string): void {
  withdraw(order);
  order.status = "CANCELED";
  report(core, order, { kind: "CANCELED", cancelClientId: newClientId });
  finish(core, order);
}

/** Takes an order out of the book or out of the waiting stops. */
export function withdraw(order: Order): void {
  if (isWaiting(order)) {
    disarm(order.market.triggers, order);
    disarm(order.market.markTriggers, order);
  } else {
    order.market.book.remove(order);
  }
}

/** Frees what a closed order still locks and forgets it as an open one. */
export function finish(core: Core, order: Order): void {
  if (order.reserved > 0n) unlock(core, order);
  unregister(order);
  if (order.list !== null) closeWhenDone(core, order.list);
}

/** The first leg of a pair that starts to trade ends the other and takes the pair's reservation. */
export function takeOver(core: Core, leg: Order): void {
  const { list } = leg;
  if (list === null || list.reserved === 0n) return;
  const { side, limit } = leg.request;
  leg.reserved = list.reserved;
  list.reserved = 0n;
  for (const other of list.orders) {
    if (other !== leg && isOpen(other)) expire(core, other, "OCO_TRIGGER");
  }
  if (side === "SELL" || limit === 0) return;
  // A buying pair locked what its dearer leg needs; the excess goes back.
  const excess = leg.reserved - worth(leg.market, limit, leg.lots);
  if (excess > 0n) {
    move(
      core,
      leg.account,
      core.settlement.lockedAsset(leg.market, side),
      excess,
      -excess,
      "unlock",
    );
    leg.reserved -= excess;
  }
}

function closeWhenDone(core: Core, list: OrderList): void {
  if (list.status === "ALL_DONE" || list.orders.some(isOpen)) return;
  const [first] = list.orders;
  if (first !== undefined && list.reserved > 0n) {
    const asset = core.settlement.lockedAsset(list.market, first.request.side);
    move(core, list.account, asset, list.reserved, -list.reserved, "unlock");
    list.reserved = 0n;
  }
  list.status = "ALL_DONE";
  list.updatedAt = core.now();
  list.account.openLists.delete(list.id);
  accountMarket(list.account, list.market).openLists -= 1;
  core.journal.list(list, false);
}
