import { accountMarket, balanceOf, createAccount } from "./account.ts";
import type { BalanceCause, Execution, Journal } from "./journal.ts";
import { createMarket } from "./market.ts";
import type { MarketSettings } from "./market-settings.ts";
import { isAlgo, isOpen, type OrderRequest, type Side } from "./order.ts";
import { createRandom, type Random } from "./random.ts";
import type { Account, Market, Order } from "./state.ts";

/** Why something was not done, as Binance says it. */
export type Rejection = Readonly<{ code: number; message: string }>;

/** How trades become balances: spot exchanges assets, futures move positions. */
export type Settlement = Readonly<{
  /** The asset an order on this side locks. */
  lockedAsset: (market: Market, side: Side) => string;
  /** Units this order must lock (cost is what a market order would pay now), or why it may not be. */
  need: (core: Core, want: Want) => bigint | Rejection;
  /** Units the account may still lock. */
  available: (core: Core, account: Account, asset: string) => bigint;
  /** Books one side of a trade; the order's own lots are already counted. */
  settle: (core: Core, order: Order, fill: Fill) => Fee;
  /** Lots a working order may trade now, at most: all that remain, unless it may only shrink a position. */
  tradable: (order: Order) => number;
  /** Whether stops lock nothing until they are woken. */
  hasUnfundedStops: boolean;
}>;

export type Want = Readonly<{
  account: Account;
  market: Market;
  request: OrderRequest;
  lots: number;
  cost: bigint;
}>;

export type Fill = Readonly<{ ticks: number; lots: number; quote: bigint; isMaker: boolean }>;
export type Fee = Readonly<{ fee: bigint; asset: string; realised: bigint }>;

/** The state of one exchange. Only functions of core/ change it. */
export type Core = {
  readonly now: () => number;
  readonly random: Random;
  readonly markets: Map<string, Market>;
  readonly accounts: Map<number, Account>;
  readonly settlement: Settlement;
  /** Collects all commissions, so that assets are conserved. */
  readonly fees: Account;
  journal: Journal;
  /** Into how many trades each match is cut (a fault), usually 1. */
  pieces: (taker: Order) => number;
  /** Accounts and assets the running operation changed. */
  touched: Map<Account, Set<string>>;
  nextAccountId: number;
  nextListId: number;
};

export type CoreSettings = Readonly<{
  seed: string;
  now: () => number;
  markets: readonly MarketSettings[];
  settlement: Settlement;
  journal: Journal;
  /** Where account numbers start, so that two venues can share a ledger. */
  firstAccountId?: number;
}>;

export function createCore(settings: CoreSettings): Core {
  const first = settings.firstAccountId ?? 0;
  const core: Core = {
    now: settings.now,
    random: createRandom(settings.seed),
    markets: new Map(),
    accounts: new Map(),
    settlement: settings.settlement,
    fees: createAccount(first, "fees", true),
    journal: settings.journal,
    pieces: () => 1,
    touched: new Map(),
    nextAccountId: first + 1,
    nextListId: 1,
  };
  core.accounts.set(first, core.fees);
  for (const market of settings.markets) core.markets.set(market.symbol, createMarket(market));
  return core;
}

export function openAccount(core: Core, name: string, isHouse = false): Account {
  const account = createAccount(core.nextAccountId, name, isHouse);
  core.nextAccountId += 1;
  core.accounts.set(account.id, account);
  return account;
}

/** Adds to (or takes from) a free balance from outside. Throws when it would become negative. */
export function deposit(core: Core, account: Account, asset: string, units: bigint): void {
  move(core, account, asset, units, 0n, "deposit");
  flush(core);
}

/** Changes one balance. A negative result is our own mistake, never a client's: it stops everything. */
export function move(
  core: Core,
  account: Account,
  asset: string,
  free: bigint,
  locked: bigint,
  cause: BalanceCause,
): void {
  if (free === 0n && locked === 0n) return;
  const balance = balanceOf(account, asset);
  balance.free += free;
  balance.locked += locked;
  if (balance.locked < 0n || (balance.free < 0n && account !== core.fees)) {
    throw new Error(
      `${account.name}: ${asset} became negative (${balance.free}, ${balance.locked})`,
    );
  }
  account.updatedAt = core.now();
  let assets = core.touched.get(account);
  if (assets === undefined) {
    assets = new Set();
    core.touched.set(account, assets);
  }
  assets.add(asset);
  core.journal.balance(account, asset, free, locked, cause);
}

/** Locks units for an order. */
export function lock(core: Core, order: Order, units: bigint): void {
  const asset = core.settlement.lockedAsset(order.market, order.request.side);
  move(core, order.account, asset, -units, units, "lock");
  order.reserved += units;
}

/** Frees everything an order still locks. */
export function unlock(core: Core, order: Order): void {
  const asset = core.settlement.lockedAsset(order.market, order.request.side);
  move(core, order.account, asset, order.reserved, -order.reserved, "unlock");
  order.reserved = 0n;
}

/** Tells listeners that an operation is over. */
export function flush(core: Core): void {
  if (core.touched.size === 0) return;
  core.journal.settled(core.touched);
  core.touched = new Map();
}

type ExecutionFacts = Omit<Execution, "id" | "at">;

export function report(core: Core, order: Order, facts: ExecutionFacts): void {
  order.market.executionCount += 1;
  order.updatedAt = core.now();
  core.journal.order(order, { ...facts, id: order.market.executionCount, at: order.updatedAt });
}

export function createOrder(core: Core, want: Want): Order {
  const { account, market, request } = want;
  market.orderCount += 1;
  const now = core.now();
  return {
    id: market.orderCount,
    account,
    market,
    request,
    createdAt: now,
    clientId: request.clientId,
    list: null,
    status: "NEW",
    lots: want.lots,
    executed: 0,
    executedQuote: 0n,
    prevented: 0,
    preventedMatchId: -1,
    reserved: 0n,
    updatedAt: now,
    workingAt: -1,
    expiry: null,
    amendments: [],
    level: null,
    next: null,
    previous: null,
  };
}

/** Puts an order into its account's registers. */
export function register(order: Order): void {
  const { account } = order;
  const place = accountMarket(account, order.market);
  account.openByClientId.set(order.clientId, order);
  if (!account.isHouse) {
    place.orders.push(order);
    place.byClientId.set(order.clientId, order);
  }
  place.openOrders += 1;
  if (isAlgo(order)) place.openAlgoOrders += 1;
  if (order.request.side === "BUY") place.openBuyLots += order.lots;
}

/** Takes an order that just ended out of the registers of open ones. */
export function unregister(order: Order): void {
  if (isOpen(order)) throw new Error("an open order cannot leave the register");
  const { account } = order;
  const place = accountMarket(account, order.market);
  if (account.openByClientId.get(order.clientId) === order) {
    account.openByClientId.delete(order.clientId);
  }
  place.openOrders -= 1;
  if (isAlgo(order)) place.openAlgoOrders -= 1;
  if (order.request.side === "BUY") place.openBuyLots -= order.lots - order.executed;
}
