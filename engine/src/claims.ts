import { closedBy, type Need, needOf, type Owner, unitCostOf } from "./market-need.ts";
import type { Claim, PlacedOrder } from "./placed-order.ts";

/** What orders that wait hold of a wallet. */
export type Claimed = Readonly<{
  money: number;
  /** Worth of what they would open. */
  exposure: number;
  /** Where they would open it. */
  accounts: ReadonlySet<Owner>;
}>;

export const nothingClaimed: Claimed = { money: 0, exposure: 0, accounts: new Set() };

/** The orders of one market; `comingOf` tells what one that takes its money at the next open will ask for. */
type Book = Readonly<{
  account: Owner;
  orders: readonly PlacedOrder[];
  comingOf: (order: PlacedOrder) => Claim | null;
}>;

/** The orders of all markets of a wallet, which hold its money and their place under its limits while they wait. */
export class Claims {
  readonly #books: Book[] = [];
  #placed = 0;

  /** Counts in the orders of one more market. */
  add(book: Book): void {
    this.#books.push(book);
  }

  /** The place of one more order, or change, among those of all markets. */
  nextPlace(): number {
    return ++this.#placed;
  }

  /** What orders hold, but for those of one market. */
  besides(account: Owner | null): Claimed {
    return this.#sum(account, (book) => needOf(book.account, book.orders, held));
  }

  /** The same with all that is to come at the next open. */
  told(account: Owner | null): Claimed {
    const claimOf = (book: Book) => (order: PlacedOrder) => order.claim ?? book.comingOf(order);
    return this.#sum(account, (book) => needOf(book.account, book.orders, claimOf(book)));
  }

  /**
   * How much of what it wants an order can pay that holds its money: all, unless a gap or slippage made it dearer. Then the
   * rest comes out of what is free, and where nothing is, it takes as much as its money pays for.
   */
  paid(order: PlacedOrder, claim: Claim, wanted: number, at: Claim, account: Owner): number {
    const most = account.heldMax(order.side === "buy", at.price);
    const unit = at.price * (1 + at.feeRate * account.leverage);
    // Slippage may have made an exit bring less than what followed it was promised.
    const asked = wanted * unit > most * (1 + 1e-9) ? most / unit : wanted;
    const against = closedBy(order.side, account);
    const opened = asked - against;
    if (opened <= 0) return asked;
    const unitCost = unitCostOf(at, account);
    const turned = (price: number) => (against > 0 ? account.freedBy(against, price) : 0);
    const held = Math.max(0, claim.quantity - against) * unitCostOf(claim, account);
    const money = held + turned(at.price) - turned(claim.price);
    if (opened * unitCost <= money * (1 + 1e-9)) return asked;
    const free = account.freeAt(account.lastPrice) - this.besides(null).money;
    return against + Math.min(opened, Math.max(0, money + Math.max(0, free)) / unitCost);
  }

  #sum(left: Owner | null, need: (book: Book) => Need): Claimed {
    let money = 0;
    let exposure = 0;
    const accounts = new Set<Owner>();
    for (const book of this.#books) {
      if (book.account === left || book.orders.length === 0) continue;
      const one = need(book);
      money += one.money;
      exposure += one.exposure;
      if (one.exposure > 0) accounts.add(book.account);
    }
    return { money, exposure, accounts };
  }
}

const held = ({ claim }: PlacedOrder) => claim;
