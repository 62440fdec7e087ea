import type { Account } from "./account.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Clock } from "./clock.ts";
import { endOfData } from "./end-of-data.ts";
import { readLifetime } from "./expiry.ts";
import type { LastPrice } from "./last-price.ts";
import { isCashOnly } from "./lending.ts";
import type {
  BracketWish,
  LimitWish,
  MarketWish,
  Order,
  OrderKind,
  Side,
  StopLimitWish,
  StopWish,
  TakeProfitWish,
  TrailingStopWish,
} from "./order.ts";
import {
  type BracketPrices,
  bracketCause,
  fieldsOf,
  isPrice,
  type KnownSize,
  readWish,
  stopCause,
} from "./order-checks.ts";
import { type Placed, PlacedOrder, waitsAbove } from "./placed-order.ts";
import type { RejectionCause } from "./result.ts";
import type { MarketRules, RunSettings } from "./run-settings.ts";
import { readTrail, Trail, type TrailPlan } from "./trail.ts";

type Needs = Readonly<{
  account: Account;
  arrivals: Arrivals;
  candles: Readonly<{ time: Float64Array }>;
  lastPrice: LastPrice;
  market: MarketRules;
  settings: RunSettings;
  /** Takes an order in, or refuses it with the cause given. */
  take: (order: PlacedOrder, cause: RejectionCause | null) => Order;
  /** Lets stops follow the price up to the last closed candle. */
  catchUp: () => void;
  /** Keeps an order that waits for another to fill. */
  hold: (order: PlacedOrder) => void;
}>;

/** Makes orders of what a strategy wishes, and says what is wrong with those that make no sense. */
export class Placing {
  readonly #needs: Needs;
  readonly #clock: Clock;
  readonly #isCashOnly: boolean;
  #placed = 0;

  constructor(needs: Needs, clock: Clock) {
    this.#needs = needs;
    this.#clock = clock;
    this.#isCashOnly = isCashOnly(needs.settings);
  }

  market(wish: MarketWish): Order {
    const size = readWish(wish, fieldsOf.market);
    if (typeof size === "string") return this.#refused("market", size);
    const order = this.#order(placedOf("market", wish, "signal", Number.NaN, size));
    return this.#needs.take(order, unsizedCause(size));
  }

  limit(wish: LimitWish): Order {
    return this.#placePriced("limit", wish, (order) => {
      order.isPostOnly = wish.postOnly === true;
      order.isMarketable = this.#needs.lastPrice.isMarketable(order);
      if (!order.isPostOnly) return null;
      if (wish.timeInForce === "ioc" || wish.timeInForce === "fok") return "bad-request";
      return order.isMarketable ? "would-take" : null;
    });
  }

  takeProfit(wish: TakeProfitWish): Order {
    return this.#placePriced("take-profit", wish, () => null);
  }

  stop(wish: StopWish): Order {
    return this.#placePriced("stop", wish, (order) => this.#stopCause(order));
  }

  stopLimit(wish: StopLimitWish): Order {
    return this.#placePriced("stop-limit", wish, (order) => {
      order.limit = this.#needs.lastPrice.onTick(wish.limit, order.side === "sell");
      return isPrice(order.limit) ? this.#stopCause(order) : "bad-price";
    });
  }

  trailingStop(wish: TrailingStopWish): Order {
    const size = readWish(wish, fieldsOf["trailing-stop"]);
    if (typeof size === "string") return this.#refused("trailing-stop", size);
    const plan = readTrail(wish);
    const price = outOfReach(wish.side);
    const order = this.#order(placedOf("trailing-stop", wish, "trailing stop", price, size));
    if (typeof plan === "string") return this.#needs.take(order, plan);
    this.#trail(order, plan);
    order.begin(this.#needs.lastPrice.value);
    return this.#needs.take(order, this.#endingCause(order, wish) ?? unsizedCause(size));
  }

  bracket(wish: BracketWish): Order {
    const size = readWish(wish, fieldsOf.bracket);
    if (typeof size === "string") return this.#refused("market", size);
    const prices = this.#bracketPrices(wish);
    const plan = wish.trail === undefined ? null : readTrail(wish.trail);
    const isLimit = prices.limit !== undefined;
    const entry = this.#order({
      kind: isLimit ? "limit" : "market",
      side: wish.side,
      price: prices.limit ?? Number.NaN,
      size,
      reason: reasonOf(wish.reason, "signal"),
    });
    entry.isMarketable = isLimit && this.#needs.lastPrice.isMarketable(entry);
    entry.riskStop = prices.stop ?? Number.NaN;
    const cause =
      (typeof plan === "string" ? plan : null) ??
      bracketCause(wish.side, prices, this.#needs.lastPrice.value) ??
      this.#endingCause(entry, wish) ??
      (prices.stop === undefined ? unsizedCause(size) : null);
    this.#needs.take(entry, cause);
    if (entry.status === "open")
      this.#protect(entry, prices, typeof plan === "string" ? null : plan);
    return entry.view;
  }

  exit(reason: unknown): Order {
    const { held } = this.#needs.account;
    const order = this.#order({
      kind: "market",
      side: held > 0 ? "sell" : "buy",
      price: Number.NaN,
      size: wholePosition,
      reason: reasonOf(reason, "signal"),
      reduceOnly: true,
    });
    return this.#needs.take(order, held === 0 ? "no-position" : null);
  }

  /** An order that waits for its own price; `settle` completes it and names what is wrong with it. */
  #placePriced(
    kind: OrderKind,
    wish: StopWish,
    settle: (order: PlacedOrder) => RejectionCause | null,
  ): Order {
    const size = readWish(wish, fieldsOf[kind]);
    if (typeof size === "string") return this.#refused(kind, size);
    const reason = kind === "take-profit" ? "target" : kind === "limit" ? "limit" : "stop";
    const price = this.#needs.lastPrice.onTick(wish.price, waitsAbove(kind, wish.side));
    const order = this.#order(placedOf(kind, wish, reason, price, size));
    const cause = isPrice(order.price) ? settle(order) : "bad-price";
    return this.#needs.take(order, cause ?? this.#endingCause(order, wish) ?? unsizedCause(size));
  }

  #stopCause({ side, price }: PlacedOrder): RejectionCause | null {
    return stopCause(side, price, this.#needs.lastPrice.value);
  }

  /** Gives an order its end; the cause where that makes no sense. */
  #endingCause(order: PlacedOrder, wish: object): RejectionCause | null {
    const { arrivals, candles } = this.#needs;
    const { index } = this.#clock;
    const lifetime = readLifetime(wish, { index, late: arrivals.candlesMax, time: candles.time });
    if (typeof lifetime === "string") return lifetime;
    order.lifetime = lifetime;
    return null;
  }

  #bracketPrices({ side, limit, stop, target }: BracketWish): BracketPrices {
    const onTick = (price: unknown, isAbove: boolean) =>
      price === undefined ? undefined : this.#needs.lastPrice.onTick(price, isAbove);
    const isShort = side === "sell";
    return {
      limit: onTick(limit, isShort),
      stop: onTick(stop, isShort),
      target: onTick(target, !isShort),
    };
  }

  #order(placed: Placed): PlacedOrder {
    this.#placed++;
    const order = new PlacedOrder(placed, this.#placed);
    // Where nothing is lent, who sells only sells what is held.
    if (this.#isCashOnly && order.side === "sell") order.reduceOnly = true;
    return order;
  }

  #protect(entry: PlacedOrder, { stop, target }: BracketPrices, plan: TrailPlan | null): void {
    if (stop === undefined && target === undefined && plan === null) return;
    const side = entry.side === "buy" ? "sell" : "buy";
    const legs: PlacedOrder[] = [];
    if (stop !== undefined || plan !== null) {
      const kind = plan === null ? "stop" : "trailing-stop";
      const leg = this.#leg(entry, { kind, side, price: stop ?? outOfReach(side), reason: "stop" });
      if (plan !== null) this.#trail(leg, plan);
      legs.push(leg);
    }
    if (target !== undefined) {
      legs.push(this.#leg(entry, { kind: "limit", side, price: target, reason: "target" }));
    }
    entry.legs = legs;
    for (const leg of legs) {
      leg.rivals = legs;
      this.#needs.hold(leg);
    }
  }

  #trail(order: PlacedOrder, plan: TrailPlan): void {
    const { market, catchUp } = this.#needs;
    order.trail = new Trail(plan, order.waitsAbove, market.tick, catchUp);
  }

  #leg(
    entry: PlacedOrder,
    { kind, side, price, reason }: Pick<Placed, "kind" | "side" | "price" | "reason">,
  ): PlacedOrder {
    const leg = this.#order({ kind, side, price, size: wholePosition, reason, reduceOnly: true });
    leg.entry = entry;
    leg.move("hold");
    return leg;
  }

  /** An order that made no sense at all; it exists only to say why. */
  #refused(kind: OrderKind, cause: RejectionCause): Order {
    const nothing = { kind: "quantity", amount: 0 } as const;
    return this.#needs.take(
      this.#order({ kind, side: "buy", price: Number.NaN, size: nothing, reason: "" }),
      cause,
    );
  }
}

const wholePosition: KnownSize = { kind: "position", amount: 1 };

/** Where a trailing stop waits until it follows. */
const outOfReach = (side: Side) => (side === "buy" ? Number.POSITIVE_INFINITY : 0);

/** Risk needs a stop to be measured from. */
const unsizedCause = ({ kind }: KnownSize): RejectionCause | null =>
  kind === "risk" ? "no-stop" : null;

type Named = Readonly<{ side: Side; reason?: string; reduceOnly?: boolean }>;

const placedOf = (
  kind: OrderKind,
  { side, reason, reduceOnly }: Named,
  fallback: string,
  price: number,
  size: KnownSize,
): Placed => ({ kind, side, price, size, reason: reasonOf(reason, fallback), reduceOnly });

const reasonOf = (reason: unknown, fallback: string) =>
  typeof reason === "string" && reason !== "" && reason !== endOfData
    ? reason.slice(0, 80)
    : fallback;
