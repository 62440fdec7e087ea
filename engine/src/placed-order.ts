import { type Lifetime, untilCancelled } from "./expiry.ts";
import type { Arrival } from "./late-changes.ts";
import type { Moment } from "./moment.ts";
import type { Order, OrderEvent, OrderKind, OrderStatus, Side } from "./order.ts";
import type { KnownSize } from "./order-checks.ts";
import { orderStates, stateAfter } from "./order-state.ts";
import { OrderView } from "./order-view.ts";
import type { RejectionCause } from "./result.ts";
import type { Trail } from "./trail.ts";

export type Placed = Readonly<{
  kind: OrderKind;
  side: Side;
  price: number;
  size: KnownSize;
  reason: string;
  reduceOnly?: boolean | undefined;
}>;

/** What an order that waits may still take at most: so much, at the worst of its prices, with the fee it would pay. */
export type Claim = Readonly<{ quantity: number; price: number; feeRate: number }>;

/** The one order of a perpetual that the exchange itself holds; without a price it never fills. */
export function forcedOrder(): PlacedOrder {
  const asked = { kind: "stop", side: "sell", price: Number.NaN, reduceOnly: true } as const;
  const size = { kind: "position", amount: 1 } as const;
  const order = new PlacedOrder({ ...asked, size, reason: "liquidation" }, 0);
  order.isForced = true;
  order.move("accept");
  return order;
}

/** How an order waits: not at all, for a price to be passed against it, or for a price as good as its own. */
export type Waiting = "market" | "stop" | "limit";

/** An order with all the engine knows of it; strategies hold its `view`. */
export class PlacedOrder implements Order {
  readonly id: number;
  readonly kind: OrderKind;
  side: Side;
  reduceOnly: boolean;
  reason: string;
  price: number;
  size: KnownSize;
  #state = orderStates.new;
  cause: RejectionCause | null = null;
  waiting: Waiting;
  waitsAbove: boolean;
  filled = 0;
  /** What it holds money for while it waits, in a wallet of several markets. */
  claim: Claim | null = null;
  /** Its place among orders and changes of all markets of a wallet; 0 where that does not matter. */
  place = 0;
  /** Number of the moment in which it began to wait; -1 for one placed on a close. */
  since = -1;
  /** When its latency is over; null for one that was at the exchange at once. */
  arrival: Arrival | null = null;
  /** Whether it began to wait inside that candle, after its open. */
  beganInside = false;
  /** A limit order that the market had already reached when it arrived or was woken. */
  isMarketable = false;
  /** The candle in which a part of it filled last since it stands where it does; -1 before. */
  partFilledIn = -1;
  /** A limit order that is refused where it would take liquidity. */
  isPostOnly = false;
  /** Placed, but not at the exchange yet. */
  isOnItsWay = false;
  /** Where the market was when its trigger filled or its stop was reached; `NaN` before. */
  wokenAt = Number.NaN;
  /** Stop price that sizes by risk; `NaN` without one. */
  riskStop = Number.NaN;
  /** What a stop-limit becomes once its stop is reached; `NaN` for the others. */
  limit = Number.NaN;
  /** What moves a stop; null for one that stands still. */
  trail: Trail | null = null;
  lifetime: Lifetime = untilCancelled;
  /** Not the strategy's: with it the exchange takes a position that its margin does not carry any more. */
  isForced = false;
  /** Where it waited when it was placed; a trailing stop that is woken begins there again. */
  readonly #placedAt: number;
  /** The order whose fill it protects; null for an order of its own. */
  entry: PlacedOrder | null = null;
  /** Stop and target that wait for this entry. */
  legs: readonly PlacedOrder[] = none;
  /** Orders that wait for this one to fill. */
  followers: readonly PlacedOrder[] = none;
  /** Orders of which the first that fills cancels the others; itself is one of them. */
  rivals: readonly PlacedOrder[] = none;
  #view: OrderView | null = null;

  constructor(placed: Placed, id: number) {
    this.id = id;
    this.kind = placed.kind;
    this.side = placed.side;
    this.price = placed.price;
    this.#placedAt = placed.price;
    this.size = placed.size;
    this.reason = placed.reason;
    this.reduceOnly = placed.reduceOnly === true;
    this.waiting = waitingOf(placed.kind);
    this.waitsAbove = waitsAbove(placed.kind, placed.side);
  }

  /** When its time may be over by itself. One that takes what is there or nothing counts no candles while another holds it. */
  get ends(): Lifetime {
    const isAwaited = this.status === "held" && this.lifetime.isImmediate;
    return isAwaited ? { ...this.lifetime, lastIndex: untilCancelled.lastIndex } : this.lifetime;
  }

  /** Itself as strategies see it; one and the same whenever they ask. */
  get view(): Order {
    this.#view ??= new OrderView(this);
    return this.#view;
  }

  get status(): OrderStatus {
    return this.#state.status;
  }

  get isWaiting(): boolean {
    return this.status === "open" || this.status === "held";
  }

  /** Whether its price is the worst it takes; such an order knows no slippage. */
  get isPriced(): boolean {
    return this.kind === "limit" || this.kind === "stop-limit";
  }

  /** Remembers how it is; the result puts it back. */
  remember(): () => void {
    const own = { ...this };
    const state = this.#state;
    const { trail } = this;
    const followed = trail && { next: trail.next, ahead: trail.ahead };
    return () => {
      Object.assign(this, own);
      this.#state = state;
      if (trail && followed) Object.assign(trail, followed);
    };
  }

  /** Moves along the transition table; an impossible step is a mistake of the engine. */
  move(event: OrderEvent): void {
    const next = stateAfter(this.#state, event);
    if (next === null) throw new Error(`order ${this.id} cannot ${event} while ${this.status}`);
    this.#state = next;
  }

  /** A stop-limit whose stop was reached waits at its limit from now on. */
  becomeLimit(moment: number, isInside: boolean, met: number): void {
    this.waiting = "limit";
    this.waitsAbove = this.side === "sell";
    this.price = this.limit;
    this.since = moment;
    this.beganInside = isInside;
    this.wokenAt = met;
  }

  /** Sell limits and buy stops wait above the price, buy limits and sell stops below it. */
  isReachedAt(price: number): boolean {
    return this.waitsAbove ? price >= this.price : price <= this.price;
  }

  /** Whether it waits at the exchange when a moment opens. */
  takesPartIn(moment: Moment): boolean {
    return this.status === "open" && this.isThereAt(moment.index, moment.time);
  }

  /** Whether it is at the exchange, waiting or not, when this candle or a finer one inside it opens. */
  isThereAt(index: number, time: number): boolean {
    const { arrival } = this;
    return arrival === null || (arrival.index <= index && arrival.at <= time);
  }

  /** Whether a moment's range comes to its price. */
  isWithin(moment: Moment): boolean {
    return this.isReachedAt(this.waitsAbove ? moment.high : moment.low);
  }

  /** It is not at the exchange before. */
  delay(arrival: Arrival): void {
    this.isOnItsWay = true;
    this.arrival = arrival;
  }

  /** It is at the exchange, where the market is at this price. */
  arrive(price: number): void {
    this.isOnItsWay = false;
    this.standAnew(price);
  }

  /** It is in the market as if it had just come, where that is at this price. */
  standAnew(price: number): void {
    this.isMarketable = this.waiting === "limit" && this.isReachedAt(price);
    this.partFilledIn = -1;
  }

  /** There was not volume enough: what was triggered goes on at market, a limit rests. */
  goOn(): void {
    if (this.isPriced) return;
    this.waiting = "market";
    this.trail = null;
  }

  /** A part of what it wanted has filled in a candle; this much is left. */
  fillPart(left: number, wanted: number, index: number): void {
    this.move("fill-part");
    this.partFilledIn = index;
    const { claim } = this;
    if (claim !== null) this.claim = { ...claim, quantity: (claim.quantity * left) / wanted };
    if (this.size.kind !== "position") this.size = { kind: "quantity", amount: left };
  }

  /** Whether it takes liquidity in a candle: the rest of a limit that the market had reached does until a candle does not come to it. */
  isTakingIn(index: number): boolean {
    return this.isMarketable && (this.partFilledIn < 0 || index - this.partFilledIn <= 1);
  }

  /** Begins to wait in a moment, where the market is at the price that its trigger met; one on its way once it has arrived. */
  wake(moment: Moment, isInside: boolean, price: number): void {
    this.move("activate");
    if (this.trail !== null) this.price = this.#placedAt;
    this.begin(price);
    if (!this.takesPartIn(moment)) return;
    this.since = moment.number;
    this.beganInside = isInside;
    this.wokenAt = price;
    this.arrive(price);
  }

  /** A trailing stop begins to follow from this price. */
  begin(price: number): void {
    this.trail?.begin(price);
    this.follow(price);
  }

  /** Moves a stop with the price; never away from it again. Whether it moved. */
  follow(price: number): boolean {
    const after = this.priceAfter(price);
    return this.trail?.see(price) === true && this.moveTo(after);
  }

  /** A stop that followed waits here from now on. Whether it moved. */
  moveTo(price: number): boolean {
    if (price === this.price) return false;
    this.price = price;
    if (this.entry !== null) this.reason = "trailing stop";
    return true;
  }

  /** Where it waits once it has followed to a price. */
  priceAfter(price: number): number {
    if (!this.trail?.isFollowing(price)) return this.price;
    const stop = this.trail.stopAt(price);
    return this.waitsAbove ? Math.min(stop, this.price) : Math.max(stop, this.price);
  }

  /** Where it waits once it has followed what was passed, and a price besides. */
  priceBeyond(price: number): number {
    return this.priceAfter(this.trail?.bestWith(price) ?? Number.NaN);
  }

  /** Passes a price: follows it later, with what was passed before. */
  pass(price: number): void {
    if (this.trail !== null) this.trail.ahead = this.trail.bestWith(price);
  }

  /** Follows all that was passed: only the best price of it counts. */
  followPassed(): void {
    if (this.trail !== null) this.follow(this.trail.ahead);
  }
}

const none: readonly PlacedOrder[] = [];

/** Buy stops and sell limits wait above the price, the others below it. */
export const waitsAbove = (kind: OrderKind, side: Side): boolean =>
  (waitingOf(kind) === "stop") === (side === "buy");

function waitingOf(kind: OrderKind): Waiting {
  if (kind === "market") return "market";
  return kind === "limit" || kind === "take-profit" ? "limit" : "stop";
}
