import type { Execution } from "./execution.ts";
import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";

/**
 * What a candle leaves open, whatever a policy takes: it does not say whether its high or its low came first, so orders on
 * different sides of its open may have been met in either order.
 */
export class Doubts {
  readonly #execution: Execution;
  readonly #moment: Moment;
  /** Trailing stops that this candle may or may not have reached. */
  #trails: PlacedOrder[] = [];
  #isTurned = false;

  constructor(execution: Execution, moment: Moment) {
    this.#execution = execution;
    this.#moment = moment;
  }

  /** Looks at what waits before anything inside the candle is met. */
  begin(): void {
    const { orders } = this.#execution;
    if (this.#trails.length > 0) this.#trails = [];
    this.#isTurned = false;
    for (const order of orders) {
      if (order.waiting === "market" || !order.takesPartIn(this.#moment)) continue;
      if (order.trail !== null && this.#isTrailOpen(order)) this.#trails.push(order);
      if (this.#decidesWithOthers(order) && this.#isOtherReached(order)) this.#isTurned = true;
    }
  }

  /** Whether anything is left in doubt, once all was met. */
  remain(): boolean {
    return (
      this.#isTurned ||
      this.#execution.orders.some((order) => this.#isWokenOpen(order)) ||
      this.#trails.some(({ status }) => status !== "cancelled")
    );
  }

  /** What it does depends on what the others did before: it liquidates, or would sell more than is held. */
  #decidesWithOthers(order: PlacedOrder): boolean {
    if (!order.isForced && !(order.reduceOnly && this.#execution.admission.lacks(order)))
      return false;
    return order.isWithin(this.#moment);
  }

  /** Whether the candle also reaches an order on the other side that it depends on. */
  #isOtherReached(order: PlacedOrder): boolean {
    return this.#execution.orders.some(
      (other) =>
        other.waitsAbove !== order.waitsAbove &&
        (order.isForced || isEntryFor(other, order)) &&
        isMetInside(other, this.#moment),
    );
  }

  /** The best price is new, and the candle reaches the stop where it stood or where it moved to. */
  #isTrailOpen(order: PlacedOrder): boolean {
    const { high, low } = this.#moment;
    const [best, worst] = order.waitsAbove ? [low, high] : [high, low];
    if (order.trail?.isMovedBy(best) !== true) return false;
    const moved = order.priceAfter(best);
    return order.waitsAbove ? worst >= moved : worst <= moved;
  }

  /** Whether an order that began to wait inside the candle may have been reached before or after that. */
  #isWokenOpen(order: PlacedOrder): boolean {
    const { number, open, close } = this.#moment;
    if (order.since !== number || !order.beganInside || order.isForced) return false;
    if (order.isReachedAt(order.wokenAt) || !order.isWithin(this.#moment)) return false;
    const isClosed = order.isReachedAt(close);
    if (order.waiting === "limit") return !isClosed;
    const isBeyond = order.waitsAbove === order.wokenAt > open;
    return (!isBeyond && !isClosed) || order.rivals.some((one) => this.#isRival(one, order));
  }

  #isRival(one: PlacedOrder, order: PlacedOrder): boolean {
    return one !== order && one.isWithin(this.#moment);
  }
}

/** Whether one order may open what the other, which only reduces, is to sell. */
export const isEntryFor = (entry: PlacedOrder, exit: PlacedOrder) =>
  !entry.reduceOnly && !entry.isForced && entry.side !== exit.side;

/** Whether an order that waits for a price is met by the candle's range. */
export const isMetInside = (order: PlacedOrder, moment: Moment) =>
  order.waiting !== "market" && order.takesPartIn(moment) && order.isWithin(moment);
