import type { Claimant } from "./claimant.ts";
import type { Execution } from "./execution.ts";
import type { LastPrice } from "./last-price.ts";
import { type Arrival, LateChange, type LateChanges } from "./late-changes.ts";
import type { Amendment, MarketWish, Order } from "./order.ts";
import {
  bracketCause,
  fieldsOf,
  isPrice,
  type KnownSize,
  readWish,
  stopCause,
} from "./order-checks.ts";
import { OrderView } from "./order-view.ts";
import type { PlacedOrder, Waiting } from "./placed-order.ts";
import type { RejectionCause } from "./result.ts";

type Needs = Readonly<{
  execution: Execution;
  lastPrice: LastPrice;
  late: LateChanges;
  claimant: Claimant | null;
  /** When what is asked for now arrives; null where that is at once. */
  arrival: () => Arrival | null;
  /** Called when orders changed. */
  lookSoon: () => void;
}>;

/** What a strategy does with orders that wait: takes them back, changes them, lets one cancel another. */
export class OrderChanges {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  cancel(given: Order): boolean {
    if (!(given instanceof OrderView)) this.#needs.execution.count("bad-request");
    const order = this.#waiting(given);
    if (order === null) return false;
    this.#make(() => this.#cancelAll([order]));
    return true;
  }

  cancelAll(): void {
    const orders = this.#needs.execution.orders.filter((order) => !order.isForced);
    this.#make(() => this.#cancelAll(orders));
  }

  /** Changes what waits, or counts why not and leaves it as it was; once more when that arrives late. */
  amend(given: Order, amendment: Amendment): boolean {
    const order = this.#waiting(given);
    if (!this.#mayAmend(order, amendment, this.#needs.lastPrice.value)) return false;
    const changes = { ...amendment };
    let isRefused = false;
    this.#make((market) => {
      isRefused = !this.#mayAmend(order, changes, market) || !this.#amend(order, changes, market);
    });
    return !isRefused;
  }

  /** The first of these orders that fills cancels the others; where one waits no more, all are taken back. */
  oneCancelsOther(given: readonly Order[]): boolean {
    return this.#tie(
      given,
      (order) => order.rivals.length === 0,
      (rivals) => {
        for (const order of rivals) order.rivals = rivals;
      },
    );
  }

  /** The others are held until the first has filled; where one waits no more, all are taken back. */
  oneTriggersOther(given: Order, others: readonly Order[]): boolean {
    return this.#tie(
      [given, ...others],
      (order) => order.status === "open" && order.filled === 0,
      ([first, ...followers]) => {
        if (first) first.followers = [...first.followers, ...followers];
        for (const follower of followers) follower.move("hold");
      },
    );
  }

  /** Whether the money was free for the change. */
  #amend(order: PlacedOrder, { price, ...size }: Amendment, market: number): boolean {
    const { claimant, execution } = this.#needs;
    const before = { price: order.price, size: order.size };
    if (price !== undefined) order.price = this.#needs.lastPrice.onTick(price, order.waitsAbove);
    if (Object.keys(size).length > 0)
      order.size = readWish(
        { ...size, side: order.side } as MarketWish,
        fieldsOf.amendment,
      ) as KnownSize;
    const cause = claimant?.renew(order, market) ?? null;
    if (cause !== null) {
      Object.assign(order, before);
      execution.count(cause);
      return false;
    }
    order.standAnew(market);
    execution.tally.count("amended", execution.admission.isExit(order));
    return true;
  }

  /** Whether an order waits and may be changed so, where the market is at this price; else the cause is counted. */
  #mayAmend(order: PlacedOrder | null, amendment: Amendment, market: number): order is PlacedOrder {
    const cause = order?.isWaiting ? this.#amendCause(order, amendment, market) : "not-waiting";
    if (cause !== null) this.#needs.execution.count(cause);
    return cause === null;
  }

  #amendCause(order: PlacedOrder, amendment: Amendment, market: number): RejectionCause | null {
    if (typeof amendment !== "object" || amendment === null) return "bad-request";
    const { price: asked, ...size } = amendment;
    if (Object.keys(size).length > 0) {
      const read = readWish({ ...size, side: order.side } as MarketWish, fieldsOf.amendment);
      if (typeof read === "string") return read;
      if (read.kind === "risk") return "no-stop";
    }
    if (asked === undefined) return null;
    const price = this.#needs.lastPrice.onTick(asked, order.waitsAbove);
    if (order.waiting === "market" || order.trail !== null || !isPrice(price)) return "bad-price";
    return priceCause(order, price, market);
  }

  /** Ties orders, at once where none of them arrives before that; where one waits no more, takes all back and counts that. */
  #tie(
    given: readonly Order[],
    fits: (order: PlacedOrder) => boolean,
    tie: (orders: readonly PlacedOrder[]) => void,
  ): boolean {
    const orders = given.map((one) => this.#waiting(one)).filter((order) => order !== null);
    const areAll = orders.length === given.length && new Set(orders).size === orders.length;
    const fitNow = () => orders.every((order) => order.isWaiting && fits(order));
    const act = () => {
      if (areAll && fitNow()) tie(orders);
      else {
        this.#cancelAll(orders);
        this.#needs.execution.count("not-waiting");
      }
    };
    const isTied = areAll && fitNow();
    const due = this.#needs.arrival();
    if (due !== null && orders.every(({ arrival }) => arrival !== null && isFirst(due, arrival)))
      act();
    else this.#make(act);
    return isTied;
  }

  #cancelAll(orders: readonly PlacedOrder[]): void {
    for (const order of orders) if (order.isWaiting) this.#needs.execution.cancel(order);
  }

  /** Makes a change now, or when it has arrived. */
  #make(change: (market: number) => void): void {
    const { arrival, claimant, lastPrice, late, lookSoon } = this.#needs;
    const due = arrival();
    if (due === null) change(lastPrice.value);
    else late.add(new LateChange(due, change, claimant?.nextPlace() ?? 0));
    lookSoon();
  }

  #waiting(given: Order): PlacedOrder | null {
    const order = this.#needs.execution.orders.find((one) => one.view === given);
    return order?.isWaiting ? order : null;
  }
}

const isFirst = (one: Arrival, other: Arrival) => one.index <= other.index && one.at <= other.at;

/** What speaks against a price that an order is to wait at, where the market is at `market`. */
function priceCause(order: PlacedOrder, price: number, market: number): RejectionCause | null {
  const { side, status, waiting, entry, legs, isPostOnly } = order;
  if (status === "held" && entry !== null)
    return aroundEntry(entry, entry.price, market, (leg) => (leg === order ? price : leg.price));
  if (waiting === "stop" && status === "open") return stopCause(side, price, market);
  if (isPostOnly && (side === "buy" ? price >= market : price <= market)) return "would-take";
  return legs.some((leg) => leg.status === "held")
    ? aroundEntry(order, price, market, (leg) => leg.price)
    : null;
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
  const entry = Number.isNaN(limit) ? undefined : limit;
  return bracketCause(side, { limit: entry, stop: at("stop"), target: at("limit") }, market);
}
