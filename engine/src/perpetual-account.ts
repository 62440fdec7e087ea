import { Account, type Wallet } from "./account.ts";
import type { Claimed } from "./claims.ts";
import { heldAfter } from "./held-after.ts";
import { Maintenance } from "./maintenance.ts";
import type { PerpetualTerms } from "./perpetual.ts";
import type { RejectionCause } from "./result.ts";

/**
 * The net position of one linear perpetual. Cash is booked as if it had been paid in full, which leaves the same equity at
 * every price; what differs is how much may be opened, and that the exchange ends what its margin does not carry.
 */
export abstract class PerpetualAccount extends Account {
  override readonly leverage: number;
  readonly liquidationFee: number;
  protected readonly maintenance: Maintenance;

  constructor(wallet: Wallet, { leverage, liquidationFee, tiers }: PerpetualTerms) {
    super(wallet);
    this.leverage = leverage;
    this.liquidationFee = liquidationFee;
    this.maintenance = new Maintenance(tiers);
  }

  override cause(
    change: number,
    price: number,
    fee: number,
    claimed: number,
  ): RejectionCause | null {
    const after = Math.abs(heldAfter(this.held, change)) * price;
    if (this.leverage > this.maintenance.leverageMax(after)) return "leverage-above-tier";
    // Asked this way round, a sum too large for a number is refused too.
    const left = this.fundsAfter(change, price) - fee - claimed;
    return left >= -1e-12 * this.equityAt(price) ? null : "beyond-funds";
  }

  override notionalMax(isBuy: boolean, price: number, claimed: number): number {
    const against = isBuy ? -this.held : this.held;
    const free =
      against > 0
        ? (this.fundsAfter(-this.held, price) - claimed) * this.leverage + against * price
        : (this.fundsAfter(0, price) - claimed) * this.leverage;
    return Math.max(0, free);
  }

  override freedBy(quantity: number, price: number): number {
    const change = this.held > 0 ? -quantity : quantity;
    return Math.max(0, this.fundsAfter(change, price) - this.freeAt(this.lastPrice));
  }

  override planFunds(price: number): number {
    return this.fundsAfter(-this.held, price);
  }

  override planCause(quantity: number, price: number, claimed: Claimed): RejectionCause | null {
    const isAbove = this.leverage > this.maintenance.leverageMax(quantity * price);
    return isAbove ? "leverage-above-tier" : super.planCause(quantity, price, claimed);
  }

  /** What a position has left to lose at a price before it is worth nothing to its holder. */
  abstract remainderAt(price: number): number;

  /** Money that no position needs after a fill, before its fee; below 0 where it cannot be paid. */
  protected abstract fundsAfter(change: number, price: number): number;

  /** Price and fee at which the exchange takes the position: nobody loses more than there was to lose. */
  takeover(price: number): Readonly<{ price: number; fee: number }> {
    const remainder = this.remainderAt(price);
    if (remainder <= 0) return { price: price - remainder / this.held, fee: 0 };
    return { price, fee: Math.min(remainder, Math.abs(this.held) * price * this.liquidationFee) };
  }
}

/** Every position stands for itself: it can lose the margin that was set aside for it. */
export class IsolatedAccount extends PerpetualAccount {
  /** Margin of what is held; funding is paid from it. */
  setAside = 0;

  override freeAt(_price: number): number {
    return this.fundsAfter(0, 0);
  }

  override get liquidationPrice(): number {
    if (this.held === 0) return Number.NaN;
    const balance = this.setAside - this.held * this.entryPrice;
    return this.maintenance.liquidationPrice(this.held, balance, 0);
  }

  override planLiquidation(quantity: number, paid: number): number {
    return this.maintenance.liquidationPrice(quantity, paid / this.leverage - paid, 0);
  }

  override remainderAt(price: number): number {
    return this.setAside + this.held * (price - this.entryPrice);
  }

  override book(change: number, price: number, fee: number, index: number): void {
    this.setAside = this.#setAsideAfter(change, price);
    super.book(change, price, fee, index);
  }

  override pay(amount: number): void {
    if (this.held !== 0) this.setAside += amount;
    super.pay(amount);
  }

  protected override fundsAfter(change: number, price: number): number {
    const after = heldAfter(this.held, change);
    const closed = after === 0 || after > 0 !== this.held > 0 ? this.held : 0;
    const realised = closed === 0 ? 0 : closed * (price - this.entryPrice);
    const balance = this.wallet.cash + this.held * this.entryPrice + realised;
    return this.ofOthers(freeOf, balance) - this.#setAsideAfter(change, price);
  }

  #setAsideAfter(change: number, price: number): number {
    const before = this.held;
    const after = heldAfter(before, change);
    if (after === 0) return 0;
    if (before === 0 || before > 0 !== after > 0) return (Math.abs(after) * price) / this.leverage;
    return Math.abs(after) > Math.abs(before)
      ? this.setAside + (Math.abs(change) * price) / this.leverage
      : this.setAside * (after / before);
  }
}

/** All positions share what the wallet has. */
export class CrossAccount extends PerpetualAccount {
  override freeAt(price: number): number {
    return this.fundsAfter(0, price);
  }

  override get liquidationPrice(): number {
    if (this.held === 0) return Number.NaN;
    const balance = this.equityAt(0);
    return this.maintenance.liquidationPrice(this.held, balance, this.ofOthers(kept, 0));
  }

  override planLiquidation(quantity: number, paid: number, equity: number): number {
    return this.maintenance.liquidationPrice(quantity, equity - paid, this.ofOthers(kept, 0));
  }

  override remainderAt(price: number): number {
    return this.equityAt(price);
  }

  /** What was free once stays the order's own, whatever positions have lost since: what they lose is for liquidation to judge. */
  override heldCause(change: number, price: number): RejectionCause | null {
    const after = Math.abs(heldAfter(this.held, change)) * price;
    return this.leverage > this.maintenance.leverageMax(after) ? "leverage-above-tier" : null;
  }

  override heldMax(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** What must be kept at the market's last close. */
  get kept(): number {
    return this.maintenance.of(Math.abs(this.held) * this.lastPrice);
  }

  /**
   * A market that is silent while others trade may have gone anywhere: whoever sees the others fall could borrow what its position
   * has lost. So it counts as if it could lose all it is worth.
   */
  override mayBeLost(silentMs: number): number {
    const since = this.wallet.now - silentMs;
    return this.ofOthers(
      (other) => (other.pricedAt < since ? notionalOf(other) - marginOf(other) : 0),
      0,
    );
  }

  protected override fundsAfter(change: number, price: number): number {
    const after = Math.abs(heldAfter(this.held, change)) * price;
    const needed = this.ofOthers(marginOf, after / this.leverage);
    return this.equityAt(price) - needed - this.mayBeLost(0);
  }
}

const freeOf = (other: Account) =>
  other.held * other.entryPrice - (other instanceof IsolatedAccount ? other.setAside : 0);
const kept = (other: Account) => (other instanceof CrossAccount ? other.kept : 0);
const notionalOf = ({ held, lastPrice }: Account) => Math.abs(held) * lastPrice;
const marginOf = (other: Account) => notionalOf(other) / other.leverage;

/** The account of a perpetual, by its terms. */
export const perpetualAccount = (wallet: Wallet, terms: PerpetualTerms): PerpetualAccount =>
  terms.marginMode === "isolated"
    ? new IsolatedAccount(wallet, terms)
    : new CrossAccount(wallet, terms);
