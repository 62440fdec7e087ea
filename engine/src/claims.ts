import type { PlacedOrder } from "./placed-order.ts";

type Book = readonly PlacedOrder[];

/** What orders that wait hold of a wallet's money, in all its markets. */
export class Claims {
  readonly #books: Book[] = [];

  /** Counts in the orders of one more market. */
  add(book: Book): void {
    this.#books.push(book);
  }

  /** What all of them hold, but for one and its rivals: where it fills, they end. */
  besides(order: PlacedOrder | null): number {
    return this.#sum((one) => one !== order && order?.rivals.includes(one) !== true);
  }

  /** What those of the other markets hold. */
  outside(book: Book): number {
    return this.#sum((_, other) => other !== book);
  }

  #sum(isIn: (one: PlacedOrder, book: Book) => boolean): number {
    let sum = 0;
    for (const book of this.#books) {
      for (const one of book)
        if (one.claim > 0 && isIn(one, book) && isLargest(one)) sum += one.claim;
    }
    return sum;
  }
}

/** Of rivals only one can fill, so only the largest claim counts; of equal ones the first. */
const isLargest = (order: PlacedOrder): boolean =>
  order.isWaiting && order.rivals.every((rival) => !rival.isWaiting || !isBefore(rival, order));

const isBefore = (one: PlacedOrder, other: PlacedOrder): boolean =>
  one.claim > other.claim || (one.claim === other.claim && one.id < other.id);
