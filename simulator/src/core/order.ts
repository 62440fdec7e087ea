import type { Account } from "./account.ts";
import type { Level } from "./book.ts";
import type { Market } from "./market.ts";
import type { OrderList } from "./order-list.ts";

export type Side = "BUY" | "SELL";
export type TimeInForce = "GTC" | "IOC" | "FOK" | "GTX";
export type SelfTradePrevention = "NONE" | "EXPIRE_TAKER" | "EXPIRE_MAKER" | "EXPIRE_BOTH";
export type OrderStatus =
  | "NEW"
  | "PARTIALLY_FILLED"
  | "FILLED"
  | "CANCELED"
  | "EXPIRED"
  | "EXPIRED_IN_MATCH";
export type ExpiryReason =
  | "UNFILLED_IOC_QUANTITY_EXPIRED"
  | "UNFILLED_FOK_ORDER_EXPIRED"
  | "INSUFFICIENT_LIQUIDITY"
  | "OCO_TRIGGER"
  | "REJECTED"
  | "EXCHANGE_CANCELED";

/** What somebody asks for, already on the market's grid. */
export type OrderRequest = Readonly<{
  clientId: string;
  side: Side;
  /** The name the API used; what it means is said by the fields below. */
  type: string;
  timeInForce: TimeInForce;
  /** Limit in ticks; 0 executes at the market's price. */
  limit: number;
  /** Lots; 0 when the order names the quote amount. */
  lots: number;
  /** Units of quote to spend or to raise; 0n when the order names lots. */
  quote: bigint;
  isPostOnly: boolean;
  /** Ticks at which the order starts to work; 0 at once. */
  stop: number;
  /** Whether the stop waits for a rise (true) or a fall. */
  stopAbove: boolean;
  prevention: SelfTradePrevention;
  strategyId?: number;
  strategyType?: number;
  /** Futures: may only shrink the position; closes all of it when lots is 0. */
  isReduceOnly?: boolean;
  isClosePosition?: boolean;
  /** Futures: whose price wakes the stop. */
  stopSource?: "CONTRACT_PRICE" | "MARK_PRICE";
  /** Futures: the exchange closes a position it liquidates. */
  isLiquidation?: boolean;
}>;

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
  level: Level | null;
  next: Order | null;
  previous: Order | null;
};

export type Amendment = Readonly<{
  executionId: number;
  clientIdBefore: string;
  clientIdAfter: string;
  lotsBefore: number;
  lotsAfter: number;
  at: number;
}>;

export const isOpen = (order: Order): boolean =>
  order.status === "NEW" || order.status === "PARTIALLY_FILLED";

/** Lots that may still trade. */
export const remaining = (order: Order): number => order.lots - order.executed - order.prevented;

/** Stops and take-profits count as algo orders until they end. */
export const isAlgo = (order: Order): boolean => order.request.stop > 0;

export const isWaiting = (order: Order): boolean => order.workingAt < 0 && isOpen(order);
