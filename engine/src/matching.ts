import type { Execution } from "./execution.ts";
import type { PlacedOrder, Waiting } from "./placed-order.ts";
import type { Columns } from "./run.ts";

/**
 * Which waiting orders a candle reaches, at what price and in which order.
 *
 * 1. At the open: market orders, then limits and stops that the open reached or passed; they fill at the open.
 * 2. Inside: stops that the range reached, then limits. Where two of which one cancels the other lie in the candle, their
 *    order cannot be known: the stop is taken (pessimistic) and the candle counted as ambiguous.
 * 3. Orders that began to wait inside this candle: a stop counts where the range reached it, a limit only where the close
 *    is at or beyond it, because the high may have come before.
 * 4. Trailing stops follow the candle. The close comes after the high: where it is back beyond the moved stop, it was hit.
 */
export class Matching {
  ambiguousCandles = 0;
  readonly #candles: Columns;
  readonly #execution: Execution;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #isAmbiguous = false;
  /** Prices of the nearest orders that wait below and above; a market order waits everywhere. */
  #upTo = 0;
  #downTo = Number.POSITIVE_INFINITY;
  /** The first candle after which an order may end by itself. */
  #lastIndex = Number.POSITIVE_INFINITY;

  constructor(candles: Columns, execution: Execution) {
    this.#candles = candles;
    this.#execution = execution;
  }

  /**
   * The first candle from `from` to before `to` that comes to where any order waits, moves or ends; `to` where there is none.
   * It only compares, because it passes over every candle while orders wait. Open and close are asked too: a candle may
   * contradict itself.
   */
  nextReached(from: number, to: number): number {
    const { open, high, low, close } = this.#candles;
    const upTo = this.#upTo;
    const downTo = this.#downTo;
    const last = Math.min(to, Math.max(from, this.#lastIndex));
    for (let i = from; i < last; i++) {
      if ((low[i] as number) <= upTo || (high[i] as number) >= downTo) return i;
      if (isOutside(open[i] as number, upTo, downTo)) return i;
      if (isOutside(close[i] as number, upTo, downTo)) return i;
    }
    return last;
  }

  /** From now on a candle is looked at where it reaches this order. */
  watch({ waiting, waitsAbove, price, trail, lifetime }: PlacedOrder): void {
    if (waiting === "market") this.lookAnyway();
    else if (waitsAbove) this.#watchAbove(price);
    else this.#watchBelow(price);
    if (trail && waitsAbove) this.#watchBelow(trail.next);
    else if (trail) this.#watchAbove(trail.next);
    if (lifetime.lastIndex < this.#lastIndex) this.#lastIndex = lifetime.lastIndex;
    // Only the candle itself tells its time.
    if (lifetime.endsAt < Number.POSITIVE_INFINITY) this.lookAnyway();
  }

  /** Looks at the next candle whatever it does: an order was taken back, was changed or ends at a time. */
  lookAnyway(): void {
    this.#upTo = Number.POSITIVE_INFINITY;
  }

  /** Lets the candle `index` meet every order that was placed before it. */
  meet(index: number): void {
    const { orders } = this.#execution;
    this.#read(index);
    this.#endByTime(orders, this.#candles.time[index] as number);
    this.#meetAll(orders, index);
    this.#endByCount(orders, index);
    this.#execution.forgetEnded();
    this.#watchAnew();
  }

  #watchAnew(): void {
    this.#upTo = 0;
    this.#downTo = Number.POSITIVE_INFINITY;
    this.#lastIndex = Number.POSITIVE_INFINITY;
    for (const order of this.#execution.orders) if (order.status === "open") this.watch(order);
  }

  #watchAbove(price: number): void {
    if (price < this.#downTo) this.#downTo = price;
  }

  #watchBelow(price: number): void {
    if (price > this.#upTo) this.#upTo = price;
  }

  /** A candle whose prices contradict each other is taken at its widest. */
  #read(index: number): void {
    this.#open = this.#candles.open[index] as number;
    this.#close = this.#candles.close[index] as number;
    this.#high = Math.max(this.#candles.high[index] as number, this.#open, this.#close);
    this.#low = Math.min(this.#candles.low[index] as number, this.#open, this.#close);
  }

  #endByTime(orders: readonly PlacedOrder[], time: number): void {
    for (const order of orders) {
      if (order.status === "open" && order.lifetime.endsAt <= time) this.#execution.expire(order);
    }
  }

  #endByCount(orders: readonly PlacedOrder[], index: number): void {
    if (index < this.#lastIndex) return;
    for (const order of orders) {
      if (order.status === "open" && order.lifetime.lastIndex <= index)
        this.#execution.expire(order);
    }
  }

  #meetAll(orders: readonly PlacedOrder[], index: number): void {
    this.#isAmbiguous = false;
    // Where a market opens beyond it, the exchange comes before every order.
    if (orders[0]?.isForced) this.#meetOpen(orders[0], index);
    this.#meetOpens(orders, index, true);
    this.#meetOpens(orders, index, false);
    this.#meetInsides(orders, index, "stop");
    this.#meetInsides(orders, index, "limit");
    for (const order of orders) this.#meetAfterEntry(order, index);
    for (const order of orders) this.#meetTrail(order, index);
    if (this.#isAmbiguous) this.ambiguousCandles++;
  }

  #meetOpens(orders: readonly PlacedOrder[], index: number, areMarket: boolean): void {
    for (const order of orders) {
      if ((order.waiting === "market") === areMarket) this.#meetOpen(order, index);
    }
  }

  #meetInsides(orders: readonly PlacedOrder[], index: number, waiting: Waiting): void {
    for (const order of orders) if (order.waiting === waiting) this.#meetInside(order, index);
  }

  #meetOpen(order: PlacedOrder, index: number): void {
    if (order.status !== "open" || order.since === index) return;
    if (order.waiting === "market" || this.#isReachedWithin(order, this.#open, this.#open)) {
      this.#reach(order, this.#open, index, false);
    } else order.follow(this.#open);
  }

  #meetInside(order: PlacedOrder, index: number): void {
    if (order.status !== "open" || (order.since === index && order.beganInside)) return;
    if (order.lifetime.isImmediate || !this.#isInRange(order)) return;
    if (order.isForced) this.#meetOnTheWay(order, index);
    if (!this.#isInRange(order)) return;
    if (this.#isRivalReached(order)) this.#isAmbiguous = true;
    this.#reach(order, this.#priceInside(order), index, true);
  }

  /** Before a price at which a position is liquidated, the market passes every order that waits nearer on its way. */
  #meetOnTheWay(forced: PlacedOrder, index: number): void {
    const { orders } = this.#execution;
    for (const order of orders) {
      if (order.isForced || order.status !== "open" || order.waiting === "market") continue;
      const isNearer = forced.waitsAbove ? order.price < forced.price : order.price > forced.price;
      if (order.waitsAbove === forced.waitsAbove && isNearer) this.#meetInside(order, index);
      else if (order.waitsAbove !== forced.waitsAbove && this.#isInRange(order))
        this.#isAmbiguous = true;
    }
  }

  #meetAfterEntry(order: PlacedOrder, index: number): void {
    if (order.status !== "open" || order.since !== index || !order.beganInside) return;
    if (!this.#isInRange(order)) return;
    if (order.waiting === "stop") {
      if (this.#isRivalReached(order)) this.#isAmbiguous = true;
      this.#reach(order, order.price, index, true);
    } else if (this.#isReachedWithin(order, this.#close, this.#close)) {
      this.#reach(order, order.price, index, true);
    } else {
      this.#isAmbiguous = true;
    }
  }

  #meetTrail(order: PlacedOrder, index: number): void {
    if (order.trail === null || order.status !== "open") return;
    const began = order.since === index && order.beganInside;
    const best = order.waitsAbove ? this.#low : this.#high;
    if (!order.follow(began ? this.#close : best)) return;
    if (this.#isReachedWithin(order, this.#close, this.#close)) {
      this.#reach(order, order.price, index, true);
    } else if (!began && this.#isInRange(order)) {
      this.#isAmbiguous = true;
    }
  }

  /** Fills an order at the price that the candle met, or lets a stop-limit go on as a limit. */
  #reach(order: PlacedOrder, met: number, index: number, isInside: boolean): void {
    if (order.kind !== "stop-limit" || order.waiting === "limit") {
      this.#execution.fill(order, met, index, isInside);
      return;
    }
    order.becomeLimit(index, isInside);
    if (!this.#isReachedWithin(order, met, met)) return;
    order.isMarketable = true;
    this.#execution.fill(order, met, index, isInside);
  }

  #isRivalReached(order: PlacedOrder): boolean {
    return order.rivals.some(
      (rival) => rival !== order && rival.status === "open" && this.#isInRange(rival),
    );
  }

  #isInRange(order: PlacedOrder): boolean {
    return this.#isReachedWithin(order, this.#low, this.#high);
  }

  /** Sell limits and buy stops wait above the price, buy limits and sell stops below it. */
  #isReachedWithin(order: PlacedOrder, low: number, high: number): boolean {
    return order.waitsAbove ? high >= order.price : low <= order.price;
  }

  /** Never better than the open for a stop, never worse than it for a limit. */
  #priceInside(order: PlacedOrder): number {
    return order.waitsAbove ? Math.max(order.price, this.#open) : Math.min(order.price, this.#open);
  }
}

const isOutside = (price: number, upTo: number, downTo: number) => price <= upTo || price >= downTo;
