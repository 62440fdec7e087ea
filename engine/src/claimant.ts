import type { Account } from "./account.ts";
import type { Claimed, Claims } from "./claims.ts";
import type { Execution } from "./execution.ts";
import { type Need, needOf } from "./market-need.ts";
import { isPrice } from "./order-checks.ts";
import type { Claim, PlacedOrder } from "./placed-order.ts";
import type { RejectionCause } from "./result.ts";
import { askedOf } from "./sizing.ts";

/**
 * Lets the orders of one market hold the money they will need while they wait, and their place under the limits. Without that a
 * strategy that sees the same market on finer candles, or another one, could spend the money of orders it has learnt to be bad
 * before the candle that fills them has closed.
 */
export class Claimant {
  readonly #account: Account;
  readonly #claims: Claims;
  readonly #execution: Execution;
  /** Length of a candle. */
  readonly #lengthMs: number;
  /** Orders that were not at the exchange when a candle opened last. */
  #coming: PlacedOrder[] = [];
  #isEnded = false;
  /** What was held when a candle opened last. */
  #held = 0;
  /** Whether an order came or changed since then that may close what others count on to close. */
  #hasExits = false;
  /** What orders held that are to take their money anew. */
  #before: ReadonlyMap<PlacedOrder, Claim | null> = new Map();

  constructor(account: Account, claims: Claims, execution: Execution, lengthMs: number) {
    this.#account = account;
    this.#lengthMs = lengthMs;
    this.#claims = claims;
    this.#execution = execution;
    const comingOf = (order: PlacedOrder) =>
      order.reduceOnly || this.#isEnded ? null : this.#asked(order, account.lastPrice);
    claims.add({ account, orders: execution.orders, comingOf });
  }

  /** What orders of other markets hold, and will from the next open on. */
  get claimedElsewhere(): Claimed {
    return this.#claims.told(this.#account);
  }

  /** The place of what is asked for now, among orders and changes of all markets. */
  nextPlace(): number {
    return this.#claims.nextPlace();
  }

  /** An order was placed. */
  add(order: PlacedOrder): void {
    order.place = this.nextPlace();
    if (isClaiming(order)) this.#coming.push(order);
    else this.#hasExits = true;
  }

  /**
   * A candle has opened, and what fills at its open is paid: whether the position or its exits changed, or another market has been
   * silent for long, and money or room under the limits lacks for what orders hold. Asked of all markets that open before any lets
   * its orders take their money anew.
   */
  get isShort(): boolean {
    if (this.#isMoved && this.#isBeyondLimits) return true;
    return (this.#isMoved || this.#lost > 0) && this.#isMoneyShort;
  }

  /**
   * Whether the next open may let orders take money. A market whose finer candles are met only where something waits for them must
   * meet that one too: else what is refused at an open would tell that the candle comes to an order later.
   */
  get isDue(): boolean {
    return this.#coming.some((order) => order.isWaiting) || this.#isMoved || this.#lost > 0;
  }

  /**
   * The orders that wait from an open on, which are to take their money or be refused. Where it is short, those that hold some
   * take it anew.
   */
  coming(index: number, time: number, isShort: boolean): readonly PlacedOrder[] {
    if (this.#coming.length === 0 && !this.#isMoved && !isShort) return none;
    const waiting = this.#coming.filter((order) => order.isWaiting);
    const there = waiting.filter((order) => order.isThereAt(index, time));
    this.#coming = waiting.filter((order) => !order.isThereAt(index, time));
    this.#held = this.#account.held;
    this.#hasExits = false;
    if (!isShort) return there;
    const anew = this.#execution.orders.filter((one) => one.isWaiting && one.claim !== null);
    this.#before = new Map(anew.map((order) => [order, order.claim]));
    for (const order of anew) order.claim = null;
    return [...anew, ...there];
  }

  /** Lets an order take its money, or refuses it. */
  claim(order: PlacedOrder, market: number): void {
    if (!order.isWaiting) return;
    const cause = this.#take(order, market);
    if (cause === null) return;
    this.#execution.refuse(order, cause);
    order.claim = this.#before.get(order) ?? null;
  }

  /** An order was changed that waits: it takes what it needs now, or the cause why it cannot. */
  renew(order: PlacedOrder, market: number): RejectionCause | null {
    // What a trigger closes or opens is left out of what its followers need.
    if (!isClaiming(order) || order.followers.length > 0) this.#hasExits = true;
    return order.claim === null ? null : this.#take(order, market);
  }

  /** Nothing of this market can fill any more. */
  end(): void {
    this.#coming = [];
    this.#isEnded = true;
    for (const order of this.#execution.orders) order.claim = null;
  }

  /** What positions of markets may have lost that have been silent for longer than a candle. */
  get #lost(): number {
    return this.#account.mayBeLost(silentCandles * this.#lengthMs);
  }

  get #isMoved(): boolean {
    return this.#hasExits || this.#account.held !== this.#held;
  }

  /** Whether orders hold more than there is. */
  get #isMoneyShort(): boolean {
    const account = this.#account;
    const { lastPrice } = account;
    const free = account.freeAt(lastPrice) + account.mayBeLost(0) - this.#lost;
    const left = free - this.#claims.besides(null).money;
    return left < -1e-9 * account.equityAt(lastPrice);
  }

  /** Whether the limits of the wallet speak against what the orders of this market hold. */
  get #isBeyondLimits(): boolean {
    if (!this.#account.isLimited) return false;
    const { exposure } = needOf(this.#account, this.#execution.orders, ({ claim }) => claim);
    return exposure > 0 && this.#limitCause(exposure) !== null;
  }

  /** Takes what an order needs where the market is at this price, or tells why not; a share or risk becomes a quantity. */
  #take(order: PlacedOrder, market: number): RejectionCause | null {
    const before = order.claim;
    order.claim = this.#sized(order, market);
    const cause = order.claim === null ? "beyond-funds" : this.#limitCauseOf(order);
    if (cause !== null) {
      order.claim = before;
      return cause;
    }
    const isShare = order.size.kind === "share" || order.size.kind === "risk";
    if (isShare && order.claim !== null)
      order.size = { kind: "quantity", amount: order.claim.quantity };
    return null;
  }

  /** What an order may claim; a share or risk at most what is free. Null where too little is. */
  #sized(order: PlacedOrder, market: number): Claim | null {
    const account = this.#account;
    const { lastPrice } = account;
    const equity = account.equityAt(lastPrice);
    const asked = this.#asked(order, market);
    const free = account.freeAt(lastPrice) - this.#claims.besides(account).money;
    const most = Math.max(free, this.#needWith(order, null).money);
    const needAt = (quantity: number) => this.#needWith(order, { ...asked, quantity }).money;
    const need = Number.isFinite(asked.quantity) ? needAt(asked.quantity) : Number.NaN;
    if (order.size.kind !== "share" && order.size.kind !== "risk")
      return need <= most + 1e-12 * equity ? asked : null;
    if (Number.isNaN(need)) return null;
    const quantity = need <= most ? asked.quantity : largest(asked.quantity, most, needAt);
    return quantity * asked.price > 1e-9 * equity ? { ...asked, quantity } : null;
  }

  #asked(order: PlacedOrder, market: number): Claim {
    const price = priceOf(order, market);
    const feeRate = this.#execution.paidRate(order);
    return { quantity: askedOf(order, price, feeRate, this.#account), price, feeRate };
  }

  /** What the market needs where an order claims so much. */
  #needWith(order: PlacedOrder, claim: Claim | null): Need {
    const claimOf = (one: PlacedOrder) => (one === order ? claim : one.claim);
    return needOf(this.#account, this.#execution.orders, claimOf);
  }

  /** Whether the limits of the wallet speak against what an order claims now. */
  #limitCauseOf(order: PlacedOrder): RejectionCause | null {
    if (!this.#account.isLimited) return null;
    const { exposure } = this.#needWith(order, order.claim);
    return exposure > this.#needWith(order, null).exposure ? this.#limitCause(exposure) : null;
  }

  /** Whether they speak against orders that open so much besides what is held. */
  #limitCause(exposure: number): RejectionCause | null {
    const account = this.#account;
    const worth = Math.abs(account.held) * account.lastPrice + exposure;
    return account.worthCause(worth, account.lastPrice, this.#claims.besides(account));
  }
}

const none: readonly PlacedOrder[] = [];

/** Markets miss a candle now and then; orders of others go on waiting meanwhile. */
const silentCandles = 1;

/** What only reduces needs no money; what fills at market is paid at the open that fills it. */
const isClaiming = ({ kind, reduceOnly }: PlacedOrder) => kind !== "market" && !reduceOnly;

/** The worst price of an order but for gaps and slippage; where the market is for a stop that does not follow yet. */
function priceOf({ kind, limit, price }: PlacedOrder, market: number): number {
  if (kind === "stop-limit") return Math.max(price, limit);
  return isPrice(price) ? price : market;
}

/**
 * The largest quantity below one that is too large at which a need that rises ever faster, or from some quantity on, is no more
 * than `most`.
 */
function largest(tooLarge: number, most: number, needAt: (quantity: number) => number): number {
  let [low, high] = [0, tooLarge];
  for (let step = 0; step < 60; step++) {
    const [least, greatest] = [needAt(low), needAt(high)];
    // Where the need rises evenly the first try is it; else what is left is halved besides.
    const even = low + ((high - low) * (most - least)) / (greatest - least);
    if (even > low && even < high && needAt(even) <= most) low = even;
    if (most > 0 && needAt(low) >= most * (1 - 1e-12)) return low;
    const middle = (low + high) / 2;
    if (needAt(middle) <= most) low = middle;
    else high = middle;
  }
  return low;
}
