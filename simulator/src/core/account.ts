import type { Market } from "./market.ts";
import type { Order } from "./order.ts";
import type { OrderList } from "./order-list.ts";

/** Free and locked units of one asset. Neither is ever negative. */
export type Balance = { free: bigint; locked: bigint };

/** One fill of an account's order. */
export type AccountTrade = Readonly<{
  id: number;
  order: Order;
  ticks: number;
  lots: number;
  quote: bigint;
  fee: bigint;
  feeAsset: string;
  at: number;
  isMaker: boolean;
  /** Profit taken by a futures fill. */
  realised: bigint;
}>;

/** A self-trade that was prevented. */
export type PreventedMatch = Readonly<{
  id: number;
  taker: Order;
  maker: Order;
  ticks: number;
  takerLots: number;
  makerLots: number;
  at: number;
}>;

/** What an account remembers of one market. */
export type AccountMarket = {
  readonly market: Market;
  /** Every order, oldest first (not kept for house accounts). */
  readonly orders: Order[];
  /** The latest order of each client id, open or not. */
  readonly byClientId: Map<string, Order>;
  readonly trades: AccountTrade[];
  openOrders: number;
  openAlgoOrders: number;
  openLists: number;
  /** Lots of open buys, for MAX_POSITION. */
  openBuyLots: number;
};

export type Account = {
  readonly id: number;
  readonly name: string;
  /** The market's own accounts: they pay no limits and their closed orders are forgotten. */
  readonly isHouse: boolean;
  readonly balances: Map<string, Balance>;
  readonly markets: Map<string, AccountMarket>;
  readonly openByClientId: Map<string, Order>;
  readonly openLists: Map<number, OrderList>;
  readonly lists: OrderList[];
  readonly preventedMatches: PreventedMatch[];
  /** The third asset fees are paid in while there is enough of it (BNB), or null. */
  feeAsset: string | null;
  /** Rates instead of the market's, or null. */
  rates: { maker: bigint; taker: bigint } | null;
  canTrade: boolean;
  updatedAt: number;
};

export function createAccount(id: number, name: string, isHouse: boolean): Account {
  return {
    id,
    name,
    isHouse,
    balances: new Map(),
    markets: new Map(),
    openByClientId: new Map(),
    openLists: new Map(),
    lists: [],
    preventedMatches: [],
    feeAsset: null,
    rates: null,
    canTrade: true,
    updatedAt: 0,
  };
}

export function balanceOf(account: Account, asset: string): Balance {
  const found = account.balances.get(asset);
  if (found !== undefined) return found;
  const fresh = { free: 0n, locked: 0n };
  account.balances.set(asset, fresh);
  return fresh;
}

export function accountMarket(account: Account, market: Market): AccountMarket {
  const found = account.markets.get(market.symbol);
  if (found !== undefined) return found;
  const fresh: AccountMarket = {
    market,
    orders: [],
    byClientId: new Map(),
    trades: [],
    openOrders: 0,
    openAlgoOrders: 0,
    openLists: 0,
    openBuyLots: 0,
  };
  account.markets.set(market.symbol, fresh);
  return fresh;
}
