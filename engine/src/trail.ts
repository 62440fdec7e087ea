import { toTick } from "./grid.ts";
import type { TrailWish } from "./order.ts";
import { isPrice } from "./order-checks.ts";
import type { RejectionCause } from "./result.ts";

/** A distance as a stop follows it, with where it begins. */
export type TrailPlan = Readonly<{ by: number; isShare: boolean; from: number | null }>;

/** Reads how a stop is to follow; a cause where that makes no sense. */
export function readTrail(wish: TrailWish): TrailPlan | RejectionCause {
  if (typeof wish !== "object" || wish === null) return "bad-trail";
  const { by, byAmount, from } = wish;
  const isShare = byAmount === undefined;
  const distance = isShare ? by : byAmount;
  const isOne = (by === undefined) !== (byAmount === undefined);
  if (!isOne || !isPrice(distance) || (isShare && distance >= 1)) return "bad-trail";
  if (from !== undefined && !isPrice(from)) return "bad-trail";
  return { by: distance, isShare, from: from ?? null };
}

/** Follows the best price for a stop that waits below it to sell, or above it to buy. */
export class Trail {
  readonly #plan: TrailPlan;
  readonly #isAbove: boolean;
  readonly #tick: number | null;
  /** The best price since it follows; until then the price from which it will. */
  next: number;
  /** The best price of candles that were passed without following them; `NaN` where there are none. */
  ahead = Number.NaN;
  /** Follows what was passed up to the last closed candle. */
  readonly catchUp: () => void;

  constructor(plan: TrailPlan, isAbove: boolean, tick: number | null, catchUp: () => void) {
    this.catchUp = catchUp;
    this.#plan = plan;
    this.#isAbove = isAbove;
    this.#tick = tick;
    this.next = plan.from ?? Number.NaN;
  }

  /** The price at which it begins to wait; follows from there unless it waits for another. */
  begin(price: number): void {
    this.next = this.#plan.from ?? price;
    this.see(price);
  }

  /** Whether this price would make the stop move. */
  isMovedBy(price: number): boolean {
    return this.#isAbove ? price < this.next : price > this.next;
  }

  /** Whether a price is as good as the best so far. */
  isFollowing(price: number): boolean {
    return this.#isAbove ? price <= this.next : price >= this.next;
  }

  /** Takes a price in; whether it is as good as the best so far. */
  see(price: number): boolean {
    if (!this.isFollowing(price)) return false;
    this.next = price;
    return true;
  }

  /** The price beyond which it moves, what was passed included. */
  get movesFrom(): number {
    return Number.isNaN(this.ahead) ? this.next : this.ahead;
  }

  /** The better of a price and what was passed; `NaN` where none is as good as the best so far. */
  bestWith(price: number): number {
    const isBetter = this.#isAbove ? price <= this.movesFrom : price >= this.movesFrom;
    return isBetter ? price : this.ahead;
  }

  /** Where the stop is to be, where this is the best price. */
  stopAt(best: number): number {
    const { by, isShare } = this.#plan;
    const distance = isShare ? best * by : by;
    return toTick(this.#isAbove ? best + distance : best - distance, this.#tick, this.#isAbove);
  }
}
