/** What became of orders that were neither filled whole at once nor refused; an exit makes the position smaller. */
export type OrderCounts = Readonly<{
  /** Taken back while they waited: by the strategy, or because their position, entry or rival had ended. */
  cancelledEntries: number;
  cancelledExits: number;
  /** Their time ended before they were filled whole. */
  expiredEntries: number;
  expiredExits: number;
  /** Changes that were made. */
  amendedEntries: number;
  amendedExits: number;
  /** They waited still when the data ended, such as what was placed on the last candle; those held back do not count. */
  openEntries: number;
  openExits: number;
  /** Their first fill left something. */
  filledInPart: number;
}>;

export type OrderChange = "cancelled" | "expired" | "amended";

/** Counts while a run goes on. */
export class OrderTally {
  #filledInPart = 0;
  readonly #entries = { cancelled: 0, expired: 0, amended: 0 };
  readonly #exits = { cancelled: 0, expired: 0, amended: 0 };

  count(change: OrderChange, isExit: boolean): void {
    (isExit ? this.#exits : this.#entries)[change]++;
  }

  /** Remembers the counts; the result puts them back. */
  remember(): () => void {
    const filledInPart = this.#filledInPart;
    const entries = { ...this.#entries };
    const exits = { ...this.#exits };
    return () => {
      this.#filledInPart = filledInPart;
      Object.assign(this.#entries, entries);
      Object.assign(this.#exits, exits);
    };
  }

  countPart(): void {
    this.#filledInPart++;
  }

  /** What became of all orders, of which so many still wait. */
  counts(open: Pick<OrderCounts, "openEntries" | "openExits">): OrderCounts {
    return {
      ...open,
      cancelledEntries: this.#entries.cancelled,
      cancelledExits: this.#exits.cancelled,
      expiredEntries: this.#entries.expired,
      expiredExits: this.#exits.expired,
      amendedEntries: this.#entries.amended,
      amendedExits: this.#exits.amended,
      filledInPart: this.#filledInPart,
    };
  }
}

/** The counts of several markets together. */
export const sumOfCounts = (all: readonly OrderCounts[]): OrderCounts =>
  all.reduce((sum, one) => ({
    cancelledEntries: sum.cancelledEntries + one.cancelledEntries,
    cancelledExits: sum.cancelledExits + one.cancelledExits,
    expiredEntries: sum.expiredEntries + one.expiredEntries,
    expiredExits: sum.expiredExits + one.expiredExits,
    amendedEntries: sum.amendedEntries + one.amendedEntries,
    amendedExits: sum.amendedExits + one.amendedExits,
    openEntries: sum.openEntries + one.openEntries,
    openExits: sum.openExits + one.openExits,
    filledInPart: sum.filledInPart + one.filledInPart,
  }));
