import type { Account } from "./account.ts";
import type { Claimed, Claims } from "./claims.ts";
import type { Execution } from "./execution.ts";
import { isPrice } from "./order-checks.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { RejectionCause } from "./result.ts";
import { quantityOf } from "./sizing.ts";

/**
 * Lets the orders of one market hold the money they will need while they wait, and their place under the limits. Without that a
 * strategy that sees the same market on finer candles, or another one, could spend the money of orders it has learnt to be bad
 * before the candle that fills them has closed.
 */
export class Claimant {
  readonly #account: Account;
  readonly #claims: Claims;
  readonly #execution: Execution;
  /** Orders that were not at the exchange when a candle opened last. */
  #coming: PlacedOrder[] = [];

  constructor(account: Account, claims: Claims, execution: Execution) {
    this.#account = account;
    this.#claims = claims;
    this.#execution = execution;
    claims.add(account, execution.orders);
  }

  /** What orders of other markets hold. */
  get claimedElsewhere(): Claimed {
    return this.#claims.outside(this.#account);
  }

  /** An order was placed. */
  add(order: PlacedOrder): void {
    if (isClaiming(order)) this.#coming.push(order);
  }

  /** A candle has opened, and what fills at its open is paid: orders that wait from there on take their money, or are refused. */
  claim(index: number, time: number, price: number): void {
    if (this.#coming.length === 0) return;
    const waiting = this.#coming.filter((order) => order.isWaiting);
    this.#coming = waiting.filter((order) => !order.isThereAt(index, time));
    for (const order of waiting) {
      const isThere = order.isWaiting && order.isThereAt(index, time);
      const cause = isThere ? this.#take(order, price) : null;
      if (cause !== null) this.#execution.refuse(order, cause);
    }
  }

  /** An order was changed that waits: it takes what it needs now, or the cause why it cannot. */
  renew(order: PlacedOrder, market: number): RejectionCause | null {
    const isClaimed = isClaiming(order) && !this.#coming.includes(order);
    return isClaimed ? this.#take(order, market) : null;
  }

  /** Nothing of this market can fill any more. */
  end(): void {
    for (const order of this.#execution.orders) order.claim = 0;
  }

  /** Takes what an order needs where the market is at this price, or tells why not; a share or risk becomes a quantity. */
  #take(order: PlacedOrder, market: number): RejectionCause | null {
    const { claim } = order;
    // What it holds is free to itself.
    order.claim = 0;
    const account = this.#account;
    const claimed = account.claimedBesides(order);
    const price = priceOf(order, market);
    const feeRate = this.#execution.paidRate(order);
    const quantity = quantityOf(order, price, feeRate, account, claimed.money);
    const opened = Math.max(0, quantity - this.#closedBy(order, market));
    const need = opened * price * (1 / account.leverage + feeRate);
    const equity = account.equityAt(market);
    const isShare = order.size.kind === "share" || order.size.kind === "risk";
    const isNothing = isShare && quantity * price <= 1e-9 * equity;
    const isFree = !isNothing && need <= account.freeAt(market) - claimed.money + 1e-12 * equity;
    const change = order.side === "buy" ? quantity : -quantity;
    const limitCause = opened > 0 ? account.limitCause(change, price, claimed) : null;
    const cause = isFree ? limitCause : "beyond-funds";
    order.claim = cause === null ? need : claim;
    if (cause !== null) return cause;
    order.claimedExposure = opened * price;
    if (isShare) order.size = { kind: "quantity", amount: quantity };
    return null;
  }

  /** How much of an order closes what is held, or will be once the order fills that it waits for. */
  #closedBy(order: PlacedOrder, market: number): number {
    const { held } = this.#account;
    const against = Math.max(0, order.side === "sell" ? held : -held);
    if (order.status !== "held") return against;
    const first = this.#execution.orders.find(({ followers }) => followers.includes(order));
    if (first === undefined || first.side === order.side) return against;
    return against + quantityOf(first, priceOf(first, market), 0, this.#account, 0);
  }
}

/** What only reduces needs no money; what fills at market is paid at the open that fills it. */
const isClaiming = ({ kind, reduceOnly }: PlacedOrder) => kind !== "market" && !reduceOnly;

/** The worst price of an order but for gaps and slippage; where the market is for a stop that does not follow yet. */
function priceOf({ kind, limit, price }: PlacedOrder, market: number): number {
  if (kind === "stop-limit") return Math.max(price, limit);
  return isPrice(price) ? price : market;
}
