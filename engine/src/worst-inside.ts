import { isEntryFor, isMetInside } from "./doubts.ts";
import type { Execution } from "./execution.ts";
import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { Reach } from "./reach.ts";
import { inTurn, isNearer } from "./turns.ts";
import type { Ways, WorstWay } from "./ways.ts";

/**
 * The policy `pessimistic`: what a candle does after its open, where it leaves the order of events open the worse for the trader.
 *
 * 1. Stops that the range reached. Where a rival of one lies in the candle too, their order cannot be known: the stop is taken.
 * 2. Trailing stops: where the range is wider than the distance, the stop was hit, at the worst price.
 * 3. Limits that the range reached.
 * 4. Orders that began to wait inside this candle: a stop counts where the range reached it, a limit only where the close is at
 *    or beyond it, because the high may have come before.
 *
 * That is the table. Where several orders decide what the others do, ways through the candle are tried beside it.
 */
export class WorstInside {
  readonly #execution: Execution;
  readonly #moment: Moment;
  readonly #reach: Reach;
  readonly #ways: Ways;
  /** The orders that this moment reaches after its open, in turn. */
  #turns: readonly PlacedOrder[] = [];
  #isEager = false;

  constructor(execution: Execution, moment: Moment, reach: Reach, ways: Ways) {
    this.#execution = execution;
    this.#moment = moment;
    this.#reach = reach;
    this.#ways = ways;
  }

  /**
   * Meets it by the table; where several orders decide, on the worst way that was tried, or with woken stops at once, if that leaves
   * less.
   */
  meet(worst: WorstWay | null): void {
    if (worst === null) this.#meetByTable(false);
    else if (worst.isCertain) this.#ways.walk(worst);
    else
      this.#ways.takeWorst([
        () => this.#meetByTable(false),
        () => this.#meetByTable(true),
        () => this.#ways.walk(worst),
      ]);
  }

  /** `isEager`: stops that a fill wakes are met before anything else. */
  #meetByTable(isEager: boolean): void {
    this.#isEager = isEager;
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
    return order.reduceOnly && order.waiting !== "market" && this.#execution.admission.lacks(order);
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

  #meetRange(order: PlacedOrder): void {
    const { number } = this.#moment;
    if (!order.takesPartIn(this.#moment) || (order.since === number && order.beganInside)) return;
    if (order.lifetime.isImmediate || !order.isWithin(this.#moment)) return;
    if (order.isForced) this.#meetOnTheWay(order);
    if (!order.isWithin(this.#moment)) return;
    this.#reach.doubt(order);
    this.#reach.reach(order, this.#priceInside(order), true);
    if (!this.#isEager) return;
    // What these meet on their way wakes the next ones when it is their turn.
    this.#isEager = false;
    this.#meetWokenStops();
    this.#isEager = true;
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
      this.#meetWokenStops();
      for (const order of orders) {
        // One that was just woken beyond its price gets no better than what woke it, in the next turn.
        const isFresh = order.isReachedAt(order.wokenAt);
        const isProven = order.waiting === "limit" && order.isReachedAt(this.#moment.close);
        this.#meetAfterEntry(order, isProven && !isFresh, order.price);
      }
    }
  }

  /** Liquidation comes last, after whatever lies nearer. */
  #meetWokenStops(): void {
    const { orders } = this.#execution;
    for (const areForced of [false, true])
      for (const order of orders) {
        if (order.isForced !== areForced || order.waiting !== "stop") continue;
        if (areForced && this.#beganNow(order) && order.isWithin(this.#moment))
          this.#meetOnTheWay(order);
        this.#meetAfterEntry(order, order.isWithin(this.#moment), order.price);
      }
  }

  #meetAfterEntry(order: PlacedOrder, isReached: boolean, price: number): void {
    if (isReached && this.#beganNow(order)) this.#reach.reach(order, price, true);
  }

  /** A stop-limit whose stop was reached waits the other way, and goes before a rival that lies farther that way. */
  #meetTurned(order: PlacedOrder): void {
    if (order.kind !== "stop-limit" || order.waiting !== "limit" || !this.#beganNow(order)) return;
    const rivals = this.#reach.rivalsOf(order);
    if (rivals.length === 0 || !order.isWithin(this.#moment)) return;
    if (rivals.some((rival) => isNearer(rival, order))) return;
    this.#reach.isAmbiguous = true;
    this.#reach.reach(order, order.price, true);
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
    this.#reach.reach(order, met, true);
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
