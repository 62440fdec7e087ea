import type { Lifetime } from "./expiry.ts";
import { type Extremes, endOfBlock, type Span } from "./extremes.ts";
import type { PlacedOrder } from "./placed-order.ts";

/** No candle has this index; small enough to be counted with as a whole number. */
export const noCandle = 2 ** 30;

/** Looks out for the next candle that may concern an order, so that the others cost one comparison. */
export class Lookout {
  readonly #extremes: Extremes;
  /** Whether only finer candles can tell what happens inside one. */
  readonly #isDetailed: boolean;
  /** Prices of the nearest orders that wait below and above; a market order waits everywhere. */
  #upTo = Number.NEGATIVE_INFINITY;
  #downTo = Number.POSITIVE_INFINITY;
  /** Stops that follow the price, and the nearest prices below and above at which one of them moves. */
  readonly #trailing: PlacedOrder[] = [];
  /** The prices that they passed last. */
  readonly #seen: Span = { low: 0, high: 0 };
  #movesBelow = Number.NEGATIVE_INFINITY;
  #movesAbove = Number.POSITIVE_INFINITY;
  /** Candles from the one to before the other only move stops, and were passed before those followed them. */
  #passedFrom = 0;
  #passedTo = 0;
  /** The first candle after which an order may end by itself. */
  lastIndex = noCandle;

  constructor(extremes: Extremes, isDetailed: boolean) {
    this.#extremes = extremes;
    this.#isDetailed = isDetailed;
  }

  /** The first candle from `from` to before `to` that comes to where any order waits or ends; `to` where there is none. */
  nextReached(from: number, to: number): number {
    if (this.#upTo === Number.POSITIVE_INFINITY) return Math.min(from, to);
    const last = Math.min(to, Math.max(from, this.lastIndex));
    if (this.#trailing.length > 0 && !this.#isDetailed) return this.#nextPassing(from, last);
    const below = this.#nearBelow;
    const above = this.#nearAbove;
    // Where nothing waits for a price, no prices are fetched.
    if (below === Number.NEGATIVE_INFINITY && above === Number.POSITIVE_INFINITY) return last;
    return this.#extremes.nextReached(from, last, below, above);
  }

  /**
   * The same where stops follow the price. Most candles that concern those only move them: they are passed, blocks of them
   * at once, and the stops follow when somebody looks.
   */
  #nextPassing(from: number, to: number): number {
    const extremes = this.#extremes;
    for (let at = from; ; ) {
      const below = this.#nearBelow;
      const above = this.#nearAbove;
      at = extremes.nextNear(at, to, below, above);
      if (at === to) return to;
      const end = Math.min(to, endOfBlock(at));
      if (this.#pass(at, end)) at = end;
      else {
        at = extremes.nextReached(at, end, below, above);
        if (at < end && !this.#pass(at, at + 1)) return at;
        at = Math.min(at + 1, end);
      }
    }
  }

  /** Passes candles that only move stops; changes nothing and is false where any order could fill, begin or end in them. */
  #pass(from: number, to: number): boolean {
    this.#extremes.read(this.#seen, from, to);
    const { low: lowest, high: highest } = this.#seen;
    let upTo = this.#upTo;
    let downTo = this.#downTo;
    for (const order of this.#trailing) {
      if (order.waitsAbove) downTo = Math.min(downTo, order.priceBeyond(lowest));
      else upTo = Math.max(upTo, order.priceBeyond(highest));
    }
    if (lowest <= upTo || highest >= downTo) return false;
    this.#upTo = upTo;
    this.#downTo = downTo;
    this.#watchNoMoves();
    for (const order of this.#trailing) {
      order.pass(order.waitsAbove ? lowest : highest);
      this.#watchMoves(order);
    }
    if (this.#passedFrom >= this.#passedTo) this.#passedFrom = from;
    this.#passedTo = to;
    return true;
  }

  /** Lets stops follow the candles before `to` that were passed. */
  catchUp(to: number): void {
    if (to <= this.#passedFrom) return;
    for (const order of this.#trailing) {
      if (order.status !== "open") continue;
      if (to >= this.#passedTo) order.followPassed();
      else this.#follow(order, this.#passedFrom, to);
    }
    this.#passedFrom = to;
  }

  /** Lets a stop follow to the best price of the candles from `from` to before `to`, by their blocks. */
  #follow(order: PlacedOrder, from: number, to: number): void {
    const extremes = this.#extremes;
    for (let at = from; at < to; at = endOfBlock(at)) {
      const end = Math.min(to, endOfBlock(at));
      order.follow(order.waitsAbove ? extremes.lowestOf(at, end) : extremes.highestOf(at, end));
    }
  }

  /** The candle `index` is met next. Where others behind it were passed, because orders changed since, all is looked at anew. */
  resume(index: number): void {
    this.catchUp(index);
    if (index < this.#passedTo) this.lookAnyway();
  }

  /** From now on a candle is looked at where it reaches this order. */
  watch(order: PlacedOrder): void {
    const { waiting, waitsAbove, price, lifetime, isOnItsWay } = order;
    if (waiting === "market" || isOnItsWay) this.lookAnyway();
    else if (waitsAbove) this.#watchAbove(price);
    else this.#watchBelow(price);
    if (order.trail !== null) {
      order.trail.ahead = Number.NaN;
      this.#trailing.push(order);
      this.#watchMoves(order);
    }
    this.#watchEnd(lifetime);
    if (lifetime.isImmediate) this.lookAnyway();
  }

  #watchEnd({ lastIndex, endsAt }: Lifetime): void {
    if (lastIndex < this.lastIndex) this.lastIndex = lastIndex;
    // Only the candle itself tells its time.
    if (endsAt < Number.POSITIVE_INFINITY) this.lookAnyway();
  }

  /** Looks at the next candle whatever it does: an order was taken back, was changed or ends at a time. */
  lookAnyway(): void {
    this.#upTo = Number.POSITIVE_INFINITY;
  }

  /** Watches these orders and no others. */
  watchAnew(orders: readonly PlacedOrder[]): void {
    this.#upTo = Number.NEGATIVE_INFINITY;
    this.#downTo = Number.POSITIVE_INFINITY;
    this.#watchNoMoves();
    this.#passedFrom = 0;
    this.#passedTo = 0;
    while (this.#trailing.length > 0) this.#trailing.pop();
    this.lastIndex = noCandle;
    for (const order of orders)
      if (order.status === "open") this.watch(order);
      else if (order.status === "held") this.#watchEnd(order.ends);
  }

  #watchAbove(price: number): void {
    if (price < this.#downTo) this.#downTo = price;
  }

  #watchBelow(price: number): void {
    if (price > this.#upTo) this.#upTo = price;
  }

  /** Prices of the nearest orders that wait or move below and above. */
  get #nearBelow(): number {
    return Math.max(this.#upTo, this.#movesBelow);
  }

  get #nearAbove(): number {
    return Math.min(this.#downTo, this.#movesAbove);
  }

  #watchMoves({ trail, waitsAbove }: PlacedOrder): void {
    if (trail === null) return;
    if (waitsAbove) this.#movesBelow = Math.max(this.#movesBelow, trail.movesFrom);
    else this.#movesAbove = Math.min(this.#movesAbove, trail.movesFrom);
  }

  #watchNoMoves(): void {
    this.#movesBelow = Number.NEGATIVE_INFINITY;
    this.#movesAbove = Number.POSITIVE_INFINITY;
  }
}
