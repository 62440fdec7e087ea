import type { Execution } from "./execution.ts";
import type { LastPrice } from "./last-price.ts";
import type { Amendment, MarketWish, Order } from "./order.ts";
import { bracketCause, isPrice, type KnownSize, readWish, stopCause } from "./order-checks.ts";
import type { PlacedOrder, Waiting } from "./placed-order.ts";
import type { RejectionCause } from "./result.ts";

/** What a strategy does with orders that wait: takes them back, changes them, lets one cancel another. */
export class OrderChanges {
  readonly #execution: Execution;
  readonly #lookSoon: () => void;
  readonly #lastPrice: LastPrice;

  /** `lookSoon` is called when orders changed. */
  constructor(execution: Execution, lastPrice: LastPrice, lookSoon: () => void) {
    this.#execution = execution;
    this.#lastPrice = lastPrice;
    this.#lookSoon = lookSoon;
  }

  cancel(given: Order): boolean {
    const order = this.#waiting(given);
    if (order === null) return false;
    this.#execution.cancel(order);
    this.#lookSoon();
    return true;
  }

  cancelAll(): void {
    for (const order of this.#execution.orders) {
      if (order.isWaiting && !order.isForced) this.#execution.cancel(order);
    }
    this.#lookSoon();
  }

  /** Changes what waits, or counts why not and leaves it as it was. */
  amend(given: Order, amendment: Amendment): boolean {
    const order = this.#waiting(given);
    const cause = order === null ? "not-waiting" : this.#amendCause(order, amendment);
    if (order === null || cause !== null) {
      this.#execution.count(cause ?? "not-waiting");
      return false;
    }
    const { price, ...size } = amendment;
    if (price !== undefined) order.price = this.#lastPrice.onTick(price);
    if (Object.keys(size).length > 0)
      order.size = readWish({ ...size, side: order.side } as MarketWish) as KnownSize;
    if (order.waiting === "limit") order.isMarketable = this.#lastPrice.isMarketable(order);
    this.#lookSoon();
    return true;
  }

  #amendCause(order: PlacedOrder, amendment: Amendment): RejectionCause | null {
    if (typeof amendment !== "object" || amendment === null) return "bad-request";
    const { price: asked, ...size } = amendment;
    if (Object.keys(size).length > 0) {
      const read = readWish({ ...size, side: order.side } as MarketWish);
      if (typeof read === "string") return read;
      if (read.kind === "risk") return "no-stop";
    }
    if (asked === undefined) return null;
    const price = this.#lastPrice.onTick(asked);
    if (order.waiting === "market" || order.trail !== null || !isPrice(price)) return "bad-price";
    return this.#priceCause(order, price);
  }

  #priceCause(order: PlacedOrder, price: number): RejectionCause | null {
    const { side, status, waiting, entry, legs, isPostOnly } = order;
    const market = this.#lastPrice.value;
    if (status === "held" && entry !== null)
      return aroundEntry(entry, entry.price, market, (leg) => (leg === order ? price : leg.price));
    if (waiting === "stop" && status === "open") return stopCause(side, price, market);
    if (isPostOnly && this.#lastPrice.isMarketable({ side, price })) return "would-take";
    return legs.some((leg) => leg.status === "held")
      ? aroundEntry(order, price, market, (leg) => leg.price)
      : null;
  }

  /** The first of these orders that fills cancels the others; where one waits no more, all are taken back. */
  oneCancelsOther(given: readonly Order[]): boolean {
    const rivals = this.#all(given, (order) => order.rivals.length === 0);
    if (rivals === null) return false;
    for (const order of rivals) order.rivals = rivals;
    return true;
  }

  /** The others are held until the first has filled; where one waits no more, all are taken back. */
  oneTriggersOther(given: Order, others: readonly Order[]): boolean {
    const isFree = (order: PlacedOrder) => order.status === "open" && order.filled === 0;
    const all = this.#all([given, ...others], isFree);
    const [first, ...followers] = all ?? [];
    if (first === undefined) return false;
    first.followers = [...first.followers, ...followers];
    for (const follower of followers) follower.move("hold");
    return true;
  }

  /** The orders that were given, where all of them wait and fit; else null, with all of them taken back and one counted. */
  #all(
    given: readonly Order[],
    fits: (order: PlacedOrder) => boolean,
  ): readonly PlacedOrder[] | null {
    const orders = given.map((one) => this.#waiting(one)).filter((order) => order !== null);
    const areAll = orders.length === given.length && new Set(orders).size === orders.length;
    if (areAll && orders.every(fits)) return orders;
    for (const order of orders) if (order.isWaiting) this.cancel(order);
    this.#execution.count("not-waiting");
    return null;
  }

  #waiting(given: Order): PlacedOrder | null {
    const order = this.#execution.orders.find((one) => one === given);
    return order?.isWaiting ? order : null;
  }
}

/** Whether stop and target of an entry still surround it where they and it are to wait at these prices. */
function aroundEntry(
  { side, legs }: PlacedOrder,
  limit: number,
  market: number,
  priceOf: (leg: PlacedOrder) => number,
): RejectionCause | null {
  const at = (waiting: Waiting) => {
    const leg = legs.find((one) => one.waiting === waiting);
    const price = leg === undefined ? undefined : priceOf(leg);
    return isPrice(price) ? price : undefined;
  };
  const prices = {
    limit: Number.isNaN(limit) ? undefined : limit,
    stop: at("stop"),
    target: at("limit"),
  };
  return bracketCause(side, prices, market);
}
