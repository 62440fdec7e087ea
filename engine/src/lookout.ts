import type { Extremes } from "./extremes.ts";
import type { PlacedOrder } from "./placed-order.ts";

/** No candle has this index; small enough to be counted with as a whole number. */
export const noCandle = 2 ** 30;

/** Looks out for the next candle that may concern an order, so that the others cost one comparison. */
export class Lookout {
  readonly #extremes: Extremes;
  /** Prices of the nearest orders that wait below and above; a market order waits everywhere. */
  #upTo = Number.NEGATIVE_INFINITY;
  #downTo = Number.POSITIVE_INFINITY;
  /** The first candle after which an order may end by itself. */
  lastIndex = noCandle;

  constructor(extremes: Extremes) {
    this.#extremes = extremes;
  }

  /** The first candle from `from` to before `to` that comes to where any order waits, moves or ends; `to` where there is none. */
  nextReached(from: number, to: number): number {
    const upTo = this.#upTo;
    if (upTo === Number.POSITIVE_INFINITY) return Math.min(from, to);
    const last = Math.min(to, Math.max(from, this.lastIndex));
    return this.#extremes.nextReached(from, last, upTo, this.#downTo);
  }

  /** From now on a candle is looked at where it reaches this order. */
  watch({ waiting, waitsAbove, price, trail, lifetime, isOnItsWay }: PlacedOrder): void {
    if (waiting === "market" || isOnItsWay) this.lookAnyway();
    else if (waitsAbove) this.#watchAbove(price);
    else this.#watchBelow(price);
    if (trail && waitsAbove) this.#watchBelow(trail.next);
    else if (trail) this.#watchAbove(trail.next);
    if (lifetime.lastIndex < this.lastIndex) this.lastIndex = lifetime.lastIndex;
    // Only the candle itself tells its time.
    if (lifetime.endsAt < Number.POSITIVE_INFINITY || lifetime.isImmediate) this.lookAnyway();
  }

  /** Looks at the next candle whatever it does: an order was taken back, was changed or ends at a time. */
  lookAnyway(): void {
    this.#upTo = Number.POSITIVE_INFINITY;
  }

  /** Watches these orders and no others. */
  watchAnew(orders: readonly PlacedOrder[]): void {
    this.#upTo = Number.NEGATIVE_INFINITY;
    this.#downTo = Number.POSITIVE_INFINITY;
    this.lastIndex = noCandle;
    for (const order of orders) if (order.status === "open") this.watch(order);
  }

  #watchAbove(price: number): void {
    if (price < this.#downTo) this.#downTo = price;
  }

  #watchBelow(price: number): void {
    if (price > this.#upTo) this.#upTo = price;
  }
}
