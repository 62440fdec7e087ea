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

export type Amendment = Readonly<{
  executionId: number;
  clientIdBefore: string;
  clientIdAfter: string;
  lotsBefore: number;
  lotsAfter: number;
  at: number;
}>;

type Standing = Readonly<{ status: OrderStatus }>;
type Executed = Readonly<{ lots: number; executed: number; prevented: number }>;

export const isOpen = ({ status }: Standing): boolean =>
  status === "NEW" || status === "PARTIALLY_FILLED";

/** Lots that may still trade. */
export const remaining = ({ lots, executed, prevented }: Executed): number =>
  lots - executed - prevented;

/** Stops and take-profits count as algo orders until they end. */
export const isAlgo = ({ request }: Readonly<{ request: OrderRequest }>): boolean =>
  request.stop > 0;

export const isWaiting = (order: Standing & Readonly<{ workingAt: number }>): boolean =>
  order.workingAt < 0 && isOpen(order);
