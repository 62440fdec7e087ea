import { remaining, type Side } from "./order.ts";

/** What a book knows of an order: what it asks for, what is left of it, and its place. */
type Resting<Order> = {
  readonly request: Readonly<{ side: Side; limit: number }>;
  readonly lots: number;
  readonly executed: number;
  readonly prevented: number;
  /** Place in the book, while it rests. */
  level: Level<Order> | null;
  next: Order | null;
  previous: Order | null;
};

/** All orders at one price, first come first served. */
export type Level<Order> = {
  readonly side: Side;
  readonly ticks: number;
  lots: number;
  count: number;
  first: Order | null;
  last: Order | null;
};

/**
 * The order book of one market: price-time priority. Levels lie in arrays whose last element is the best,
 * so that the busy end moves little memory.
 */
export class Book<Order extends Resting<Order>> {
  /** Bids, lowest first; asks, highest first. The best is last in both. */
  readonly bids: Level<Order>[] = [];
  readonly asks: Level<Order>[] = [];
  /** Grows with every change of a level. */
  updateId = 0;
  /** Levels changed since somebody last took them, by side and price; null while nobody listens. */
  changed: Set<number> | null = null;

  best(side: Side): Level<Order> | null {
    const levels = side === "BUY" ? this.bids : this.asks;
    return levels.at(-1) ?? null;
  }

  /** Puts an order behind all others of its price. */
  add(order: Order): void {
    const { side, limit } = order.request;
    const levels = side === "BUY" ? this.bids : this.asks;
    const index = this.#find(levels, side, limit);
    let level = levels[index];
    if (level === undefined || level.ticks !== limit) {
      level = { side, ticks: limit, lots: 0, count: 0, first: null, last: null };
      levels.splice(index, 0, level);
    }
    order.level = level;
    order.previous = level.last;
    order.next = null;
    if (level.last === null) level.first = order;
    else level.last.next = order;
    level.last = order;
    level.count += 1;
    level.lots += remaining(order);
    this.#mark(level);
  }

  /** Takes an order out; does nothing when it does not rest. */
  remove(order: Order): void {
    const level = order.level;
    if (level === null) return;
    if (order.previous === null) level.first = order.next;
    else order.previous.next = order.next;
    if (order.next === null) level.last = order.previous;
    else order.next.previous = order.previous;
    order.level = null;
    order.next = null;
    order.previous = null;
    level.count -= 1;
    level.lots -= remaining(order);
    if (level.count === 0) {
      const levels = level.side === "BUY" ? this.bids : this.asks;
      levels.splice(this.#find(levels, level.side, level.ticks), 1);
    }
    this.#mark(level);
  }

  /** Says that a resting order shrank by lots (a fill, an amendment). */
  shrink(level: Level<Order>, lots: number): void {
    level.lots -= lots;
    this.#mark(level);
  }

  /** Lots at a price, 0 when there are none. */
  lotsAt(side: Side, ticks: number): number {
    const levels = side === "BUY" ? this.bids : this.asks;
    const level = levels[this.#find(levels, side, ticks)];
    return level !== undefined && level.ticks === ticks ? level.lots : 0;
  }

  /** The best levels of a side, best first. */
  top(side: Side, limit: number): Level<Order>[] {
    const levels = side === "BUY" ? this.bids : this.asks;
    return levels.slice(-limit).reverse();
  }

  /** Where a price lies or would lie. */
  #find(levels: readonly Level<Order>[], side: Side, ticks: number): number {
    const direction = side === "BUY" ? 1 : -1;
    let low = 0;
    let high = levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = levels[middle];
      if (at !== undefined && (at.ticks - ticks) * direction < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #mark(level: Level<Order>): void {
    this.updateId += 1;
    this.changed?.add(level.side === "BUY" ? level.ticks : -level.ticks);
  }
}
