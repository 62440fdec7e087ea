import { accountMarket } from "./account.ts";
import { end, expire, takeOver } from "./closing.ts";
import {
  type Core,
  createOrder,
  flush,
  lock,
  move,
  type Rejection,
  register,
  report,
  unlock,
  type Want,
} from "./core.ts";
import { brokenFilter, brokenSize, brokenTerms } from "./filters.ts";
import { canFillCompletely, crosses, match, sweepLots, sweepQuote } from "./matching.ts";
import { isOpen, isWaiting, type OrderRequest, remaining } from "./order.ts";
import type { Account, AccountTrade, Market, Order } from "./state.ts";
import { arm, wake } from "./triggers.ts";

export type Placed =
  | Readonly<{ kind: "placed"; order: Order; fills: readonly AccountTrade[] }>
  | Readonly<{ kind: "refused"; reason: Rejection }>;

const rejected = (message: string, code = -2010): Rejection => ({ code, message });
const refuse = (reason: Rejection): Placed => ({ kind: "refused", reason });

/** Places an order: every check first, then everything happens. */
export function place(core: Core, account: Account, market: Market, request: OrderRequest): Placed {
  const want = wanted(account, market, request);
  const refusal = check(core, want);
  if (refusal !== null) return refuse(refusal);
  const need = core.settlement.need(core, want);
  if (typeof need !== "bigint") return refuse(need);
  // From here on nothing can fail.
  const order = createOrder(core, want);
  register(order);
  lock(core, order, need);
  const { trades } = accountMarket(account, market);
  const tradesBefore = trades.length;
  start(core, order);
  settleStops(core, market);
  flush(core);
  return {
    kind: "placed",
    order,
    fills: trades.length === tradesBefore ? none : fillsOf(order, trades, tradesBefore),
  };
}

const none: readonly AccountTrade[] = [];

/** The order's own trades among the account's newest; stops it woke may have traded as well. */
const fillsOf = (order: Order, trades: readonly AccountTrade[], from: number): AccountTrade[] =>
  trades.slice(from).filter((trade) => trade.order === order);

/** The same checks as place, without an effect. */
export function test(
  core: Core,
  account: Account,
  market: Market,
  request: OrderRequest,
): Rejection | null {
  const want = wanted(account, market, request);
  const refusal = check(core, want);
  if (refusal !== null) return refusal;
  const need = core.settlement.need(core, want);
  return typeof need === "bigint" ? null : need;
}

/** How many lots a request means now, and what they would cost at the market. */
export function wanted(account: Account, market: Market, request: OrderRequest): Want {
  if (request.quote > 0n) {
    const swept = sweepQuote(account, market, request);
    return { account, market, request, lots: swept.lots, cost: swept.quote };
  }
  const cost =
    request.limit === 0 && request.stop === 0
      ? sweepLots(account, market, request, request.lots).quote
      : 0n;
  return { account, market, request, lots: request.lots, cost };
}

/** Why an order may not be placed (funds aside), or null. */
export function check(core: Core, want: Want): Rejection | null {
  const { account, market, request, lots } = want;
  if (market.status !== "TRADING") return rejected("Market is closed.", -1013);
  if (!account.canTrade) return rejected("This account may not place or cancel orders.");
  if (account.openByClientId.has(request.clientId)) return rejected("Duplicate order sent.");
  if (request.quote > 0n && lots === 0) {
    return rejected("Order book liquidity is less than symbol minimum quantity.");
  }
  const broken = brokenFilter(account, market, request, lots, core.now());
  if (broken !== null) return broken;
  if (request.stop > 0 && wouldTriggerNow(market, request)) {
    return rejected("Order would trigger immediately.");
  }
  if (request.isPostOnly && request.stop === 0 && wouldTake(market, request)) {
    return rejected("Order would immediately match and take.");
  }
  return null;
}

function wouldTriggerNow(market: Market, request: OrderRequest): boolean {
  if (market.last === 0 || request.stopSource === "MARK_PRICE") return false;
  return request.stopAbove ? market.last >= request.stop : market.last <= request.stop;
}

function wouldTake(market: Market, request: OrderRequest): boolean {
  const best = market.book.best(request.side === "BUY" ? "SELL" : "BUY");
  return best !== null && crosses(request.side, request.limit, best);
}

/** Announces an accepted order and lets it work or wait. */
export function start(core: Core, order: Order): void {
  const { request, market } = order;
  if (request.stop === 0) {
    order.workingAt = core.now();
    report(core, order, { kind: "NEW" });
    work(core, order);
    return;
  }
  report(core, order, { kind: "NEW" });
  arm(request.stopSource === "MARK_PRICE" ? market.markTriggers : market.triggers, order);
}

/** Trades what can be traded now; the rest rests or ends, as the order's kind wants. */
function work(core: Core, order: Order): void {
  const { limit, timeInForce, isPostOnly } = order.request;
  if (isPostOnly && wouldTake(order.market, order.request)) {
    expire(core, order, "REJECTED");
    return;
  }
  if (timeInForce === "FOK" && limit > 0 && !canFillCompletely(order)) {
    expire(core, order, "UNFILLED_FOK_ORDER_EXPIRED");
    return;
  }
  match(core, order);
  if (!isOpen(order)) return;
  if (limit === 0) expire(core, order, "INSUFFICIENT_LIQUIDITY");
  else if (timeInForce === "IOC") expire(core, order, "UNFILLED_IOC_QUANTITY_EXPIRED");
  else order.market.book.add(order);
}

/** Wakes every stop the last price reaches, until none is left. */
export function settleStops(core: Core, market: Market): void {
  for (;;) {
    const order = market.last === 0 ? null : wake(market.triggers, market.last);
    if (order === null) return;
    elect(core, order);
  }
}

/** A stop's price came: the order starts to work. */
export function elect(core: Core, order: Order): void {
  const { request, market } = order;
  order.workingAt = core.now();
  takeOver(core, order);
  resize(core, order);
  if (core.settlement.tradable(order) === 0) {
    expire(core, order, "REJECTED");
    return;
  }
  if (request.limit === 0 || core.settlement.hasUnfundedStops) {
    unlock(core, order);
    const cost = sweepLots(order.account, market, request, remaining(order)).quote;
    const need = core.settlement.need(core, {
      account: order.account,
      market,
      request: { ...request, stop: 0 },
      lots: remaining(order),
      cost,
    });
    if (typeof need !== "bigint") {
      expire(core, order, "REJECTED");
      return;
    }
    lock(core, order, need);
  }
  report(core, order, { kind: "NEW" });
  work(core, order);
}

/** An order that closes a position has the position's size once it works. */
function resize(core: Core, order: Order): void {
  if (order.request.isClosePosition !== true) return;
  order.lots = core.settlement.tradable(order);
  if (order.request.side === "BUY") {
    accountMarket(order.account, order.market).openBuyLots += order.lots;
  }
}

/** Cancels an open order, and the other leg with it when it is one of a pair. */
export function cancel(core: Core, order: Order, newClientId: string): Order[] {
  const legs = (order.list?.orders ?? [order]).filter(isOpen);
  for (const leg of legs) end(core, leg, newClientId);
  flush(core);
  return legs;
}

/**
 * Gives a resting order another price or size (futures): it keeps its id, goes to the back of its new queue
 * and may trade at once.
 */
export function modify(core: Core, order: Order, limit: number, lots: number): Rejection | null {
  const { account, market, list } = order;
  if (list !== null || isWaiting(order) || lots <= order.executed) {
    return rejected("Unsupported order combination", -1014);
  }
  const request = { ...order.request, limit, lots };
  const broken = brokenTerms(account, market, request, lots, core.now());
  if (broken !== null) return broken;
  if (request.isPostOnly && wouldTake(market, request)) {
    return rejected("Order would immediately match and take.");
  }
  const before = order.reserved;
  unlock(core, order);
  const want = { account, market, request, lots: lots - order.executed, cost: 0n };
  const need = core.settlement.need(core, want);
  lock(core, order, typeof need === "bigint" ? need : before);
  if (typeof need !== "bigint") return need;
  market.book.remove(order);
  if (request.side === "BUY") accountMarket(account, market).openBuyLots += lots - order.lots;
  order.request = request;
  order.lots = lots;
  report(core, order, { kind: "REPLACED", originalClientId: order.clientId });
  work(core, order);
  settleStops(core, market);
  flush(core);
  return null;
}

/** Makes an order smaller and keeps its place in the queue. */
export function amend(
  core: Core,
  order: Order,
  lots: number,
  newClientId: string,
): Rejection | null {
  const { account, market } = order;
  const less = order.lots - lots;
  if (less === 0) return rejected("The requested action would change no state; rejecting.", -2038);
  if (less < 0) return rejected("Order amend (quantity increase) is not supported.", -2038);
  if (lots <= order.executed || order.list !== null)
    return rejected("Unsupported order combination", -2038);
  const broken = brokenSize(market, order.request, lots, core.now());
  if (broken !== null) return broken;
  const holder = account.openByClientId.get(newClientId);
  if (holder !== undefined && holder !== order) return rejected("Duplicate order sent.", -2038);
  const share = (order.reserved * BigInt(less)) / BigInt(remaining(order));
  const facts = {
    clientIdBefore: order.clientId,
    clientIdAfter: newClientId,
    lotsBefore: order.lots,
  };
  order.lots = lots;
  if (order.level !== null) market.book.shrink(order.level, less);
  if (order.request.side === "BUY") accountMarket(account, market).openBuyLots -= less;
  order.reserved -= share;
  const asset = core.settlement.lockedAsset(market, order.request.side);
  move(core, account, asset, share, -share, "unlock");
  rename(account, order, newClientId);
  report(core, order, { kind: "REPLACED", originalClientId: facts.clientIdBefore });
  const executionId = market.executionCount;
  order.amendments = [
    ...order.amendments,
    { ...facts, executionId, lotsAfter: lots, at: core.now() },
  ];
  flush(core);
  return null;
}

function rename(account: Account, order: Order, clientId: string): void {
  const place = accountMarket(account, order.market);
  account.openByClientId.delete(order.clientId);
  order.clientId = clientId;
  account.openByClientId.set(clientId, order);
  place.byClientId.set(clientId, order);
}
