import type { Clock } from "./clock.ts";
import { Execution, type ExecutionNeeds } from "./execution.ts";
import { toTick } from "./grid.ts";
import { Matching } from "./matching.ts";
import type {
  BracketWish,
  LimitWish,
  MarketWish,
  Order,
  OrderKind,
  Side,
  StopWish,
} from "./order.ts";
import {
  type BracketPrices,
  bracketCause,
  isPrice,
  type KnownSize,
  readWish,
  stopCause,
} from "./order-checks.ts";
import { PlacedOrder } from "./placed-order.ts";
import type { Fill, RejectionCause } from "./result.ts";

const openOrdersMax = 1_000;

type Asked = Readonly<{
  kind: OrderKind;
  side: Side;
  price: number;
  size: KnownSize;
  reason: string;
  reduceOnly?: boolean | undefined;
}>;

/** Takes a strategy's wishes, checks them, and lets candles meet the orders that wait. */
export class Broker {
  /** Whether any order waits: only then does a candle need to be looked at. */
  armed = false;
  readonly #needs: ExecutionNeeds;
  readonly #clock: Clock;
  readonly #execution: Execution;
  readonly #matching: Matching;
  #placed = 0;

  constructor(needs: ExecutionNeeds, clock: Clock) {
    this.#needs = needs;
    this.#clock = clock;
    this.#execution = new Execution(needs);
    this.#matching = new Matching(needs.candles, this.#execution);
  }

  get fills(): readonly Fill[] {
    return this.#execution.fills;
  }

  get rejected(): Readonly<Partial<Record<RejectionCause, number>>> {
    return this.#execution.rejected;
  }

  get ambiguousCandles(): number {
    return this.#matching.ambiguousCandles;
  }

  get openOrders(): readonly Order[] {
    return this.#execution.orders.filter((order) => order.isWaiting);
  }

  /** Whether the candle `index` concerns any order; asked only while `armed`. */
  isReachedBy(index: number): boolean {
    return this.#matching.isReachedBy(index);
  }

  /** Fills what the candle at the clock reaches. */
  match(): void {
    this.#matching.meet(this.#clock.index);
    this.armed = this.#execution.orders.length > 0;
  }

  placeMarket(wish: MarketWish): Order {
    const size = readWish(wish);
    if (typeof size === "string") return this.#refused("market", size);
    const order = this.#order({
      ...named(wish, "signal"),
      kind: "market",
      price: Number.NaN,
      size,
    });
    return this.#place(order, size.kind === "risk" ? "no-stop" : null);
  }

  placeLimit(wish: LimitWish): Order {
    const size = readWish(wish);
    if (typeof size === "string") return this.#refused("limit", size);
    const order = this.#order({
      ...named(wish, "limit"),
      kind: "limit",
      price: this.#onTick(wish.price),
      size,
    });
    order.isMarketable = this.#isMarketable(order);
    const cause = isPrice(order.price) ? null : "bad-price";
    return this.#place(order, cause ?? (size.kind === "risk" ? "no-stop" : null));
  }

  placeStop(wish: StopWish): Order {
    const size = readWish(wish);
    if (typeof size === "string") return this.#refused("stop", size);
    const order = this.#order({
      ...named(wish, "stop"),
      kind: "stop",
      price: this.#onTick(wish.price),
      size,
    });
    const cause = isPrice(order.price)
      ? stopCause(order.side, order.price, this.#lastClose)
      : "bad-price";
    return this.#place(order, cause ?? (size.kind === "risk" ? "no-stop" : null));
  }

  placeBracket(wish: BracketWish): Order {
    const size = readWish(wish);
    if (typeof size === "string") return this.#refused("market", size);
    const prices = this.#bracketPrices(wish);
    const isLimit = prices.limit !== undefined;
    const entry = this.#order({
      kind: isLimit ? "limit" : "market",
      side: wish.side,
      price: prices.limit ?? Number.NaN,
      size,
      reason: reasonOf(wish.reason, "signal"),
    });
    entry.isMarketable = isLimit && this.#isMarketable(entry);
    entry.riskStop = prices.stop ?? Number.NaN;
    const unsized = size.kind === "risk" && prices.stop === undefined ? "no-stop" : null;
    this.#place(entry, bracketCause(wish.side, prices, this.#lastClose) ?? unsized);
    if (entry.status === "open") this.#protect(entry, prices);
    return entry;
  }

  #bracketPrices({ limit, stop, target }: BracketWish): BracketPrices {
    const onTick = (price: unknown) => (price === undefined ? undefined : this.#onTick(price));
    return { limit: onTick(limit), stop: onTick(stop), target: onTick(target) };
  }

  placeExit(reason: unknown): Order {
    const { held } = this.#needs.account;
    const order = this.#order({
      kind: "market",
      side: held > 0 ? "sell" : "buy",
      price: Number.NaN,
      size: { kind: "position", amount: 1 },
      reason: reasonOf(reason, "signal"),
      reduceOnly: true,
    });
    return this.#place(order, held === 0 ? "no-position" : null);
  }

  cancel(given: Order): boolean {
    const order = this.#execution.orders.find((one) => one === given);
    if (!order?.isWaiting) return false;
    this.#execution.cancel(order);
    this.#matching.watch(order);
    return true;
  }

  cancelAll(): void {
    for (const order of this.#execution.orders) if (order.isWaiting) this.#execution.cancel(order);
  }

  get #lastClose(): number {
    return this.#needs.candles.close[this.#clock.index] as number;
  }

  #onTick(price: unknown): number {
    return typeof price === "number" ? toTick(price, this.#needs.market.tick) : Number.NaN;
  }

  #isMarketable({ side, price }: PlacedOrder): boolean {
    return side === "buy" ? price >= this.#lastClose : price <= this.#lastClose;
  }

  #order(asked: Asked): PlacedOrder {
    this.#placed++;
    return new PlacedOrder({
      ...asked,
      id: this.#placed,
      reduceOnly: asked.reduceOnly === true,
      index: this.#clock.index,
    });
  }

  #place(order: PlacedOrder, cause: RejectionCause | null): Order {
    const isFull = this.#execution.orders.length >= openOrdersMax;
    const refused = cause ?? (isFull ? "too-many-orders" : null);
    if (refused !== null) {
      this.#execution.refuse(order, refused);
      return order;
    }
    order.move("accept");
    this.#execution.orders.push(order);
    this.#matching.watch(order);
    this.armed = true;
    return order;
  }

  #protect(entry: PlacedOrder, { stop, target }: BracketPrices): void {
    const side = entry.side === "buy" ? "sell" : "buy";
    const legs: PlacedOrder[] = [];
    if (stop !== undefined) {
      legs.push(this.#leg(entry, { kind: "stop", side, price: stop, reason: "stop" }));
    }
    if (target !== undefined) {
      legs.push(this.#leg(entry, { kind: "limit", side, price: target, reason: "target" }));
    }
    entry.legs = legs;
    this.#execution.orders.push(...legs);
  }

  #leg(entry: PlacedOrder, asked: Pick<Asked, "kind" | "side" | "price" | "reason">): PlacedOrder {
    const leg = this.#order({ ...asked, size: { kind: "position", amount: 1 }, reduceOnly: true });
    leg.entry = entry;
    leg.move("hold");
    return leg;
  }

  /** An order that made no sense at all; it exists only to say why. */
  #refused(kind: OrderKind, cause: RejectionCause): Order {
    const nothing = { kind: "quantity", amount: 0 } as const;
    return this.#place(
      this.#order({ kind, side: "buy", price: Number.NaN, size: nothing, reason: "" }),
      cause,
    );
  }
}

type Named = Readonly<{ side: Side; reason?: string; reduceOnly?: boolean }>;

const named = ({ side, reason, reduceOnly }: Named, fallback: string) => ({
  side,
  reason: reasonOf(reason, fallback),
  reduceOnly,
});

const reasonOf = (reason: unknown, fallback: string) =>
  typeof reason === "string" && reason !== "" ? reason.slice(0, 80) : fallback;
