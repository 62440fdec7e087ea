import type { Account } from "./account.ts";
import type { Claimed } from "./claims.ts";
import { toLot } from "./grid.ts";
import { heldAfter } from "./held-after.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { RejectionCause } from "./result.ts";
import type { MarketRules } from "./run-settings.ts";

/** How much of an order may fill, and what speaks against that. */
export class Admission {
  readonly #account: Account;
  readonly #market: MarketRules;

  constructor({ account, market }: Readonly<{ account: Account; market: MarketRules }>) {
    this.#account = account;
    this.#market = market;
  }

  /** A quantity on the market's lot; what leaves a whole position is not rounded: nothing may stay behind. */
  wanted(order: PlacedOrder, asked: number): number {
    const reducible = this.#reducible(order);
    const isWhole = Math.abs(asked - reducible) <= 1e-9 * reducible;
    if (isWhole || (order.reduceOnly && asked > reducible)) return reducible;
    return toLot(asked, this.#market.lot);
  }

  /** Whether an order asks for more than it could take out of the position. */
  lacks(order: PlacedOrder): boolean {
    const reducible = this.#reducible(order);
    if (reducible === 0) return true;
    const { kind, amount } = order.size;
    const asked = kind === "quantity" ? amount : kind === "quote" ? amount / order.price : 0;
    return asked > reducible * (1 + 1e-9);
  }

  /** Whether an order makes the position smaller, or would have. */
  isExit(order: PlacedOrder): boolean {
    return order.reduceOnly || this.#reducible(order) > 0;
  }

  /** Whether an order makes the position smaller and nothing else. */
  onlyReduces(order: PlacedOrder): boolean {
    const { kind, amount } = order.size;
    if (order.reduceOnly || (kind !== "quantity" && kind !== "quote")) return order.reduceOnly;
    return (kind === "quantity" ? amount : amount / order.price) <= this.#reducible(order);
  }

  #reducible(order: PlacedOrder): number {
    const { held } = this.#account;
    return Math.max(0, order.side === "sell" ? held : -held);
  }

  /** Why a quantity may not fill at a price; null where nothing speaks against it. */
  cause(
    order: PlacedOrder,
    quantity: number,
    price: number,
    feeRate: number,
    claimed: Claimed,
  ): RejectionCause | null {
    const account = this.#account;
    if (order.reduceOnly && this.#reducible(order) === 0) return "no-position";
    if (!Number.isFinite(quantity)) return "infinite";
    const change = order.side === "buy" ? quantity : -quantity;
    const after = heldAfter(account.held, change);
    const isExit = quantity > 0 && isPartOf(after, account.held);
    if (isExit && after === 0) return null;
    if (isExit || order.reduceOnly) return this.#sizeCause(order, quantity, price);
    const equity = account.equityAt(price);
    if (equity <= 0) return "beyond-funds";
    const isShare = order.size.kind === "share" || order.size.kind === "risk";
    if (isShare && quantity * price <= 1e-9 * equity) return "beyond-funds";
    return (
      this.#sizeCause(order, quantity, price) ??
      this.#fundsCause(order, change, price, quantity * price * feeRate, claimed)
    );
  }

  /** An order that holds its money was held against funds and limits when it took it. */
  #fundsCause(
    order: PlacedOrder,
    change: number,
    price: number,
    fee: number,
    claimed: Claimed,
  ): RejectionCause | null {
    const account = this.#account;
    if (order.claim !== null) return account.heldCause(change, price, fee);
    return (
      account.cause(change, price, fee, claimed.money) ?? account.limitCause(change, price, claimed)
    );
  }

  #sizeCause(order: PlacedOrder, quantity: number, price: number): RejectionCause | null {
    if (quantity === 0) return "below-lot";
    return quantity * price < this.#notionalMin(order) ? "below-minimum" : null;
  }

  /** What is left of an order is not held to the market's minimum again. */
  #notionalMin({ filled }: PlacedOrder): number {
    return filled === 0 ? (this.#market.notionalMin ?? 0) : 0;
  }
}

/** Whether a position is what another leaves when it is only made smaller. */
const isPartOf = (after: number, before: number) =>
  after === 0 || (after > 0 === before > 0 && Math.abs(after) <= Math.abs(before));
