import {
  type Order,
  type OrderEvent,
  type OrderKind,
  type OrderStatus,
  type Side,
  transition,
} from "./order.ts";
import type { KnownSize } from "./order-checks.ts";
import type { RejectionCause } from "./result.ts";

type Placed = Readonly<{
  id: number;
  kind: OrderKind;
  side: Side;
  price: number;
  size: KnownSize;
  reason: string;
  reduceOnly: boolean;
  /** Index of the candle on whose close it was placed. */
  index: number;
}>;

/** An order with all the engine knows of it; strategies see it as `Order`. */
export class PlacedOrder implements Order {
  readonly id: number;
  readonly kind: OrderKind;
  readonly side: Side;
  readonly price: number;
  readonly reason: string;
  readonly reduceOnly: boolean;
  /** Buy stops and sell limits wait above the price, the others below it. */
  readonly waitsAbove: boolean;
  size: KnownSize;
  status: OrderStatus = "new";
  cause: RejectionCause | null = null;
  /** Index of the candle since which it waits: the one on whose close it was placed, or in which its entry filled. */
  since: number;
  /** Whether it began to wait inside that candle, after its open. */
  beganInside = false;
  /** A limit order that the market had already reached when it was placed. */
  isMarketable = false;
  /** Stop price that sizes by risk; `NaN` without one. */
  riskStop = Number.NaN;
  /** The order whose fill it protects; null for an order of its own. */
  entry: PlacedOrder | null = null;
  /** Stop and target that wait for this entry. */
  legs: readonly PlacedOrder[] = [];

  constructor(placed: Placed) {
    this.id = placed.id;
    this.kind = placed.kind;
    this.side = placed.side;
    this.price = placed.price;
    this.size = placed.size;
    this.reason = placed.reason;
    this.reduceOnly = placed.reduceOnly;
    this.since = placed.index;
    this.waitsAbove = (placed.kind === "stop") === (placed.side === "buy");
  }

  get isWaiting(): boolean {
    return this.status === "open" || this.status === "held";
  }

  /** The other leg of the same bracket; null where there is none. */
  get sibling(): PlacedOrder | null {
    return this.entry?.legs.find((leg) => leg !== this) ?? null;
  }

  /** Moves along the transition table; an impossible step is a mistake of the engine. */
  move(event: OrderEvent): void {
    const next = transition(this.status, event);
    if (next === null) throw new Error(`order ${this.id} cannot ${event} while ${this.status}`);
    this.status = next;
  }
}
