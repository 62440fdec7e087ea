import type { Clock } from "./clock.ts";
import type { Detail } from "./columns.ts";
import { endOfData } from "./end-of-data.ts";
import { Execution, type ExecutionNeeds } from "./execution.ts";
import { readLifetime } from "./expiry.ts";
import type { FillLog } from "./fill-log.ts";
import { fillSettingsOf } from "./fill-settings.ts";
import { LastPrice } from "./last-price.ts";
import { type Arrival, LateChanges } from "./late-changes.ts";
import { isCashOnly } from "./lending.ts";
import { noCandle } from "./lookout.ts";
import { Matching } from "./matching.ts";
import { Moment } from "./moment.ts";
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
import { OrderChanges } from "./order-changes.ts";
import {
  type BracketPrices,
  bracketCause,
  fieldsOf,
  isPrice,
  type KnownSize,
  readWish,
  stopCause,
} from "./order-checks.ts";
import type { OrderCounts } from "./order-counts.ts";
import { type Placed, PlacedOrder } from "./placed-order.ts";
import type { LiquidationLevel, RejectionCause } from "./result.ts";
import type { FillSettings } from "./run-settings.ts";
import { readTrail, Trail, type TrailPlan } from "./trail.ts";

export type BrokerNeeds = ExecutionNeeds &
  Readonly<{ detail?: Detail | undefined; lengthMs: number }>;

/** How late orders arrive, and in how many candles at most that ends. */
type Latency = Readonly<{ candles: number; ms: number; candlesMax: number }>;

const openOrdersMax = 1_000;

/** How far is looked ahead right after orders changed. */
const nearby = 64;

/** Takes a strategy's wishes, checks them, and lets candles meet the orders that wait. */
export class Broker {
  /** The next candle that may concern an order; until then none needs to be looked at. */
  due = noCandle;
  /** Whether that candle is known to reach one. */
  #isDueReached = false;
  /** Why nothing can be traded now; null where it can. */
  refusal: RejectionCause | null = null;
  /** When decisions fall while a candle of this market may be under way: orders arrive then. Null on the close of one. */
  decidesAt: number | null = null;
  readonly #needs: BrokerNeeds;
  /** Null where orders arrive at once. */
  readonly #latency: Latency | null;
  readonly #clock: Clock;
  readonly #execution: Execution;
  readonly #matching: Matching;
  readonly #lastPrice: LastPrice;
  readonly #late = new LateChanges();
  /** What can be done with orders that wait. */
  readonly changes: OrderChanges;
  #placed = 0;
  /** How many candles are looked at ahead: few while orders come and go, ever more while they wait. */
  #ahead = nearby;

  constructor(needs: BrokerNeeds, clock: Clock) {
    const fillSettings = fillSettingsOf(needs.settings);
    const moment = new Moment();
    this.#needs = needs;
    this.#clock = clock;
    this.#latency = latencyOf(fillSettings, needs.lengthMs);
    this.#execution = new Execution(needs, fillSettings, moment, clock);
    const late = this.#late;
    const execution = this.#execution;
    this.#matching = new Matching({ ...needs, moment, late }, fillSettings, execution);
    this.#lastPrice = new LastPrice(needs.candles.close, needs.market.tick, clock);
    this.changes = new OrderChanges({
      execution,
      lastPrice: this.#lastPrice,
      late,
      arrival: () => this.#arrival,
      lookSoon: () => {
        this.#matching.lookout.lookAnyway();
        this.#lookSoon();
      },
    });
  }

  get fills(): FillLog {
    return this.#execution.fills;
  }

  get rejected(): Readonly<Partial<Record<RejectionCause, number>>> {
    return this.#execution.rejected;
  }

  get orderCounts(): OrderCounts {
    return this.#execution.tally.counts;
  }

  get liquidationLevels(): readonly LiquidationLevel[] {
    return this.#execution.liquidationLevels;
  }

  /** Looks again where the position is to be liquidated: money came or went without a fill. */
  settle(): void {
    if (!this.#execution.settle(-1, false)) return;
    this.#matching.lookout.lookAnyway();
    this.#lookSoon();
  }

  get ambiguousCandles(): number {
    return this.#matching.ambiguousCandles;
  }

  get openOrders(): readonly Order[] {
    return this.#execution.orders
      .filter((order) => order.isWaiting && !order.isForced)
      .map((order) => order.view);
  }

  /** Fills what the candle at the clock reaches; looks ahead to before the candle `to` for the next one. */
  match(to: number): void {
    const { index } = this.#clock;
    const { lookout } = this.#matching;
    const isKnown = this.#isDueReached;
    if (this.#isConcerned && (isKnown || lookout.nextReached(index, index + 1) === index)) {
      this.#matching.meet(index);
      this.#ahead = nearby;
    }
    this.#isDueReached = false;
    this.due = noCandle;
    if (!this.#isConcerned) return;
    const end = Math.min(to, index + 1 + this.#ahead);
    this.due = lookout.nextReached(index + 1, end);
    this.#isDueReached = this.due < end;
    this.#ahead *= 2;
  }

  /** Whether anything waits for candles: orders, or changes on their way. */
  get #isConcerned(): boolean {
    return this.#execution.orders.length > 0 || !this.#late.isEmpty;
  }

  /** Fills at the close of the candle at the clock what was placed on it. */
  matchClose(): void {
    this.#matching.meetClose(this.#clock.index);
    this.due = this.#execution.orders.length > 0 ? 0 : noCandle;
    this.#isDueReached = false;
  }

  placeMarket(wish: MarketWish): Order {
    const size = readWish(wish, fieldsOf.market);
    if (typeof size === "string") return this.#refused("market", size);
    const order = this.#order({
      ...named(wish, "signal"),
      kind: "market",
      price: Number.NaN,
      size,
    });
    return this.#place(order, unsizedCause(size));
  }

  placeLimit(wish: LimitWish): Order {
    return this.#placePriced("limit", wish, (order) => {
      order.isPostOnly = wish.postOnly === true;
      order.isMarketable = this.#lastPrice.isMarketable(order);
      if (!order.isPostOnly) return null;
      if (wish.timeInForce === "ioc" || wish.timeInForce === "fok") return "bad-request";
      return order.isMarketable ? "would-take" : null;
    });
  }

  placeTakeProfit(wish: TakeProfitWish): Order {
    return this.#placePriced("take-profit", wish, () => null);
  }

  placeStop(wish: StopWish): Order {
    return this.#placePriced("stop", wish, (order) => this.#stopCause(order));
  }

  placeStopLimit(wish: StopLimitWish): Order {
    return this.#placePriced("stop-limit", wish, (order) => {
      order.limit = this.#lastPrice.onTick(wish.limit);
      return isPrice(order.limit) ? this.#stopCause(order) : "bad-price";
    });
  }

  placeTrailingStop(wish: TrailingStopWish): Order {
    const size = readWish(wish, fieldsOf["trailing-stop"]);
    if (typeof size === "string") return this.#refused("trailing-stop", size);
    const plan = readTrail(wish);
    const order = this.#order({
      ...named(wish, "trailing stop"),
      kind: "trailing-stop",
      price: outOfReach(wish.side),
      size,
    });
    if (typeof plan === "string") return this.#place(order, plan);
    order.trail = new Trail(plan, order.waitsAbove, this.#needs.market.tick);
    order.begin(this.#lastPrice.value);
    return this.#place(order, this.#endingCause(order, wish) ?? unsizedCause(size));
  }

  placeBracket(wish: BracketWish): Order {
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
    entry.isMarketable = isLimit && this.#lastPrice.isMarketable(entry);
    entry.riskStop = prices.stop ?? Number.NaN;
    const cause =
      (typeof plan === "string" ? plan : null) ??
      bracketCause(wish.side, prices, this.#lastPrice.value) ??
      this.#endingCause(entry, wish) ??
      (prices.stop === undefined ? unsizedCause(size) : null);
    this.#place(entry, cause);
    if (entry.status === "open")
      this.#protect(entry, prices, typeof plan === "string" ? null : plan);
    return entry.view;
  }

  /** An order that waits for its own price; `settle` completes it and names what is wrong with it. */
  #placePriced(
    kind: OrderKind,
    wish: StopWish,
    settle: (order: PlacedOrder) => RejectionCause | null,
  ): Order {
    const size = readWish(wish, fieldsOf[kind]);
    if (typeof size === "string") return this.#refused(kind, size);
    const order = this.#order({
      ...named(wish, kind === "take-profit" ? "target" : kind === "limit" ? "limit" : "stop"),
      kind,
      price: this.#lastPrice.onTick(wish.price),
      size,
    });
    const cause = isPrice(order.price) ? settle(order) : "bad-price";
    return this.#place(order, cause ?? this.#endingCause(order, wish) ?? unsizedCause(size));
  }

  #stopCause({ side, price }: PlacedOrder): RejectionCause | null {
    return stopCause(side, price, this.#lastPrice.value);
  }

  /** Gives an order its end; the cause where that makes no sense. */
  #endingCause(order: PlacedOrder, wish: object): RejectionCause | null {
    const { index } = this.#clock;
    const late = (this.#latency?.candlesMax ?? 0) + (this.#isUnderWay ? 1 : 0);
    const lifetime = readLifetime(wish, index + late, this.#needs.candles.time[index] as number);
    if (typeof lifetime === "string") return lifetime;
    order.lifetime = lifetime;
    return null;
  }

  #bracketPrices({ limit, stop, target }: BracketWish): BracketPrices {
    const onTick = (price: unknown) =>
      price === undefined ? undefined : this.#lastPrice.onTick(price);
    return { limit: onTick(limit), stop: onTick(stop), target: onTick(target) };
  }

  placeExit(reason: unknown): Order {
    const { held } = this.#needs.account;
    const order = this.#order({
      kind: "market",
      side: held > 0 ? "sell" : "buy",
      price: Number.NaN,
      size: wholePosition,
      reason: reasonOf(reason, "signal"),
      reduceOnly: true,
    });
    return this.#place(order, held === 0 ? "no-position" : null);
  }

  /** Orders changed: the next candle is looked at. */
  #lookSoon(): void {
    this.due = 0;
    this.#isDueReached = false;
    this.#ahead = nearby;
  }

  /** Where nothing is lent, who sells only sells what is held. */
  #order(given: Placed): PlacedOrder {
    this.#placed++;
    const isSale = given.side === "sell" && isCashOnly(this.#needs.settings);
    const asked = isSale ? { ...given, reduceOnly: true } : given;
    return new PlacedOrder(asked, this.#placed);
  }

  #place(order: PlacedOrder, cause: RejectionCause | null): Order {
    const isFull =
      this.#execution.orders.length >= openOrdersMax && this.openOrders.length >= openOrdersMax;
    const refused = this.refusal ?? cause ?? (isFull ? "too-many-orders" : null);
    if (refused !== null) {
      this.#execution.refuse(order, refused);
      return order.view;
    }
    order.move("accept");
    const arrival = this.#arrival;
    if (arrival !== null) order.delay(arrival);
    this.#execution.orders.push(order);
    this.#matching.lookout.watch(order);
    this.#lookSoon();
    return order.view;
  }

  /** When what is asked for now is at the exchange; null where that is at once. */
  get #arrival(): Arrival | null {
    const { decidesAt } = this;
    if (this.#latency === null && decidesAt === null) return null;
    const { index } = this.#clock;
    const { candles, lengthMs } = this.#needs;
    const late = this.#latency ?? { candles: 0, ms: 0 };
    const closedAt = (candles.time[index] as number) + lengthMs;
    const at =
      decidesAt === null
        ? late.ms > 0
          ? closedAt + late.ms
          : Number.NEGATIVE_INFINITY
        : decidesAt + Math.max(late.ms, late.candles * lengthMs);
    return { index: index + 1 + late.candles, at };
  }

  /** Whether a candle has begun that has not closed yet: what is placed now cannot fill at prices from before. */
  get #isUnderWay(): boolean {
    const begins = this.#needs.candles.time[this.#clock.index + 1];
    return this.decidesAt !== null && begins !== undefined && begins < this.decidesAt;
  }

  #protect(entry: PlacedOrder, { stop, target }: BracketPrices, plan: TrailPlan | null): void {
    if (stop === undefined && target === undefined && plan === null) return;
    const side = entry.side === "buy" ? "sell" : "buy";
    const legs: PlacedOrder[] = [];
    if (stop !== undefined || plan !== null) {
      const kind = plan === null ? "stop" : "trailing-stop";
      const leg = this.#leg(entry, { kind, side, price: stop ?? outOfReach(side), reason: "stop" });
      if (plan !== null) leg.trail = new Trail(plan, leg.waitsAbove, this.#needs.market.tick);
      legs.push(leg);
    }
    if (target !== undefined) {
      legs.push(this.#leg(entry, { kind: "limit", side, price: target, reason: "target" }));
    }
    entry.legs = legs;
    for (const leg of legs) leg.rivals = legs;
    this.#execution.orders.push(...legs);
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
    return this.#place(
      this.#order({ kind, side: "buy", price: Number.NaN, size: nothing, reason: "" }),
      cause,
    );
  }
}

function latencyOf({ latencyCandles, latencyMs }: FillSettings, lengthMs: number): Latency | null {
  if (latencyCandles === 0 && latencyMs === 0) return null;
  const candlesMax = latencyCandles + Math.ceil(latencyMs / lengthMs);
  return { candles: latencyCandles, ms: latencyMs, candlesMax };
}

const wholePosition: KnownSize = { kind: "position", amount: 1 };

/** Where a trailing stop waits until it follows. */
const outOfReach = (side: Side) => (side === "buy" ? Number.POSITIVE_INFINITY : 0);

/** Risk needs a stop to be measured from. */
const unsizedCause = ({ kind }: KnownSize): RejectionCause | null =>
  kind === "risk" ? "no-stop" : null;

type Named = Readonly<{ side: Side; reason?: string; reduceOnly?: boolean }>;

const named = ({ side, reason, reduceOnly }: Named, fallback: string) => ({
  side,
  reason: reasonOf(reason, fallback),
  reduceOnly,
});

const reasonOf = (reason: unknown, fallback: string) =>
  typeof reason === "string" && reason !== "" && reason !== endOfData
    ? reason.slice(0, 80)
    : fallback;
