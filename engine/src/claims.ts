import type { PlacedOrder } from "./placed-order.ts";

/** The account of a market; here it only tells whose orders they are. */
type Owner = object;

/** What orders that wait hold of a wallet. */
export type Claimed = Readonly<{
  money: number;
  /** Worth of what they would open. */
  exposure: number;
  /** Where they would open it. */
  accounts: ReadonlySet<Owner>;
}>;

export const nothingClaimed: Claimed = { money: 0, exposure: 0, accounts: new Set() };

type Book = Readonly<{ account: Owner; orders: readonly PlacedOrder[] }>;

/** The orders of all markets of a wallet, which hold its money and their place under its limits while they wait. */
export class Claims {
  readonly #books: Book[] = [];

  /** Counts in the orders of one more market. */
  add(account: Owner, orders: readonly PlacedOrder[]): void {
    this.#books.push({ account, orders });
  }

  /** What all of them hold, but for one and its rivals: where it fills, they end. */
  besides(order: PlacedOrder | null): Claimed {
    return this.#sum((one) => one !== order && order?.rivals.includes(one) !== true);
  }

  /** What those of the other markets hold. */
  outside(account: Owner): Claimed {
    return this.#sum((_, other) => other !== account);
  }

  #sum(isIn: (one: PlacedOrder, account: Owner) => boolean): Claimed {
    let money = 0;
    let exposure = 0;
    const accounts = new Set<Owner>();
    for (const { account, orders } of this.#books) {
      for (const one of orders) {
        if (one.claim === 0 || !isIn(one, account) || !isLargest(one)) continue;
        money += one.claim;
        exposure += one.claimedExposure;
        accounts.add(account);
      }
    }
    return { money, exposure, accounts };
  }
}

/** Of rivals only one can fill, so only the largest claim counts; of equal ones the first. */
const isLargest = (order: PlacedOrder): boolean =>
  order.isWaiting && order.rivals.every((rival) => !rival.isWaiting || !isBefore(rival, order));

const isBefore = (one: PlacedOrder, other: PlacedOrder): boolean =>
  one.claim > other.claim || (one.claim === other.claim && one.id < other.id);
