import type { Moment } from "./moment.ts";

/** The first candle that what was asked for may take part in, and the time from which it is at the exchange. */
export type Arrival = Readonly<{ index: number; at: number }>;

/** `market` is the price when it arrives. */
type Make = (market: number) => void;

/** A change of orders that was asked for and has not arrived yet. */
export class LateChange {
  readonly arrival: Arrival;
  readonly make: Make;
  /** Its place among orders and changes of all markets of a wallet; 0 where that does not matter. */
  readonly place: number;

  constructor(arrival: Arrival, make: Make, place: number) {
    this.arrival = arrival;
    this.make = make;
    this.place = place;
  }
}

/** Changes of the orders of one market, in the order they were asked for. */
export class LateChanges {
  readonly #waiting: LateChange[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(change: LateChange): void {
    this.#waiting.push(change);
  }

  /** The first of those that arrived before this moment opens; null without any. */
  nextDue({ index, time }: Moment): LateChange | null {
    const next = this.#waiting[0];
    if (next === undefined) return null;
    const { arrival } = next;
    return arrival.index > index || arrival.at > time ? null : next;
  }

  /** Makes the first one. */
  makeNext({ open }: Moment): void {
    this.#waiting.shift()?.make(open);
  }

  /** Makes those that arrived before this moment opens. */
  makeDue(moment: Moment): void {
    while (this.nextDue(moment) !== null) this.makeNext(moment);
  }
}
