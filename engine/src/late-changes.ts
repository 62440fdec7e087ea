import type { Moment } from "./moment.ts";

/** The first candle that what was asked for may take part in, and the time from which it is at the exchange. */
export type Arrival = Readonly<{ index: number; at: number }>;

/** `price` is where the market is when the change arrives. */
type Change = Readonly<{ arrival: Arrival; make: (price: number) => void }>;

/** Changes of orders that were asked for and have not arrived yet, in the order they were asked for. */
export class LateChanges {
  readonly #waiting: Change[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(change: Change): void {
    this.#waiting.push(change);
  }

  /** Makes those that arrived before this moment opens. */
  makeDue({ index, time, open }: Moment): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const { arrival, make } = next;
      if (arrival.index > index || arrival.at > time) return;
      this.#waiting.shift();
      make(open);
    }
  }
}
