import { accountMarket } from "./account.ts";
import type { Level } from "./book.ts";
import { expire, finish, takeOver } from "./closing.ts";
import { type Core, report } from "./core.ts";
import { worth } from "./market.ts";
import { isOpen, type OrderRequest, remaining, type Side } from "./order.ts";
import type { Account, Market, Order } from "./state.ts";
import { print } from "./tape.ts";

const opposite = (side: Side): Side => (side === "BUY" ? "SELL" : "BUY");

/** Whether a level's price is good enough for a limit; limit 0 takes any price. */
export function crosses(side: Side, limit: number, level: Level<Order>): boolean {
  if (limit === 0) return true;
  return side === "BUY" ? level.ticks <= limit : level.ticks >= limit;
}

/** Trades a working order against the book, best price and oldest order first. */
export function match(core: Core, taker: Order): void {
  const { side, limit, prevention } = taker.request;
  const { book } = taker.market;
  const makers = opposite(side);
  while (isOpen(taker) && remaining(taker) > 0) {
    const level = book.best(makers);
    if (level === null || !crosses(side, limit, level)) return;
    const maker = level.first;
    if (maker === null) throw new Error("an empty level stayed in the book");
    if (maker.account === taker.account && prevention !== "NONE") {
      preventSelfTrade(core, taker, maker);
      continue;
    }
    const lots = Math.min(tradableOrEnded(core, maker), tradableOrEnded(core, taker));
    if (lots > 0) tradeInPieces(core, taker, maker, level, lots);
  }
}

/** Lots an order may trade now; one that may trade none any more ends here. */
function tradableOrEnded(core: Core, order: Order): number {
  const lots = core.settlement.tradable(order);
  if (lots === 0) expire(core, order, "REJECTED");
  return lots;
}

/** One match, usually one trade; a fault may cut it into several. */
function tradeInPieces(
  core: Core,
  taker: Order,
  maker: Order,
  level: Level<Order>,
  lots: number,
): void {
  const pieces = Math.min(core.pieces(taker), lots);
  for (let piece = 0; piece < pieces; piece += 1) {
    const share = Math.floor((lots * (piece + 1)) / pieces) - Math.floor((lots * piece) / pieces);
    trade(core, taker, maker, level, share);
  }
}

function trade(core: Core, taker: Order, maker: Order, level: Level<Order>, lots: number): void {
  const { market } = taker;
  const ticks = level.ticks;
  const quote = worth(market, ticks, lots);
  market.tradeCount += 1;
  market.last = ticks;
  const takerBuys = taker.request.side === "BUY";
  const printed = {
    id: market.tradeCount,
    ticks,
    lots,
    quote,
    at: core.now(),
    buyerIsMaker: !takerBuys,
    buyerOrderId: takerBuys ? taker.id : maker.id,
    sellerOrderId: takerBuys ? maker.id : taker.id,
  };
  const aggregate = print(market.tape, printed, market.aggregateCount + 1);
  if (aggregate.id > market.aggregateCount) market.aggregateCount = aggregate.id;
  maker.market.book.shrink(level, lots);
  fill(core, maker, printed, true);
  fill(core, taker, printed, false);
  core.journal.trade(market, printed, aggregate);
}

type Printed = Readonly<{ id: number; ticks: number; lots: number; quote: bigint; at: number }>;

function fill(core: Core, order: Order, printed: Printed, isMaker: boolean): void {
  const { lots, ticks, quote } = printed;
  order.executed += lots;
  order.executedQuote += quote;
  const isDone = remaining(order) === 0;
  if (isDone && isMaker) order.market.book.remove(order);
  order.status = isDone
    ? order.prevented > 0
      ? "EXPIRED_IN_MATCH"
      : "FILLED"
    : "PARTIALLY_FILLED";
  const place = accountMarket(order.account, order.market);
  if (order.request.side === "BUY") place.openBuyLots -= lots;
  takeOver(core, order);
  const { fee, asset, realised } = core.settlement.settle(core, order, {
    ticks,
    lots,
    quote,
    isMaker,
  });
  if (!order.account.isHouse) {
    place.trades.push({
      id: printed.id,
      order,
      ticks,
      lots,
      quote,
      fee,
      feeAsset: asset,
      at: printed.at,
      isMaker,
      realised,
    });
  }
  report(core, order, {
    kind: "TRADE",
    lots,
    ticks,
    quote,
    fee,
    feeAsset: asset,
    tradeId: printed.id,
    isMaker,
    realised,
  });
  if (isDone) finish(core, order);
}

function preventSelfTrade(core: Core, taker: Order, maker: Order): void {
  const { market, account } = taker;
  const mode = taker.request.prevention;
  market.preventedCount += 1;
  account.preventedMatches.push({
    id: market.preventedCount,
    taker,
    maker,
    ticks: maker.request.limit,
    takerLots: mode === "EXPIRE_MAKER" ? 0 : remaining(taker),
    makerLots: mode === "EXPIRE_TAKER" ? 0 : remaining(maker),
    at: core.now(),
  });
  if (mode !== "EXPIRE_TAKER") {
    market.book.remove(maker);
    prevent(core, maker, taker);
  }
  if (mode !== "EXPIRE_MAKER") prevent(core, taker, maker);
}

function prevent(core: Core, order: Order, counter: Order): void {
  const lots = remaining(order);
  order.prevented += lots;
  order.preventedMatchId = order.market.preventedCount;
  order.status = "EXPIRED_IN_MATCH";
  report(core, order, { kind: "TRADE_PREVENTION", lots, counterOrderId: counter.id });
  finish(core, order);
}

/** Lots a taker could get right now, and what they would cost. Never changes anything. */
export type Sweep = Readonly<{ lots: number; quote: bigint }>;

/** Walks the book for up to this many lots. */
export function sweepLots(
  account: Account,
  market: Market,
  request: OrderRequest,
  lots: number,
): Sweep {
  let got = 0;
  let quote = 0n;
  const levels = request.side === "BUY" ? market.book.asks : market.book.bids;
  for (let index = levels.length - 1; index >= 0 && got < lots; index -= 1) {
    const level = levels[index];
    if (level === undefined) break;
    const taken = Math.min(lotsFor(account, market, request, level), lots - got);
    got += taken;
    quote += worth(market, level.ticks, taken);
  }
  return { lots: got, quote };
}

/** Walks the book for as many lots as the order's amount of quote buys, or as must be sold to raise it. */
export function sweepQuote(account: Account, market: Market, request: OrderRequest): Sweep {
  let got = 0;
  let quote = 0n;
  const levels = request.side === "BUY" ? market.book.asks : market.book.bids;
  for (let index = levels.length - 1; index >= 0; index -= 1) {
    const level = levels[index];
    if (level === undefined) break;
    const there = lotsFor(account, market, request, level);
    const affordable = (request.quote - quote) / worth(market, level.ticks, 1);
    const taken = affordable < BigInt(there) ? Number(affordable) : there;
    got += taken;
    quote += worth(market, level.ticks, taken);
    if (taken < there) break;
  }
  return { lots: got, quote };
}

/** Lots of a level this account would trade with: its own orders are skipped when they would expire first. */
function lotsFor(
  account: Account,
  market: Market,
  request: OrderRequest,
  level: Level<Order>,
): number {
  if (request.prevention !== "EXPIRE_MAKER") return level.lots;
  if (accountMarket(account, market).openOrders === 0) return level.lots;
  let lots = 0;
  for (let maker = level.first; maker !== null; maker = maker.next) {
    if (maker.account !== account) lots += remaining(maker);
  }
  return lots;
}

/** Whether a fill-or-kill order would fill completely. */
export function canFillCompletely(order: Order): boolean {
  const { side, limit } = order.request;
  const levels = side === "BUY" ? order.market.book.asks : order.market.book.bids;
  let missing = order.lots;
  for (let index = levels.length - 1; index >= 0 && missing > 0; index -= 1) {
    const level = levels[index];
    if (level === undefined || !crosses(side, limit, level)) return false;
    const lots = lotsBefore(order, level);
    if (lots === null) return false;
    missing -= lots;
  }
  return missing <= 0;
}

/** Lots of a level an order may trade with, or null when a prevented self-trade would end it there. */
function lotsBefore(order: Order, level: Level<Order>): number | null {
  const { prevention } = order.request;
  if (prevention === "NONE") return level.lots;
  let lots = 0;
  for (let maker = level.first; maker !== null; maker = maker.next) {
    if (maker.account !== order.account) lots += remaining(maker);
    else if (prevention !== "EXPIRE_MAKER") return null;
  }
  return lots;
}
