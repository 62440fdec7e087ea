import type { RejectionCause } from "./result.ts";

export type Side = "buy" | "sell";

/** How much: exactly one of these. Shares and risk are of the equity at the moment and price of the fill. */
export type Size =
  | Readonly<{ quantity: number }>
  /** An amount of the quote currency, without the fee. */
  | Readonly<{ quote: number }>
  /** Share of the equity, fee included: 1 is all in. */
  | Readonly<{ share: number }>
  /** Share of the equity that is lost when the bracket's stop is hit; at most what the equity pays for. */
  | Readonly<{ risk: number }>;

type Wish = Readonly<{
  side: Side;
  /** Shown with the trade that it opens or closes; `end-of-data` is a word of the engine's and not taken. */
  reason?: string;
  /** Never opens or turns a position: takes at most what is open. */
  reduceOnly?: boolean;
}>;

/** When an order that waits ends by itself; left out: never. */
type Expiry = Readonly<{
  /** Candles in which it may fill. */
  expiresAfter?: number;
  /** Fills only in candles that open before this time, ms since epoch. */
  expiresAt?: number;
}>;

/** How a stop follows the price: this far behind the best price. Give one of the two distances. */
export type TrailWish = Readonly<{
  /** As a share of the best price: 0.01 is 1 %. */
  by?: number;
  /** As an amount of the quote currency. */
  byAmount?: number;
  /** Follows only once the price has been here; left out: at once. */
  from?: number;
}>;

export type MarketWish = Wish & Size;
/** Rests at `price` or better. */
export type LimitWish = Wish &
  Size &
  Expiry &
  Readonly<{
    price: number;
    /** Refused where the market has reached it already, so that it never pays the taker fee. */
    postOnly?: boolean;
    /** `gtc` rests; `ioc` fills what it can at the next open, `fok` all or nothing. */
    timeInForce?: "gtc" | "ioc" | "fok";
  }>;
/** Becomes a market order when the price reaches `price`. */
export type StopWish = Wish & Size & Expiry & Readonly<{ price: number }>;
/** Becomes a limit order at `limit` when the price reaches `price`. */
export type StopLimitWish = StopWish & Readonly<{ limit: number }>;
/** Becomes a market order when the price is at `price` or better. */
export type TakeProfitWish = StopWish;
/** A stop that follows the price. */
export type TrailingStopWish = Wish & Size & Expiry & TrailWish;
/**
 * An entry (at `limit`, else at market) with a stop and a target where given; one of the two cancels the other. With `trail`
 * the stop follows the price, from `stop` where that is given too. Expiry ends the entry.
 */
export type BracketWish = Omit<Wish, "reduceOnly"> &
  Size &
  Expiry &
  Readonly<{
    limit?: number;
    stop?: number | undefined;
    target?: number | undefined;
    trail?: TrailWish | undefined;
  }>;
/** What to change of an order that waits: its price, its size, or both. */
export type Amendment = Readonly<{ price?: number }> & (Size | Readonly<Record<never, never>>);

export type OrderKind =
  | "market"
  | "limit"
  | "stop"
  | "stop-limit"
  | "take-profit"
  | "trailing-stop";
export type OrderStatus = "new" | "held" | "open" | "filled" | "cancelled" | "expired" | "refused";
export type OrderEvent =
  | "accept"
  | "hold"
  | "activate"
  | "fill-part"
  | "fill"
  | "cancel"
  | "expire"
  | "refuse";

/** Every status an order can take and what leads there; `held` waits for the order that triggers it. */
export const orderTransitions: Readonly<
  Record<OrderStatus, Readonly<Partial<Record<OrderEvent, OrderStatus>>>>
> = {
  new: { accept: "open", hold: "held", refuse: "refused" },
  held: { activate: "open", cancel: "cancelled", expire: "expired", refuse: "refused" },
  open: {
    hold: "held",
    "fill-part": "open",
    fill: "filled",
    cancel: "cancelled",
    expire: "expired",
    refuse: "refused",
  },
  filled: {},
  cancelled: {},
  expired: {},
  refused: {},
};

/** What a strategy may read of an order it placed. */
export type Order = Readonly<{
  id: number;
  kind: OrderKind;
  side: Side;
  /** Limit or stop price; `NaN` for a market order, 0 or infinite for a trailing stop that does not follow yet. */
  price: number;
  status: OrderStatus;
  /** The quantity that has filled so far. */
  filled: number;
  reason: string;
  /** Why it was refused; null when it was not. */
  cause: RejectionCause | null;
}>;
