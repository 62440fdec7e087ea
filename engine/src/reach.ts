import type { Execution } from "./execution.ts";
import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";

/** What happens where the market comes to an order's price, and whether a rival may have been there before it. */
export class Reach {
  /** Whether the order of events could not be known somewhere. */
  isAmbiguous = false;
  readonly #execution: Execution;
  readonly #moment: Moment;

  constructor(execution: Execution, moment: Moment) {
    this.#execution = execution;
    this.#moment = moment;
  }

  /** Fills an order at the price that was met, or lets a stop-limit go on as a limit. */
  reach(order: PlacedOrder, met: number, isInside: boolean): void {
    if (order.kind !== "stop-limit" || order.waiting === "limit") {
      this.#execution.fill(order, met, isInside);
      return;
    }
    order.becomeLimit(this.#moment.number, isInside, met);
    if (!order.isReachedAt(met)) return;
    order.isMarketable = true;
    this.#execution.fill(order, met, isInside);
  }

  /** Notes whether a rival that the candle reaches on the other side may have come first. */
  doubt(order: PlacedOrder): void {
    if (this.rivalsOf(order).some(({ waitsAbove }) => waitsAbove !== order.waitsAbove))
      this.isAmbiguous = true;
  }

  /** The other orders that the candle reaches and of which only one may fill. */
  rivalsOf(order: PlacedOrder): readonly PlacedOrder[] {
    return order.rivals.filter(
      (rival) => rival !== order && rival.status === "open" && rival.isWithin(this.#moment),
    );
  }
}
