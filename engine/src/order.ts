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
  /** Shown with the trade that it opens or closes. */
  reason?: string;
  /** Never opens or turns a position: takes at most what is open. */
  reduceOnly?: boolean;
}>;

export type MarketWish = Wish & Size;
/** Rests at `price` or better. */
export type LimitWish = Wish & Size & Readonly<{ price: number }>;
/** Becomes a market order when the price reaches `price`. */
export type StopWish = Wish & Size & Readonly<{ price: number }>;
/** An entry (at `limit`, else at market) with a stop and a target where given; one of the two cancels the other. */
export type BracketWish = Omit<Wish, "reduceOnly"> &
  Size &
  Readonly<{ limit?: number; stop?: number | undefined; target?: number | undefined }>;

export type OrderKind = "market" | "limit" | "stop";
export type OrderStatus = "new" | "held" | "open" | "filled" | "cancelled" | "refused";
export type OrderEvent = "accept" | "hold" | "activate" | "fill" | "cancel" | "refuse";

/** Every status an order can take and what leads there; `held` waits for the entry it protects. */
export const orderTransitions: Readonly<
  Record<OrderStatus, Readonly<Partial<Record<OrderEvent, OrderStatus>>>>
> = {
  new: { accept: "open", hold: "held", refuse: "refused" },
  held: { activate: "open", cancel: "cancelled" },
  open: { fill: "filled", cancel: "cancelled", refuse: "refused" },
  filled: {},
  cancelled: {},
  refused: {},
};

/** The status that follows; null where the event cannot happen. */
export const transition = (status: OrderStatus, event: OrderEvent): OrderStatus | null =>
  orderTransitions[status][event] ?? null;

/** What a strategy may read of an order it placed. */
export type Order = Readonly<{
  id: number;
  kind: OrderKind;
  side: Side;
  /** Limit or stop price; `NaN` for a market order. */
  price: number;
  status: OrderStatus;
  reason: string;
  /** Why it was refused; null when it was not. */
  cause: RejectionCause | null;
}>;
