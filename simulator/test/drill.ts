import assert from "node:assert/strict";
import { type Core, createCore, deposit, openAccount } from "../src/core/core.ts";
import { toUnits } from "../src/core/decimal.ts";
import { type Journal, silence } from "../src/core/journal.ts";
import { worth } from "../src/core/market.ts";
import {
  isOpen,
  type OrderRequest,
  remaining,
  type SelfTradePrevention,
  type Side,
} from "../src/core/order.ts";
import { placePair } from "../src/core/pairs.ts";
import { createRandom, type Random } from "../src/core/random.ts";
import { spotSettlement } from "../src/core/spot-settlement.ts";
import type { Account, Market, Order } from "../src/core/state.ts";
import { amend, cancel, place } from "../src/core/trading.ts";
import { agrees, createLedger, type Ledger } from "../src/oracle/ledger.ts";

/** What one drill did, so that a run of nothing cannot pass for a run without faults. */
export type DrillResult = Readonly<{
  operations: number;
  placed: number;
  refused: number;
  canceled: number;
  amended: number;
  trades: number;
  hash: string | null;
}>;

const assets = ["BTC", "ETH", "BNB", "USDT"] as const;
const preventions: readonly SelfTradePrevention[] = [
  "NONE",
  "EXPIRE_TAKER",
  "EXPIRE_MAKER",
  "EXPIRE_BOTH",
];

/**
 * Random orders of every kind by several accounts, checked against the promises of the exchange: assets
 * conserved, nothing negative, locked equals what open orders reserve, no fill worse than its limit,
 * price-time priority. Throws at the first broken one.
 */
export function drill(seed: string, operations: number, withLedger = false): DrillResult {
  let now = 1_700_000_000_000;
  const ledger = withLedger ? createLedger({ now: () => now, keep: "clients" }) : null;
  const counts = { placed: 0, refused: 0, canceled: 0, amended: 0, trades: 0 };
  const journal = watched(ledger ?? silence, counts);
  const core = createCore({ seed, now: () => now, settlement: spotSettlement, journal, markets });
  const accounts = ["ann", "bob", "cem", "dee"].map((name) => openAccount(core, name));
  for (const account of accounts) {
    for (const asset of assets) deposit(core, account, asset, toUnits("10000"));
    account.feeAsset = account.name === "bob" ? "BNB" : null;
  }
  const total = sums(core);
  const random = createRandom(seed);
  const open: Order[] = [];
  for (let operation = 0; operation < operations; operation += 1) {
    now += random.integer(2000);
    act(core, random, accounts, open, operation, counts);
    if (operation % 997 === 0) inspect(core, total, ledger);
  }
  inspect(core, total, ledger);
  cancelAll(core, open);
  for (const account of accounts) assertNothingLocked(account);
  return { operations, ...counts, hash: ledger?.hash() ?? null };
}

function cancelAll(core: Core, open: readonly Order[]): void {
  for (const order of open) if (isOpen(order)) cancel(core, order, `end${order.id}`);
}

function assertNothingLocked(account: Account): void {
  for (const [asset, { locked }] of account.balances)
    assert.equal(locked, 0n, `${asset} stays locked`);
}

const markets = [
  {
    symbol: "BTCUSDT",
    base: "BTC",
    quote: "USDT",
    tick: "0.01",
    lot: "0.00001",
    price: "100",
    bandUp: "50",
    bandDown: "0.02",
    maxAlgoOrders: 40,
  },
  {
    symbol: "ETHUSDT",
    base: "ETH",
    quote: "USDT",
    tick: "0.01",
    lot: "0.0001",
    price: "100",
    bandUp: "50",
    bandDown: "0.02",
    maxAlgoOrders: 40,
  },
  {
    symbol: "BNBUSDT",
    base: "BNB",
    quote: "USDT",
    tick: "0.01",
    lot: "0.001",
    price: "100",
    bandUp: "50",
    bandDown: "0.02",
    maxAlgoOrders: 40,
  },
] as const;

type Counts = {
  placed: number;
  refused: number;
  canceled: number;
  amended: number;
  trades: number;
};

function act(
  core: Core,
  random: Random,
  accounts: readonly Account[],
  open: Order[],
  operation: number,
  counts: Counts,
): void {
  const draw = random.unit();
  if (draw < 0.3 && open.length > 0) {
    const order = takeRandom(open, random);
    if (!isOpen(order)) return;
    if (
      draw < 0.03 &&
      amend(core, order, 1 + random.integer(order.lots), `a${operation}`) === null
    ) {
      counts.amended += 1;
      open.push(order);
      return;
    }
    counts.canceled += cancel(core, order, `c${operation}`).length;
    return;
  }
  const account = accounts[random.integer(accounts.length)];
  const market = [...core.markets.values()][random.integer(core.markets.size)];
  if (account === undefined || market === undefined) return;
  if (draw > 0.97) {
    actPair(core, random, account, market, open, operation, counts);
    return;
  }
  const result = place(core, account, market, request(random, operation));
  counts[result.kind] += 1;
  if (result.kind === "placed" && isOpen(result.order)) open.push(result.order);
}

function actPair(
  core: Core,
  random: Random,
  account: Account,
  market: Market,
  open: Order[],
  operation: number,
  counts: Counts,
): void {
  const side = random.chance(0.5) ? "BUY" : "SELL";
  const lots = 1 + random.integer(100_000);
  const above = leg(random, side, true, lots, `p${operation}a`);
  const below = leg(random, side, false, lots, `p${operation}b`);
  const pair = placePair(core, account, market, `p${operation}`, above, below);
  if (pair.kind === "placed") open.push(...pair.list.orders);
  counts[pair.kind === "placed" ? "placed" : "refused"] += 1;
}

function takeRandom(open: Order[], random: Random): Order {
  const index = random.integer(open.length);
  const [last] = open.splice(-1);
  const chosen = index < open.length ? open[index] : last;
  if (last === undefined || chosen === undefined) throw new Error("nothing to take");
  if (index < open.length) open[index] = last;
  return chosen;
}

function request(random: Random, operation: number): OrderRequest {
  const side: Side = random.chance(0.5) ? "BUY" : "SELL";
  const draw = random.unit();
  // Mostly a narrow market, so that orders share prices and trade; sometimes far away.
  const price = random.chance(0.7) ? 9960 + random.integer(80) : 9000 + random.integer(2000);
  const base = {
    clientId: `o${operation}`,
    side,
    lots: 1 + random.integer(200_000),
    quote: 0n,
    isPostOnly: false,
    stop: 0,
    stopAbove: false,
    timeInForce: "GTC" as const,
    prevention: preventions[random.integer(4)] ?? "NONE",
  };
  if (draw < 0.5)
    return {
      ...base,
      type: "LIMIT",
      limit: price,
      timeInForce: (["GTC", "GTC", "IOC", "FOK"] as const)[random.integer(4)] ?? "GTC",
    };
  if (draw < 0.6) return { ...base, type: "LIMIT_MAKER", limit: price, isPostOnly: true };
  if (draw < 0.72) return { ...base, type: "MARKET", limit: 0 };
  if (draw < 0.8)
    return {
      ...base,
      type: "MARKET",
      limit: 0,
      lots: 0,
      quote: BigInt(1 + random.integer(1000)) * 100_000_000n,
    };
  const stopAbove = random.chance(0.5);
  const stop = stopAbove ? 9500 + random.integer(1500) : 9000 + random.integer(1500);
  return { ...base, type: "STOP_LOSS", stop, stopAbove, limit: random.chance(0.5) ? 0 : price };
}

function leg(
  random: Random,
  side: Side,
  isAbove: boolean,
  lots: number,
  clientId: string,
): OrderRequest {
  const isLimit = (side === "SELL") === isAbove;
  const price = isAbove ? 10_000 + random.integer(1000) : 9000 + random.integer(1000);
  return {
    clientId,
    side,
    type: isLimit ? "LIMIT_MAKER" : "STOP_LOSS_LIMIT",
    timeInForce: "GTC",
    limit: price,
    lots,
    quote: 0n,
    isPostOnly: isLimit,
    stop: isLimit ? 0 : price,
    stopAbove: isAbove,
    prevention: "NONE",
  };
}

/** Checks every trade as it happens. */
function watched(inner: Journal, counts: Counts): Journal {
  return {
    ...inner,
    order: (order, execution) => {
      inner.order(order, execution);
      if (execution.kind === "NEW" && order.workingAt >= 0) {
        arrived += 1;
        arrivals.set(order, arrived);
      }
      if (execution.kind !== "TRADE") return;
      const { limit, side } = order.request;
      const ticks = execution.ticks ?? 0;
      assert.ok(
        limit === 0 || (side === "BUY" ? ticks <= limit : ticks >= limit),
        "filled worse than its limit",
      );
      assert.ok(order.executed <= order.lots, "filled more than asked");
      if (execution.isMaker) assertFirstInLine(order, ticks);
    },
    trade: (market, trade, aggregate) => {
      inner.trade(market, trade, aggregate);
      counts.trades += 1;
    },
  };
}

/** Who began to work when, counted here: the book's own order is what is being judged. */
const arrivals = new WeakMap<Order, number>();
let arrived = 0;

/** No resting order had a better price than the maker that just traded, or the same and came earlier. */
function assertFirstInLine(maker: Order, ticks: number): void {
  const best = maker.market.book.best(maker.request.side);
  if (best === null) return;
  const isBetter = maker.request.side === "BUY" ? best.ticks > ticks : best.ticks < ticks;
  assert.ok(!isBetter, "a better price was passed over");
  if (best.ticks !== ticks) return;
  const mine = arrivals.get(maker) ?? 0;
  for (let other = best.first; other !== null; other = other.next) {
    assert.ok((arrivals.get(other) ?? 0) >= mine, "an older order was passed over");
  }
}

type Sums = Map<string, bigint>;

function sums(core: Core): Sums {
  const total: Sums = new Map();
  for (const account of core.accounts.values()) {
    for (const [asset, { free, locked }] of account.balances) {
      total.set(asset, (total.get(asset) ?? 0n) + free + locked);
    }
  }
  return total;
}

function inspect(core: Core, total: Sums, ledger: Ledger | null): void {
  assert.deepEqual(sums(core), total, "an asset was made or lost");
  for (const account of core.accounts.values()) inspectAccount(core, account);
  for (const market of core.markets.values()) inspectBook(market);
  if (ledger !== null) assert.ok(agrees(ledger, core.accounts.values()), "the ledger disagrees");
}

function inspectAccount(core: Core, account: Account): void {
  const locked: Sums = new Map();
  const add = (asset: string, units: bigint): void => {
    locked.set(asset, (locked.get(asset) ?? 0n) + units);
  };
  for (const order of account.openByClientId.values()) {
    assert.ok(isOpen(order));
    add(core.settlement.lockedAsset(order.market, order.request.side), order.reserved);
  }
  for (const list of account.openLists.values()) {
    const [first] = list.orders;
    if (first !== undefined)
      add(core.settlement.lockedAsset(list.market, first.request.side), list.reserved);
  }
  for (const [asset, balance] of account.balances) {
    assert.ok(balance.free >= 0n && balance.locked >= 0n, "a balance is negative");
    assert.equal(
      balance.locked,
      locked.get(asset) ?? 0n,
      `locked ${asset} is not what orders reserve`,
    );
  }
  for (const place of account.markets.values()) {
    const orders = [...account.openByClientId.values()].filter((o) => o.market === place.market);
    assert.equal(place.openOrders, orders.length);
    let buyLots = 0;
    for (const order of orders) if (order.request.side === "BUY") buyLots += remaining(order);
    assert.equal(place.openBuyLots, buyLots);
  }
}

function inspectBook(market: Market): void {
  const { bids, asks } = market.book;
  const bid = bids.at(-1);
  const ask = asks.at(-1);
  if (bid !== undefined && ask !== undefined)
    assert.ok(bid.ticks < ask.ticks, "the book is crossed");
  for (const levels of [bids, asks]) {
    for (const level of levels) {
      let lots = 0;
      for (let order = level.first; order !== null; order = order.next) {
        lots += remaining(order);
        assert.ok(order.reserved >= 0n && worth(market, level.ticks, remaining(order)) > 0n);
      }
      assert.equal(lots, level.lots, "a level's sum is wrong");
    }
  }
}
