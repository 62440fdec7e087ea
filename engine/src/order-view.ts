import type { Order, OrderKind, OrderStatus, Side } from "./order.ts";
import type { RejectionCause } from "./result.ts";

/** An order that may have a stop's way to catch up with before it can be looked at. */
type Watched = Order & Readonly<{ trail: Readonly<{ catchUp: () => void }> | null }>;

// The way back for the engine; strategies cannot reach it.
let orderBehind: (view: OrderView) => Order;

/** What a strategy holds of its order: it reads as the order is now, and cannot be written. */
export class OrderView implements Order {
  readonly #order: Watched;

  constructor(order: Watched) {
    this.#order = order;
  }

  static {
    orderBehind = (view) => view.#order;
  }

  get id(): number {
    return this.#order.id;
  }

  get kind(): OrderKind {
    return this.#order.kind;
  }

  get side(): Side {
    return this.#order.side;
  }

  get price(): number {
    this.#order.trail?.catchUp();
    return this.#order.price;
  }

  get status(): OrderStatus {
    return this.#order.status;
  }

  get filled(): number {
    return this.#order.filled;
  }

  get reason(): string {
    this.#order.trail?.catchUp();
    return this.#order.reason;
  }

  get cause(): RejectionCause | null {
    return this.#order.cause;
  }
}

/** The order that a strategy sees through this view. */
export const behind = (order: Order): Order =>
  order instanceof OrderView ? orderBehind(order) : order;
