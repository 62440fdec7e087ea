import type { PlacedOrder } from "../placed-order.ts";

/** What waits for the open of one market, in the order in which that meets it. */
export class Opening {
  /** The order that is met next; null where none is left. */
  next: PlacedOrder | null = null;
  readonly #orders: Iterator<PlacedOrder>;
  readonly #onlyReduces: (order: PlacedOrder) => boolean;

  constructor(orders: Iterator<PlacedOrder>, onlyReduces: (order: PlacedOrder) => boolean) {
    this.#orders = orders;
    this.#onlyReduces = onlyReduces;
    this.meet();
  }

  /** Whether what is met next makes the position smaller and nothing else. */
  get isReducing(): boolean {
    return this.next !== null && this.#onlyReduces(this.next);
  }

  /** Meets the next order, and goes on to the one after it. */
  meet(): void {
    const { done, value } = this.#orders.next();
    this.next = done === true ? null : value;
  }
}

/**
 * Lets markets that open at one time meet their orders: first what only reduces positions, as far as nothing else comes before it
 * in its market, then all in the order in which it was placed. The names of the markets decide nothing.
 */
export function meetTogether(openings: readonly Opening[]): void {
  for (const opening of openings) while (opening.isReducing) opening.meet();
  for (let first = firstOf(openings); first !== null; first = firstOf(openings)) first.meet();
}

function firstOf(openings: readonly Opening[]): Opening | null {
  let first: Opening | null = null;
  for (const opening of openings)
    if (
      opening.next !== null &&
      opening.next.place < (first?.next?.place ?? Number.POSITIVE_INFINITY)
    )
      first = opening;
  return first;
}
