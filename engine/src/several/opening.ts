import { LateChange } from "../late-changes.ts";
import type { Step } from "../opens.ts";
import type { PlacedOrder } from "../placed-order.ts";

/** What waits for the open of one market, in the order in which that meets it. */
export class Opening {
  /** What is met next; null where nothing is left. */
  next: Step | null = null;
  readonly #steps: Iterator<Step, void>;
  readonly #onlyReduces: (order: PlacedOrder) => boolean;

  constructor(steps: Iterator<Step, void>, onlyReduces: (order: PlacedOrder) => boolean) {
    this.#steps = steps;
    this.#onlyReduces = onlyReduces;
    this.meet();
  }

  /** Whether a change of orders arrives next. */
  get isChanging(): boolean {
    return this.next instanceof LateChange;
  }

  /** Whether what is met next makes the position smaller and nothing else. */
  get isReducing(): boolean {
    return this.next !== null && !(this.next instanceof LateChange) && this.#onlyReduces(this.next);
  }

  /** Meets what is next, and goes on to what follows. */
  meet(): void {
    const { done, value } = this.#steps.next();
    this.next = done === true ? null : value;
  }
}

/**
 * Lets markets that open at one time meet what waits: first changes that arrive, then what only reduces positions, as far as nothing
 * else comes before it in its market, then all in the order in which it was asked for. The names of the markets decide nothing.
 */
export function meetTogether(openings: readonly Opening[]): void {
  meetInOrder(openings, (opening) => opening.isChanging);
  for (const opening of openings) while (opening.isReducing) opening.meet();
  meetInOrder(openings, (opening) => opening.next !== null);
}

function meetInOrder(openings: readonly Opening[], isTurn: (opening: Opening) => boolean): void {
  const placeOf = ({ next }: Opening) => next?.place ?? Number.POSITIVE_INFINITY;
  for (let left = openings.filter(isTurn); left.length > 0; left = left.filter(isTurn))
    left.reduce((first, one) => (placeOf(one) < placeOf(first) ? one : first)).meet();
}
