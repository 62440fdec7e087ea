import { accountMarket } from "./account.ts";
import {
  type Core,
  createOrder,
  flush,
  move,
  type Rejection,
  register,
  type Want,
} from "./core.ts";
import type { OrderRequest } from "./order.ts";
import type { Account, Market, OrderList } from "./state.ts";
import { check, settleStops, start, wanted } from "./trading.ts";

export type PlacedPair =
  | Readonly<{ kind: "placed"; list: OrderList }>
  | Readonly<{ kind: "refused"; reason: Rejection }>;

const rejected = (message: string, code = -2010): PlacedPair => ({
  kind: "refused",
  reason: { code, message },
});

/** Places a one-cancels-the-other pair: the leg above the market and the one below it. */
export function placePair(
  core: Core,
  account: Account,
  market: Market,
  clientId: string,
  above: OrderRequest,
  below: OrderRequest,
): PlacedPair {
  const refusal = checkPair(account, market, clientId, above, below);
  if (refusal !== null) return refusal;
  const wants = [wanted(account, market, above), wanted(account, market, below)];
  let reserved = 0n;
  for (const want of wants) {
    const reason = check(core, want);
    if (reason !== null) return { kind: "refused", reason };
    const need = core.settlement.need(core, want);
    if (typeof need !== "bigint") return { kind: "refused", reason: need };
    if (need > reserved) reserved = need;
  }
  // From here on nothing can fail.
  const list = openList(core, wants, clientId, reserved);
  for (const order of list.orders) start(core, order);
  settleStops(core, market);
  flush(core);
  return { kind: "placed", list };
}

function checkPair(
  account: Account,
  market: Market,
  clientId: string,
  above: OrderRequest,
  below: OrderRequest,
): PlacedPair | null {
  const openLists = [...account.openLists.values()];
  if (openLists.some((list) => list.clientId === clientId) || above.clientId === below.clientId) {
    return rejected("Duplicate order sent.");
  }
  if (market.last > 0 && (reference(above) <= market.last || reference(below) >= market.last)) {
    return rejected("The relationship of the prices for the orders is not correct.");
  }
  const place = accountMarket(account, market);
  if (place.openLists >= market.limits.orderListsMax) {
    return rejected("Filter failure: MAX_NUM_ORDER_LISTS", -1013);
  }
  return place.openOrders + 2 > market.limits.ordersMax
    ? rejected("Filter failure: MAX_NUM_ORDERS", -1013)
    : null;
}

/** Makes the pair and locks what its dearer leg needs. */
function openList(
  core: Core,
  wants: readonly Want[],
  clientId: string,
  reserved: bigint,
): OrderList {
  const [want] = wants;
  if (want === undefined) throw new Error("a pair has two legs");
  const { account, market, request } = want;
  const list: OrderList = {
    id: core.nextListId,
    clientId,
    account,
    market,
    orders: wants.map((one) => createOrder(core, one)),
    createdAt: core.now(),
    reserved,
    status: "EXECUTING",
    updatedAt: core.now(),
  };
  core.nextListId += 1;
  accountMarket(account, market).openLists += 1;
  account.openLists.set(list.id, list);
  if (!account.isHouse) account.lists.push(list);
  const asset = core.settlement.lockedAsset(market, request.side);
  move(core, account, asset, -reserved, reserved, "lock");
  for (const order of list.orders) {
    order.list = list;
    register(order);
  }
  core.journal.list(list, true);
  return list;
}

/** The price that must lie on its side of the market: the stop, or the limit of a plain limit leg. */
const reference = (request: OrderRequest): number => request.stop || request.limit;
