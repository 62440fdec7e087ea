import type { Account } from "./account.ts";
import { Admission } from "./admission.ts";
import { Booking, type Terms } from "./booking.ts";
import type { Clock } from "./clock.ts";
import type { Columns } from "./columns.ts";
import type { FillLog } from "./fill-log.ts";
import { toLot } from "./grid.ts";
import { heldAfter } from "./held-after.ts";
import type { Moment } from "./moment.ts";
import { OrderTally } from "./order-counts.ts";
import { PerpetualAccount } from "./perpetual-account.ts";
import { forcedOrder, type PlacedOrder } from "./placed-order.ts";
import type { LiquidationLevel, RejectionCause } from "./result.ts";
import type { FillSettings, MarketRules, RunSettings } from "./run-settings.ts";
import { quantityOf } from "./sizing.ts";
import { Slippage } from "./slippage.ts";

export type ExecutionNeeds = Readonly<{
  candles: Columns;
  account: Account;
  market: MarketRules;
  settings: RunSettings;
}>;

/** What was held at a time in a candle, and how many fills had led there. */
export type Standing = Readonly<{ held: number; fills: number }>;

/** What an order that met its price does: sizes, pays, books, wakes what waits for it and ends what it replaces. */
export class Execution {
  /** How much of an order may fill. */
  readonly admission: Admission;
  readonly rejected: Partial<Record<RejectionCause, number>> = {};
  readonly tally = new OrderTally();
  /** Orders that wait, in the order they were placed. */
  readonly orders: PlacedOrder[] = [];
  readonly liquidationLevels: LiquidationLevel[] = [];
  readonly #needs: ExecutionNeeds;
  readonly #clock: Clock;
  readonly #moment: Moment;
  readonly #slippage: Slippage;
  readonly #booking: Booking;
  /** Whether a buy's fee is taken out of what it bought. */
  readonly #isFeeReceived: boolean;
  /** What liquidates; null where nothing is lent. */
  readonly #forced: PlacedOrder | null;
  /** The candle of which the open was met last, before anything inside it, and what stood then. */
  readonly #opened = { index: -1, held: 0, fills: 0 };

  constructor(needs: ExecutionNeeds, fillSettings: FillSettings, moment: Moment, clock: Clock) {
    this.#needs = needs;
    this.#clock = clock;
    this.#moment = moment;
    this.#slippage = new Slippage(needs.settings, fillSettings, moment);
    this.#booking = new Booking(needs, moment);
    this.admission = new Admission(needs);
    this.#isFeeReceived = fillSettings.feeAsset === "received";
    this.#forced = needs.account instanceof PerpetualAccount ? forcedOrder() : null;
    if (this.#forced !== null) this.orders.push(this.#forced);
  }

  get fills(): FillLog {
    return this.#booking.fills;
  }

  /** Remembers orders, fills, counts and the account; the result puts them back, as often as it is asked to. */
  remember(): () => void {
    const { fills, liquidationLevels, rejected, tally } = this;
    const levelCount = liquidationLevels.length;
    const counts = { ...rejected };
    const opened = { ...this.#opened };
    const parts = [this.#needs.account, this.#moment, fills, tally, ...this.orders].map((part) =>
      part.remember(),
    );
    return () => {
      for (const putBack of parts) putBack();
      liquidationLevels.length = levelCount;
      for (const cause of Object.keys(rejected)) delete rejected[cause as RejectionCause];
      Object.assign(rejected, counts);
      Object.assign(this.#opened, opened);
    };
  }

  /** What stands now. */
  get standing(): Standing {
    return { held: this.#needs.account.held, fills: this.fills.count };
  }

  /** What stood when the open of the candle at the clock had been met; what stands now where nothing was met inside it. */
  get standingAtOpen(): Standing {
    return this.#opened.index === this.#clock.index ? this.#opened : this.standing;
  }

  /** The open has been met, and what the candle does after it follows. */
  goInside(): void {
    const opened = this.#opened;
    opened.index = this.#clock.index;
    opened.held = this.#needs.account.held;
    opened.fills = this.fills.count;
  }

  /** Fills an order at a price of this moment, as far as there is volume, or refuses it. `isInside` says after the open. */
  fill(order: PlacedOrder, met: number, isInside: boolean): void {
    const { account } = this.#needs;
    if (order.isForced) {
      this.#liquidate(order, met);
      return;
    }
    const terms = this.#termsOf(order);
    const paidRate = paidRateOf(terms);
    const { claimed } = account;
    const price = terms.isMaker ? met : this.#takenAt(order, met, paidRate, claimed.money);
    const asked = this.#paid(order, price, paidRate, claimed.money);
    const wanted = this.admission.wanted(order, asked);
    const cause = this.admission.cause(order, wanted, price, paidRate, claimed);
    if (cause !== null) {
      this.refuse(order, cause);
      return;
    }
    const quantity = this.#available(order, wanted);
    const left = heldAfter(wanted, -quantity);
    if (quantity > 0) {
      if (left > 0 && order.filled === 0) this.tally.countPart();
      this.#booking.book(order, quantity, price, met, terms);
      if (left > 0) order.fillPart(left, wanted, this.#moment.index);
      else order.move("fill");
      this.#follow(order, met, isInside);
    }
    if (left > 0 && order.status === "open") this.#leave(order);
  }

  /** The share of its price that an order pays in money besides, as a fee. */
  paidRate(order: PlacedOrder): number {
    return paidRateOf(this.#termsOf(order));
  }

  /** What an order asks for; one that holds its money, as far as that pays for it. */
  #paid(order: PlacedOrder, price: number, feeRate: number, claimed: number): number {
    const { account } = this.#needs;
    const asked = quantityOf(order, price, feeRate, account, claimed);
    const { claim } = order;
    if (claim === null || account.claims === null) return asked;
    const at = { quantity: asked, price, feeRate };
    return account.claims.paid(order, claim, asked, at, account);
  }

  #termsOf(order: PlacedOrder): Terms {
    const { makerFee, takerFee } = this.#needs.settings;
    const isTaking = order.isTakingIn(this.#moment.index) || order.lifetime.isImmediate;
    const isMaker = order.isPriced && !isTaking;
    const isFeeReceived = this.#isFeeReceived && order.side === "buy";
    return { isMaker, feeRate: isMaker ? makerFee : takerFee, isFeeReceived };
  }

  /** The price that an order gets which takes liquidity where it met one: it moves the market, a limit up to its own price. */
  #takenAt(order: PlacedOrder, met: number, feeRate: number, claimed: number): number {
    const { account } = this.#needs;
    const { hasImpact } = this.#slippage;
    const quantity = hasImpact ? quantityOf(order, met, feeRate, account, claimed) : 0;
    const price = this.#slippage.from(met, order.side, quantity);
    if (!order.isPriced) return price;
    return order.side === "buy" ? Math.min(price, order.price) : Math.max(price, order.price);
  }

  /** What of a quantity there is volume for; an order that fills whole or not at all takes nothing less. */
  #available(order: PlacedOrder, wanted: number): number {
    const { volumeLeft } = this.#moment;
    if (wanted <= volumeLeft) return wanted;
    return order.lifetime.isWhole ? 0 : toLot(volumeLeft, this.#needs.market.lot);
  }

  /** What does not fill now waits on, unless it may not. */
  #leave(order: PlacedOrder): void {
    if (order.lifetime.isImmediate) this.expire(order);
    else order.goOn();
  }

  /** After a fill: protection begins or grows, followers begin, and what has lost its sense ends. */
  #follow(order: PlacedOrder, met: number, isInside: boolean): void {
    const isFilled = order.status === "filled";
    if (order.legs.length > 0) this.#protect(order, met, isInside);
    // Where the rest of its entry is left, stop and target both are worth less.
    else if (order.entry !== null && !isFilled) this.#protect(order.entry, met, isInside);
    for (const follower of order.followers)
      if (isFilled && follower.status === "held") {
        follower.wake(this.#moment, isInside, met);
        this.#keepPromise(follower);
        this.#meetAtOnce(follower, met, isInside);
      }
    // A stop or target that closed the position ends an entry that has only filled in part.
    if (isFilled && order.entry?.status === "open") this.cancel(order.entry);
    this.#endOrphans();
    if (this.#forced !== null) this.settle(this.#moment.number, isInside);
  }

  /** An order that was woken and takes what is there or nothing. */
  #meetAtOnce(order: PlacedOrder, met: number, isInside: boolean): void {
    if (!order.lifetime.isImmediate || !order.takesPartIn(this.#moment)) return;
    if (order.isReachedAt(met)) this.fill(order, met, isInside);
    if (order.status === "open") this.expire(order);
  }

  /** Lets the exchange's order wait where the position is to be liquidated from this moment on; whether that moved. */
  settle(moment: number, isInside: boolean): boolean {
    const forced = this.#forced;
    if (forced === null) return false;
    const { held, liquidationPrice } = this.#needs.account;
    forced.side = held < 0 ? "buy" : "sell";
    forced.waitsAbove = held < 0;
    if (Object.is(forced.price, liquidationPrice)) return false;
    forced.price = liquidationPrice;
    forced.since = moment;
    forced.beganInside = isInside;
    const price = Number.isNaN(liquidationPrice) ? null : liquidationPrice;
    const side = held < 0 ? "short" : "long";
    this.liquidationLevels.push({ index: this.#clock.index, side, price });
    return true;
  }

  /** The same without an order that was met. */
  takeOver(price: number): void {
    if (this.#forced !== null) this.#liquidate(this.#forced, price);
  }

  /** The exchange takes the whole position and every order of the market. */
  #liquidate(forced: PlacedOrder, met: number): void {
    const { account } = this.#needs;
    if (!(account instanceof PerpetualAccount) || account.held === 0) return;
    const { price, fee } = account.takeover(met);
    this.#booking.takeOver(forced, price, fee);
    for (const order of this.orders) if (order.isWaiting && !order.isForced) this.cancel(order);
    this.goInside();
    this.settle(this.#moment.number, true);
  }

  /** Takes an order in that was on its way; false where that refuses it. */
  arrive(order: PlacedOrder, price: number): boolean {
    order.arrive(price);
    this.#keepPromise(order);
    return order.status === "open";
  }

  /** An order that never takes is refused where it would. */
  #keepPromise(order: PlacedOrder): void {
    if (order.isPostOnly && order.isMarketable) this.refuse(order, "would-take");
  }

  /** Counts a refusal and says so on the order. */
  refuse(order: PlacedOrder, cause: RejectionCause): void {
    order.move("refuse");
    order.cause = cause;
    this.count(cause);
    this.#endHeld(order);
  }

  count(cause: RejectionCause): void {
    this.rejected[cause] = (this.rejected[cause] ?? 0) + 1;
  }

  /** Takes an order back with what waits for it. */
  cancel(order: PlacedOrder): void {
    this.#end(order, "cancel");
  }

  /** Ends an order whose time is over, with what waits for it. */
  expire(order: PlacedOrder): void {
    this.#end(order, "expire");
  }

  /** Keeps the orders that still wait, in their order. */
  forgetEnded(): void {
    const { orders } = this;
    let kept = 0;
    for (const order of orders) if (order.isWaiting) orders[kept++] = order;
    while (orders.length > kept) orders.pop();
  }

  #end(order: PlacedOrder, event: "cancel" | "expire"): void {
    const isHeld = order.status === "held";
    order.move(event);
    // What ends only with another that it waited for was no order of its own.
    if (!isHeld || event === "expire")
      this.tally.count(event === "cancel" ? "cancelled" : "expired", this.admission.isExit(order));
    this.#endHeld(order);
  }

  #endHeld({ legs, followers }: PlacedOrder): void {
    for (const leg of legs) if (leg.status === "held") leg.move("cancel");
    for (const follower of followers) if (follower.status === "held") this.cancel(follower);
  }

  /** Protection begins or grows with its entry, and is worth what stop and target together have not closed yet. */
  #protect({ legs, filled }: PlacedOrder, met: number, isInside: boolean): void {
    const amount = legs.reduce((left, leg) => heldAfter(left, -leg.filled), filled);
    for (const leg of legs) {
      if (leg.status === "held") leg.wake(this.#moment, isInside, met);
      if (leg.status === "open") leg.size = { kind: "quantity", amount };
    }
  }

  /** Protection of a position that is gone would open a new one, and only one of several rivals may fill. */
  #endOrphans(): void {
    const { held } = this.#needs.account;
    for (const order of this.orders) {
      if (!order.isWaiting) continue;
      const isLeft = order.side === "sell" ? held <= 0 : held >= 0;
      const isOrphan = isLeft && order.entry !== null && order.status === "open";
      if (isOrphan || order.rivals.some((rival) => isBeaten(order, rival))) this.cancel(order);
    }
  }
}

/** A fee that is taken out of the coins costs no money besides. */
const paidRateOf = ({ feeRate, isFeeReceived }: Terms) => (isFeeReceived ? 0 : feeRate);

/** A stop and its target both stay until one of them has filled; of other rivals the first piece decides. */
const isBeaten = (order: PlacedOrder, rival: PlacedOrder) =>
  rival !== order && (rival.status === "filled" || (order.entry === null && rival.filled > 0));
