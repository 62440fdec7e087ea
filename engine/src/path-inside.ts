import type { Execution } from "./execution.ts";
import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { Reach } from "./reach.ts";
import { firstOnWay, wayThrough } from "./way.ts";

/** The policy `path`: after its open a candle goes one straight way over the extremes to the close. */
export class PathInside {
  readonly #execution: Execution;
  readonly #moment: Moment;
  readonly #reach: Reach;

  constructor(execution: Execution, moment: Moment, reach: Reach) {
    this.#execution = execution;
    this.#moment = moment;
    this.#reach = reach;
  }

  meet(): void {
    this.walk(wayThrough(this.#moment));
  }

  /** Goes from the open to each of these prices in turn. */
  walk(corners: readonly number[]): void {
    let from = this.#moment.open;
    for (const to of corners) {
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
      this.#reach.doubt(order);
      if (order.kind !== "stop-limit" || order.waiting === "limit") tried.add(order);
      this.#reach.reach(order, at, true);
    }
    for (const order of orders) if (order.trail !== null && isNext(order)) order.follow(to);
  }

  /** Whether an order takes part after the open. */
  #canBeMet(order: PlacedOrder): boolean {
    return (
      order.waiting !== "market" && !order.lifetime.isImmediate && order.takesPartIn(this.#moment)
    );
  }
}
