import type { Execution } from "./execution.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { Columns } from "./run.ts";

/**
 * Which waiting orders a candle reaches, at what price and in which order.
 *
 * 1. At the open: market orders, then limits and stops that the open reached or passed; they fill at the open.
 * 2. Inside: stops that the range reached, then limits. Where a stop and a target both lie in the candle, their order
 *    cannot be known: the stop is taken (pessimistic) and the candle counted as ambiguous.
 * 3. Protection whose entry filled inside this candle: its stop counts where the range reached it, its target only
 *    where the close is at or beyond it, because the high may have come before the entry.
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

  constructor(candles: Columns, execution: Execution) {
    this.#candles = candles;
    this.#execution = execution;
  }

  /** Whether the candle `index` comes to where any order waits. */
  isReachedBy(index: number): boolean {
    this.#read(index);
    return this.#low <= this.#upTo || this.#high >= this.#downTo;
  }

  /** From now on a candle is looked at where it reaches this order. */
  watch(order: PlacedOrder): void {
    if (order.kind === "market") this.#upTo = Number.POSITIVE_INFINITY;
    else if (order.waitsAbove) this.#downTo = Math.min(this.#downTo, order.price);
    else this.#upTo = Math.max(this.#upTo, order.price);
  }

  /** Lets the candle that was asked about last meet every order that was placed before it. */
  meet(index: number): void {
    const { orders } = this.#execution;
    this.#isAmbiguous = false;
    this.#meetAll(orders, index);
    if (orders.some(hasEnded)) this.#execution.orders = orders.filter((order) => order.isWaiting);
    this.#upTo = 0;
    this.#downTo = Number.POSITIVE_INFINITY;
    for (const order of this.#execution.orders) if (order.status === "open") this.watch(order);
  }

  /** A candle whose prices contradict each other is taken at its widest. */
  #read(index: number): void {
    this.#open = this.#candles.open[index] as number;
    this.#close = this.#candles.close[index] as number;
    this.#high = Math.max(this.#candles.high[index] as number, this.#open, this.#close);
    this.#low = Math.min(this.#candles.low[index] as number, this.#open, this.#close);
  }

  #meetAll(orders: readonly PlacedOrder[], index: number): void {
    for (const order of orders) if (order.kind === "market") this.#meetOpen(order, index);
    for (const order of orders) if (order.kind !== "market") this.#meetOpen(order, index);
    for (const order of orders) if (order.kind === "stop") this.#meetInside(order, index);
    for (const order of orders) if (order.kind === "limit") this.#meetInside(order, index);
    for (const order of orders) this.#meetAfterEntry(order, index);
    if (this.#isAmbiguous) this.ambiguousCandles++;
  }

  #meetOpen(order: PlacedOrder, index: number): void {
    if (order.status !== "open" || order.since === index) return;
    if (order.kind === "market" || this.#isReachedBy(order, this.#open, this.#open)) {
      this.#execution.fill(order, this.#open, index, false);
    }
  }

  #meetInside(order: PlacedOrder, index: number): void {
    if (order.status !== "open" || (order.since === index && order.beganInside)) return;
    if (!this.#isReached(order)) return;
    if (order.kind === "stop" && this.#siblingIsReached(order)) this.#isAmbiguous = true;
    this.#execution.fill(order, this.#priceInside(order), index, true);
  }

  #meetAfterEntry(order: PlacedOrder, index: number): void {
    if (order.status !== "open" || order.since !== index || !order.beganInside) return;
    if (!this.#isReached(order)) return;
    if (order.kind === "stop") {
      if (this.#siblingIsReached(order)) this.#isAmbiguous = true;
      this.#execution.fill(order, order.price, index, true);
    } else if (this.#isReachedBy(order, this.#close, this.#close)) {
      this.#execution.fill(order, order.price, index, true);
    } else {
      this.#isAmbiguous = true;
    }
  }

  #siblingIsReached(order: PlacedOrder): boolean {
    const { sibling } = order;
    return sibling?.status === "open" && this.#isReached(sibling);
  }

  #isReached(order: PlacedOrder): boolean {
    return this.#isReachedBy(order, this.#low, this.#high);
  }

  /** Sell limits and buy stops wait above the price, buy limits and sell stops below it. */
  #isReachedBy(order: PlacedOrder, low: number, high: number): boolean {
    return order.waitsAbove ? high >= order.price : low <= order.price;
  }

  /** Never better than the open for a stop, never worse than it for a limit. */
  #priceInside(order: PlacedOrder): number {
    return order.waitsAbove ? Math.max(order.price, this.#open) : Math.min(order.price, this.#open);
  }
}

const hasEnded = (order: PlacedOrder) => !order.isWaiting;
