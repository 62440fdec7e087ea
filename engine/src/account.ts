import { CompensatedSum } from "./compensated.ts";

/** What is held after a fill; a remainder that only rounding left counts as nothing. */
export function heldAfter(held: number, change: number): number {
  const after = held + change;
  return Math.abs(after) <= 1e-12 * Math.abs(change) ? 0 : after;
}

/** Cash and the net position of one market at 1x: buying takes cash, selling short brings it. */
export class Account {
  readonly #cash: CompensatedSum;
  /** Above 0 long, below 0 short. */
  held = 0;
  /** Average price of what is held; 0 when flat. */
  entryPrice = 0;
  /** Index of the candle of the first entry of what is held; -1 when flat. */
  entryIndex = -1;

  constructor(capital: number) {
    this.#cash = new CompensatedSum(capital);
  }

  get cash(): number {
    return this.#cash.value;
  }

  equityAt(price: number): number {
    return this.#cash.value + this.held * price;
  }

  /** How much of the position a further `change` of it would add, in quantity; 0 when it only reduces. */
  exposureAfter(change: number): number {
    return Math.abs(heldAfter(this.held, change));
  }

  /** Books a fill of `change` (above 0 bought, below 0 sold). */
  book(change: number, price: number, fee: number, index: number): void {
    const before = this.held;
    const after = heldAfter(before, change);
    this.#cash.add(-change * price);
    this.#cash.add(-fee);
    this.held = after;
    if (after === 0) {
      this.entryPrice = 0;
      this.entryIndex = -1;
    } else if (before === 0 || before > 0 !== after > 0) {
      this.entryPrice = price;
      this.entryIndex = index;
    } else if (Math.abs(after) > Math.abs(before)) {
      this.entryPrice = (this.entryPrice * before + price * change) / after;
    }
  }
}
