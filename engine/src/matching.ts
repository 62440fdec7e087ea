import type { Columns, Detail } from "./columns.ts";
import { Doubts, isEntryFor, isMetInside } from "./doubts.ts";
import type { Execution } from "./execution.ts";
import { extremesOf } from "./extremes.ts";
import { FinerCandles } from "./finer-candles.ts";
import type { LateChanges } from "./late-changes.ts";
import { Lookout } from "./lookout.ts";
import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { FillSettings } from "./run-settings.ts";
import { inTurn } from "./turns.ts";
import { firstOnWay, wayThrough } from "./way.ts";

/** Pays what is due by the open of a finer candle, where the market stands at `price`. */
export type PayDue = (opensAt: number, price: number) => void;

export type MatchingNeeds = Readonly<{
  candles: Columns;
  moment: Moment;
  late: LateChanges;
  detail?: Detail | undefined;
  /** Length of a candle. */
  lengthMs: number;
}>;

/**
 * Which waiting orders a candle reaches, at what price and in which order.
 *
 * 1. At the open: market orders, then limits and stops that the open reached or passed; they fill at the open.
 * 2. Inside: stops that the range reached, then limits. Where two of which one cancels the other lie in the candle, their
 *    order cannot be known: the stop is taken (pessimistic) and the candle counted as ambiguous.
 * 3. Orders that began to wait inside this candle: a stop counts where the range reached it, a limit only where the close
 *    is at or beyond it, because the high may have come before.
 * 4. A trailing stop follows the candle. Where its range is wider than the distance, the stop was hit, at the worst price.
 *
 * The policy `path` replaces 2 to 4 by a walk over the extremes to the close. The policy `detail` meets the finer candles
 * inside the candle one by one, each as above.
 */
export class Matching {
  ambiguousCandles = 0;
  readonly lookout: Lookout;
  readonly #candles: Columns;
  readonly #execution: Execution;
  readonly #moment: Moment;
  readonly #late: LateChanges;
  readonly #isPath: boolean;
  readonly #volumeShareMax: number | null;
  readonly #finer: FinerCandles | null;
  readonly #lengthMs: number;
  readonly #doubts: Doubts;
  #isAmbiguous = false;
  /** The orders that this moment reaches after its open, in turn. */
  #turns: readonly PlacedOrder[] = [];
  /** The candle that was let open before it closed; -1 before the first. */
  #opened = -1;
  /** Whether what waits now is watched already. */
  #isWatched = false;

  constructor(needs: MatchingNeeds, fillSettings: FillSettings, execution: Execution) {
    const { candles, detail, late, lengthMs, moment } = needs;
    const { fillPolicy, volumeShareMax } = fillSettings;
    this.#candles = candles;
    this.#execution = execution;
    this.#moment = moment;
    this.#late = late;
    this.#doubts = new Doubts(execution, moment);
    this.#isPath = fillPolicy === "path";
    this.#volumeShareMax = volumeShareMax;
    this.#finer = fillPolicy === "detail" && detail ? new FinerCandles(detail.candles) : null;
    this.#lengthMs = lengthMs;
    this.lookout = new Lookout(extremesOf(candles), this.#finer !== null);
  }

  /** Whether finer candles are read. */
  get isDetailed(): boolean {
    return this.#finer !== null;
  }

  /** Lets the open of the candle `index` meet what waits, mostly while the rest is not known yet; `meet` goes on from there. */
  open(index: number, isRestKnown: boolean): void {
    const { candles, row } = this.#firstOf(index);
    if (isRestKnown) this.#moment.read(candles, row, index, this.#volumeShareMax);
    else this.#moment.readOpen(candles, row, index, this.#volumeShareMax);
    this.#meetOpening();
    this.#lookAgain();
    this.#opened = index;
  }

  /** Lets the candle `index` meet every order that was placed before it. */
  meet(index: number, payDue: PayDue | null): void {
    this.#isAmbiguous = false;
    this.#isWatched = false;
    if (this.#finer === null || !this.#meetFiner(this.#finer, index, payDue)) {
      this.#meetRow(this.#candles, index, index);
    }
    if (this.#isAmbiguous) this.ambiguousCandles++;
    if (this.#endByCount(index) || !this.#isWatched) this.#lookAgain();
  }

  /** Lets orders that were just placed on the close of the candle `index` meet that close. */
  meetClose(index: number): void {
    const { index: met, volumeLeft, bought, sold } = this.#moment;
    this.#moment.read(this.#candles, index, index, this.#volumeShareMax);
    // What orders have filled of this candle's volume is gone.
    if (met === index) Object.assign(this.#moment, { volumeLeft, bought, sold });
    this.#moment.narrowToClose();
    this.#meetOpens(true);
    this.#meetOpens(false);
    this.#lookAgain();
  }

  /** Whether the finer candles inside the candle `index` are all there; else none of them is met. */
  #meetFiner(finer: FinerCandles, index: number, payDue: PayDue | null): boolean {
    const time = this.#candles.time[index] as number;
    const [from, to] = finer.within(time, time + this.#lengthMs);
    if (!finer.makeUp(from, to, this.#candles, index)) return false;
    for (let row = from; row < to; row++) {
      payDue?.(finer.candles.time[row] as number, this.#lastClose(finer, row, from, index));
      this.#meetRow(finer.candles, row, index);
    }
    return true;
  }

  /** The last close before a finer candle. */
  #lastClose(finer: FinerCandles, row: number, first: number, index: number): number {
    const close = row > first ? finer.candles.close[row - 1] : this.#candles.close[index - 1];
    return close as number;
  }

  /** The first finer candle inside the candle `index`; where that is missing, the candle itself. */
  #firstOf(index: number): Readonly<{ candles: Columns; row: number }> {
    const time = this.#candles.time[index] as number;
    const [row] = this.#finer?.within(time, time + this.#lengthMs) ?? [0];
    const candles = this.#finer?.candles;
    // Before the first one nothing is known of its range.
    const isThere = candles !== undefined && row > 0 && candles.time[row] === time;
    return isThere ? { candles, row } : { candles: this.#candles, row: index };
  }

  /** Meets a row of candles inside the candle `index`, without its open where that was met before. */
  #meetRow(candles: Columns, row: number, index: number): void {
    if (this.#opened === index && candles.time[row] === this.#candles.time[index])
      this.#moment.readRest(candles, row, this.#volumeShareMax);
    else {
      this.#moment.read(candles, row, index, this.#volumeShareMax);
      this.#meetOpening();
    }
    if (this.#isFarInside()) return;
    this.#doubts.begin();
    if (this.#isPath) this.#walk();
    else this.#meetInside();
    if (this.#doubts.remain()) this.#isAmbiguous = true;
  }

  #meetOpening(): void {
    this.#late.makeDue(this.#moment);
    this.#endByTime();
    // Where a market opens beyond it, the exchange comes before every order.
    const first = this.#execution.orders[0];
    if (first?.isForced) this.#meetOpen(first);
    this.#meetOpens(true);
    this.#meetOpens(false);
  }

  /** Whether the candle, for all that is known without reading it, comes nowhere near an order that waits now. */
  #isFarInside(): boolean {
    if (this.#finer !== null) return false;
    const { index } = this.#moment;
    this.#lookAgain();
    this.#isWatched = this.lookout.nextReached(index, index + 1) > index;
    return this.#isWatched;
  }

  /** Forgets the orders that have ended, and watches those that wait. */
  #lookAgain(): void {
    this.#execution.forgetEnded();
    this.lookout.watchAnew(this.#execution.orders);
    if (!this.#late.isEmpty) this.lookout.lookAnyway();
  }

  #endByTime(): void {
    const { time } = this.#moment;
    for (const order of this.#execution.orders) {
      if (order.status === "open" && order.lifetime.endsAt <= time) this.#execution.expire(order);
    }
  }

  /** Ends what may fill in no later candle; false where that cannot be any order. */
  #endByCount(index: number): boolean {
    if (index < this.lookout.lastIndex) return false;
    for (const order of this.#execution.orders) {
      if (order.status === "open" && order.lifetime.lastIndex <= index)
        this.#execution.expire(order);
    }
    return true;
  }

  #meetOpens(areMarket: boolean): void {
    for (const order of this.#execution.orders) {
      if ((order.waiting === "market") === areMarket) this.#meetOpen(order);
    }
  }

  #meetInside(): void {
    const { orders } = this.#execution;
    this.#turns = inTurn(orders, this.#moment);
    this.#meetWhere((order) => order.waiting === "stop" && !this.#lacks(order));
    this.#meetWhere((order) => order.waiting === "stop" && !this.#followsEntry(order));
    for (const order of orders) this.#meetTurned(order);
    for (const order of orders) this.#meetTrail(order);
    this.#meetWhere((order) => order.waiting === "limit" && this.#goesFirst(order));
    this.#meetWhere((order) => order.waiting === "limit" && !this.#followsEntry(order));
    this.#meetWhere(() => true);
    this.#meetWoken();
    for (const order of orders) {
      this.#meetTrail(order);
      this.#moveTrail(order);
    }
  }

  #meetWhere(isItsTurn: (order: PlacedOrder) => boolean): void {
    for (const order of this.#turns) if (isItsTurn(order)) this.#meetRange(order);
  }

  #goesFirst(order: PlacedOrder): boolean {
    return this.#lacks(order) && !this.#followsEntry(order);
  }

  /** Whether it would sell more than is held, so that it matters whether an entry comes before it. */
  #lacks(order: PlacedOrder): boolean {
    return order.reduceOnly && order.waiting !== "market" && this.#execution.lacks(order);
  }

  /**
   * An exit that lacks something takes the worse turn: a limit goes before the entry that would let it gain, unless the close
   * proves it; a stop goes after the entry that the market passes on its way to it.
   */
  #followsEntry(exit: PlacedOrder): boolean {
    if (!this.#lacks(exit) || !exit.isWithin(this.#moment)) return false;
    const isStop = exit.waiting === "stop";
    if (!isStop && !exit.isReachedAt(this.#moment.close)) return false;
    return this.#execution.orders.some(
      (entry) =>
        isEntryFor(entry, exit) &&
        isMetInside(entry, this.#moment) &&
        (isStop ? isNearer(entry, exit) : entry.waitsAbove !== exit.waitsAbove),
    );
  }

  #meetOpen(order: PlacedOrder): void {
    const { open, number } = this.#moment;
    if (!order.takesPartIn(this.#moment) || order.since === number) return;
    if (order.isOnItsWay && !this.#execution.arrive(order, open)) return;
    if (order.waiting === "market" || order.isReachedAt(open)) {
      this.#reach(order, open, false);
    } else if (order.lifetime.isImmediate) this.#execution.expire(order);
    else order.follow(open);
  }

  #meetRange(order: PlacedOrder): void {
    const { number } = this.#moment;
    if (!order.takesPartIn(this.#moment) || (order.since === number && order.beganInside)) return;
    if (order.lifetime.isImmediate || !order.isWithin(this.#moment)) return;
    if (order.isForced) this.#meetOnTheWay(order);
    if (!order.isWithin(this.#moment)) return;
    if (this.#isRivalReached(order)) this.#isAmbiguous = true;
    this.#reach(order, this.#priceInside(order), true);
  }

  /** Before a price at which a position is liquidated, the market passes every order that waits nearer on its way. */
  #meetOnTheWay(forced: PlacedOrder): void {
    for (const order of this.#turns)
      if (!order.isForced && isNearer(order, forced)) this.#meetRange(order);
  }

  /** What began to wait inside this candle, and what that wakes in turn. */
  #meetWoken(): void {
    const { orders, fills } = this.#execution;
    for (let before = -1; before !== fills.count; ) {
      before = fills.count;
      // The market has passed it already: no better price than the one that woke it.
      for (const order of orders)
        this.#meetAfterEntry(order, order.isReachedAt(order.wokenAt), order.wokenAt);
      for (const order of orders) {
        const isReached = order.waiting === "stop" && order.isWithin(this.#moment);
        this.#meetAfterEntry(order, isReached, order.price);
      }
      for (const order of orders) {
        const isReached = order.waiting === "limit" && order.isReachedAt(this.#moment.close);
        this.#meetAfterEntry(order, isReached, order.price);
      }
    }
  }

  #meetAfterEntry(order: PlacedOrder, isReached: boolean, price: number): void {
    if (isReached && this.#beganNow(order)) this.#reach(order, price, true);
  }

  /** A stop-limit whose stop was reached waits the other way, and goes before a rival that lies farther that way. */
  #meetTurned(order: PlacedOrder): void {
    if (order.kind !== "stop-limit" || order.waiting !== "limit" || !this.#beganNow(order)) return;
    const rivals = this.#reachedRivals(order);
    if (rivals.length === 0 || !order.isWithin(this.#moment)) return;
    if (rivals.some((rival) => isNearer(rival, order))) return;
    this.#isAmbiguous = true;
    this.#reach(order, order.price, true);
  }

  /**
   * The market may have moved a trailing stop only as far as it then fell back: the stop is met wherever the candle comes back
   * far enough from its best price, and there at the worst. A rival ends it where the market must pass that to move it so far.
   */
  #meetTrail(order: PlacedOrder): void {
    const { trail } = order;
    if (trail === null || !order.takesPartIn(this.#moment)) return;
    const { high, low, close } = this.#moment;
    const { waitsAbove } = order;
    const [best, worst] = waitsAbove ? [low, high] : [high, low];
    const farthest = order.priceAfter(nearestTo(best, order));
    if (waitsAbove ? farthest > worst : farthest < worst) return;
    const first = order.priceAfter(trail.next);
    const met = waitsAbove ? Math.min(first, worst) : Math.max(first, worst);
    // The best price may have come before it began; then it is the worse to go on.
    if (this.#beganNow(order) && (waitsAbove ? met < close : met > close)) return;
    order.moveTo(met);
    this.#reach(order, met, true);
  }

  #moveTrail(order: PlacedOrder): void {
    if (order.trail === null || !order.takesPartIn(this.#moment)) return;
    const { high, low, close } = this.#moment;
    if (this.#beganNow(order)) order.follow(close);
    else order.follow(order.waitsAbove ? low : high);
  }

  /** Whether an order began to wait inside this candle. */
  #beganNow({ status, since, beganInside }: PlacedOrder): boolean {
    return status === "open" && since === this.#moment.number && beganInside;
  }

  /** The policy `path`: one straight way from the open over the extremes to the close. */
  #walk(): void {
    let from = this.#moment.open;
    for (const to of wayThrough(this.#moment)) {
      this.#walkTo(from, to);
      from = to;
    }
  }

  #walkTo(from: number, to: number): void {
    const { orders } = this.#execution;
    const tried = new Set<PlacedOrder>();
    const isNext = (order: PlacedOrder) => !tried.has(order) && this.#canBeMet(order);
    const next = (at: number) => firstOnWay(orders, at, to, isNext);
    let at = from;
    for (let order = next(at); order !== null; order = next(at)) {
      if (!order.isReachedAt(at)) at = order.price;
      if (this.#isRivalReached(order)) this.#isAmbiguous = true;
      if (order.kind !== "stop-limit" || order.waiting === "limit") tried.add(order);
      this.#reach(order, at, true);
    }
    for (const order of orders) if (order.trail !== null && isNext(order)) order.follow(to);
  }

  /** Whether an order takes part after the open. */
  #canBeMet(order: PlacedOrder): boolean {
    return (
      order.waiting !== "market" && !order.lifetime.isImmediate && order.takesPartIn(this.#moment)
    );
  }

  /** Fills an order at the price that was met, or lets a stop-limit go on as a limit. */
  #reach(order: PlacedOrder, met: number, isInside: boolean): void {
    if (order.kind !== "stop-limit" || order.waiting === "limit") {
      this.#execution.fill(order, met, isInside);
      return;
    }
    order.becomeLimit(this.#moment.number, isInside, met);
    if (!order.isReachedAt(met)) return;
    order.isMarketable = true;
    this.#execution.fill(order, met, isInside);
  }

  /** Whether a rival that the candle reaches on the other side may have come first. */
  #isRivalReached(order: PlacedOrder): boolean {
    return this.#reachedRivals(order).some(({ waitsAbove }) => waitsAbove !== order.waitsAbove);
  }

  #reachedRivals(order: PlacedOrder): readonly PlacedOrder[] {
    return order.rivals.filter(
      (rival) => rival !== order && rival.status === "open" && rival.isWithin(this.#moment),
    );
  }

  /** Never better than the open for a stop, never worse than it for a limit. */
  #priceInside(order: PlacedOrder): number {
    const { open } = this.#moment;
    return order.waitsAbove ? Math.max(order.price, open) : Math.min(order.price, open);
  }
}

/** As far towards a price as the market comes before it meets a rival of the order. */
function nearestTo(best: number, { rivals, waitsAbove }: PlacedOrder): number {
  let nearest = best;
  for (const { status, waiting, price, waitsAbove: isAbove } of rivals) {
    if (status !== "open" || waiting === "market" || isAbove === waitsAbove) continue;
    nearest = waitsAbove ? Math.max(nearest, price) : Math.min(nearest, price);
  }
  return nearest;
}

/** Whether the market passes one order on its way to the other. */
const isNearer = (order: PlacedOrder, other: PlacedOrder) =>
  order.waitsAbove === other.waitsAbove &&
  (other.waitsAbove ? order.price < other.price : order.price > other.price);
