import type { Book, Level } from "./book.ts";
import type { MarketSettings } from "./market-settings.ts";
import type { Amendment, ExpiryReason, OrderRequest, OrderStatus } from "./order.ts";
import type { Tape } from "./tape.ts";
import type { Triggers } from "./triggers.ts";

// What an exchange remembers. These shapes name one another, so they stand together; what is done with each has its own file.

export type Order = {
  readonly id: number;
  readonly account: Account;
  readonly market: Market;
  readonly createdAt: number;
  /** Changes only when the order is modified (futures). */
  request: OrderRequest;
  clientId: string;
  list: OrderList | null;
  status: OrderStatus;
  lots: number;
  executed: number;
  executedQuote: bigint;
  prevented: number;
  preventedMatchId: number;
  /** Units locked for this order alone. */
  reserved: bigint;
  updatedAt: number;
  /** When it started to work; -1 before. */
  workingAt: number;
  expiry: ExpiryReason | null;
  amendments: readonly Amendment[];
  /** Place in the book, while it rests. */
  level: Level<Order> | null;
  next: Order | null;
  previous: Order | null;
};

/** One-cancels-the-other: two orders that share one reservation. */
export type OrderList = {
  readonly id: number;
  readonly clientId: string;
  readonly account: Account;
  readonly market: Market;
  readonly orders: Order[];
  readonly createdAt: number;
  /** Units locked for the pair while neither leg works alone. */
  reserved: bigint;
  status: "EXECUTING" | "ALL_DONE";
  updatedAt: number;
};

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

export type MarketStatus = "TRADING" | "HALT" | "BREAK" | "CANCEL_ONLY";

/** One market: its rules on its own grid, its book, its stops and its tape. */
export type Market = {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly settings: MarketSettings;
  /** Units of one tick and of one lot; quoteUnits is what one tick × one lot is worth. */
  readonly tickUnits: number;
  readonly lotUnits: number;
  readonly quoteUnits: number;
  readonly pricePlaces: number;
  readonly quantityPlaces: number;
  readonly limits: MarketLimits;
  readonly makerRate: bigint;
  readonly takerRate: bigint;
  readonly book: Book<Order>;
  /** Stops that wait for a traded price, and (futures) for the mark price. */
  readonly triggers: Triggers<Order>;
  readonly markTriggers: Triggers<Order>;
  readonly tape: Tape;
  status: MarketStatus;
  /** Ticks of the last trade, 0 before the first. */
  last: number;
  orderCount: number;
  tradeCount: number;
  aggregateCount: number;
  executionCount: number;
  preventedCount: number;
};

/** Filters on the market's grid: prices in ticks, quantities in lots, amounts in units. 0 switches a rule off. */
export type MarketLimits = Readonly<{
  priceMin: number;
  priceMax: number;
  lotsMin: number;
  lotsMax: number;
  marketLotsMax: number;
  notionalMin: bigint;
  notionalMax: bigint;
  bandUp: bigint;
  bandDown: bigint;
  ordersMax: number;
  algoOrdersMax: number;
  orderListsMax: number;
  positionMax: bigint;
}>;
