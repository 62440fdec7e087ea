import type { Execution } from "./execution.ts";
import type { LateChange, LateChanges } from "./late-changes.ts";
import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { Reach } from "./reach.ts";

/** What the open of a market meets next: a change of orders that arrives, or an order. */
export type Step = LateChange | PlacedOrder;

/** What an open meets: changes that have arrived, orders whose time is over, then market orders, then those it has reached. */
export class Opens {
  readonly #execution: Execution;
  readonly #moment: Moment;
  readonly #late: LateChanges;
  readonly #reach: Reach;

  constructor(execution: Execution, moment: Moment, late: LateChanges, reach: Reach) {
    this.#execution = execution;
    this.#moment = moment;
    this.#late = late;
    this.#reach = reach;
  }

  meet(): void {
    this.#begin();
    this.meetOrders();
  }

  /** Meets orders alone. */
  meetOrders(): void {
    this.#meetOrders(true);
    this.#meetOrders(false);
  }

  /** The same step by step, each told before it is taken; null where nothing changes or fills, and all is met already. */
  inTurn(): Iterator<Step, void> | null {
    if (this.#late.nextDue(this.#moment) !== null) return this.#changesInTurn();
    this.#begin();
    if (this.#execution.orders.some((order) => this.#isFilled(order))) return this.#ordersInTurn();
    this.meetOrders();
    return null;
  }

  *#changesInTurn(): Generator<Step, void> {
    const late = this.#late;
    const moment = this.#moment;
    for (let due = late.nextDue(moment); due !== null; due = late.nextDue(moment)) {
      yield due;
      late.makeNext(moment);
    }
    this.#begin();
    yield* this.#ordersInTurn();
  }

  *#ordersInTurn(): Generator<Step, void> {
    for (const areMarket of [true, false])
      for (const order of this.#execution.orders) {
        if ((order.waiting === "market") !== areMarket) continue;
        if (this.#isFilled(order)) yield order;
        this.#meetOrder(order);
      }
  }

  #begin(): void {
    this.#late.makeDue(this.#moment);
    this.#endByTime();
    // Where a market opens beyond it, the exchange comes before every order.
    const first = this.#execution.orders[0];
    if (first?.isForced) this.#meetOrder(first);
  }

  #endByTime(): void {
    const { time } = this.#moment;
    for (const order of this.#execution.orders) {
      if (order.isWaiting && order.ends.endsAt <= time) this.#execution.expire(order);
    }
  }

  #meetOrders(areMarket: boolean): void {
    for (const order of this.#execution.orders) {
      if ((order.waiting === "market") === areMarket) this.#meetOrder(order);
    }
  }

  #isFilled(order: PlacedOrder): boolean {
    const { number, open } = this.#moment;
    if (!order.takesPartIn(this.#moment) || order.since === number) return false;
    return order.waiting === "market" || order.isReachedAt(open);
  }

  #meetOrder(order: PlacedOrder): void {
    const { open, number } = this.#moment;
    if (!order.takesPartIn(this.#moment) || order.since === number) return;
    if (order.isOnItsWay && !this.#execution.arrive(order, open)) return;
    if (order.waiting === "market" || order.isReachedAt(open)) {
      this.#reach.reach(order, open, false);
    } else if (order.lifetime.isImmediate) this.#execution.expire(order);
    else order.follow(open);
  }
}
