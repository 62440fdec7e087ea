import { type Claimed, Claims, nothingClaimed } from "./claims.ts";
import { CompensatedSum } from "./compensated.ts";
import { heldAfter } from "./held-after.ts";
import type { RejectionCause } from "./result.ts";

/** What all positions of a wallet together may be; left out: as much as its funds carry. */
export type WalletLimits = Readonly<{
  /** Markets with a position at the same time. */
  positionsMax?: number | undefined;
  /** Worth of all positions as a multiple of the equity. */
  exposureMax?: number | undefined;
  /** Worth of one position as a multiple of the equity. */
  positionExposureMax?: number | undefined;
}>;

/** The money of a run, and the positions that share it. */
export class Wallet {
  readonly accounts: Account[] = [];
  readonly limits: WalletLimits;
  /** When something opened or ended last in any market, ms since epoch. */
  now = Number.NaN;
  /** What orders that wait hold, so that another market does not spend it; null where one market has it all. */
  readonly claims: Claims | null;
  #cash: CompensatedSum;

  constructor(capital: number, limits: WalletLimits = {}, isShared = false) {
    this.#cash = new CompensatedSum(capital);
    this.limits = limits;
    this.claims = isShared ? new Claims() : null;
  }

  get cash(): number {
    return this.#cash.value;
  }

  add(amount: number): void {
    this.#cash.add(amount);
  }

  /** Remembers its cash; the result puts that back. */
  remember(): () => void {
    const cash = this.#cash.copy();
    return () => {
      this.#cash = cash.copy();
    };
  }

  /** Cash and every position at its market's last close. */
  get equity(): number {
    return this.accounts.reduce((sum, one) => sum + worth(one), this.cash);
  }

  /** Worth of all positions, whichever way they are held. */
  get exposure(): number {
    return this.accounts.reduce((sum, one) => sum + exposure(one), 0);
  }
}

/** The net position of one market, paid in full: buying takes cash, selling short brings it. */
export class Account {
  /** Above 0 long, below 0 short. */
  held = 0;
  /** Average price of what is held; 0 when flat. */
  entryPrice = 0;
  /** Index of the candle of the first entry of what is held; -1 when flat. */
  entryIndex = -1;
  /** Last close of the market; only asked for by other markets of the same wallet. */
  lastPrice = 0;
  /** When that was its price, ms since epoch. */
  pricedAt = Number.NaN;
  /** How many times its margin a position may be worth. */
  readonly leverage: number = 1;
  protected readonly wallet: Wallet;

  constructor(wallet: Wallet) {
    this.wallet = wallet;
    wallet.accounts.push(this);
  }

  /** Remembers what is held, and the cash; the result puts it back. */
  remember(): () => void {
    const held = { ...this };
    const putCashBack = this.wallet.remember();
    return () => {
      Object.assign(this, held);
      putCashBack();
    };
  }

  get cash(): number {
    return this.wallet.cash;
  }

  equityAt(price: number): number {
    return this.ofOthers(worth, this.wallet.cash + this.held * price);
  }

  /** Money that new positions can be opened with, where the market is at `price`. */
  freeAt(_price: number): number {
    return this.wallet.cash;
  }

  get claims(): Claims | null {
    return this.wallet.claims;
  }

  /** What other positions may have lost beyond their margin, of which nothing was heard for longer than so many ms. */
  mayBeLost(_silentMs: number): number {
    return 0;
  }

  /** The market is at a price. */
  priceAt(price: number, time: number): void {
    this.lastPrice = price;
    this.pricedAt = time;
  }

  /** What orders of the wallet hold. */
  get claimed(): Claimed {
    return this.wallet.claims?.besides(null) ?? nothingClaimed;
  }

  /** The same with what orders will hold that take their money at the next open. */
  get claimedSoon(): Claimed {
    return this.wallet.claims?.told(null) ?? nothingClaimed;
  }

  /** Where the exchange would take the position; `NaN` where it never does. */
  get liquidationPrice(): number {
    return Number.NaN;
  }

  /** The largest order, as an amount without its fee, that funds carry which no other claims; what it closes first is included. */
  notionalMax(isBuy: boolean, price: number, claimed: number): number {
    const heldItsWay = isBuy ? this.held : -this.held;
    const free = this.equityAt(price) - this.ofOthers(exposure, 0) - heldItsWay * price;
    return Math.max(0, free - claimed);
  }

  /** Whether funds speak against a fill that makes the position larger or turns it, where others claim so much. */
  cause(change: number, price: number, fee: number, claimed: number): RejectionCause | null {
    const after = Math.abs(heldAfter(this.held, change)) * price;
    const equity = this.equityAt(price);
    const needed = after + this.ofOthers(exposure, 0) + fee + claimed;
    // Asked this way round, a sum too large for a number is refused too.
    return needed <= equity * (1 + 1e-12) ? null : "beyond-funds";
  }

  /** Whether funds speak against such a fill of an order that holds its money. */
  heldCause(change: number, price: number, fee: number): RejectionCause | null {
    return this.cause(change, price, fee, -1e-9 * this.equityAt(price));
  }

  /** The largest order that an order can pay for which holds its money. */
  heldMax(isBuy: boolean, price: number): number {
    return this.notionalMax(isBuy, price, 0);
  }

  /** Money that closing so much of what is held would free at a price. */
  freedBy(quantity: number, price: number): number {
    return quantity * price;
  }

  /** Whether the wallet has limits besides its funds. */
  get isLimited(): boolean {
    return Object.values(this.wallet.limits).some((limit) => limit !== undefined);
  }

  /** Whether the limits of the wallet speak against such a fill, besides what others claim. */
  limitCause(change: number, price: number, claimed: Claimed): RejectionCause | null {
    return this.worthCause(Math.abs(heldAfter(this.held, change)) * price, price, claimed);
  }

  /** Money for a plan of orders, as if nothing were held in this market. */
  planFunds(price: number): number {
    return this.equityAt(price) - this.ofOthers(exposure, 0);
  }

  /** What but money speaks against a plan that has bought so much by this price; null when nothing does. */
  planCause(quantity: number, price: number, claimed: Claimed): RejectionCause | null {
    return this.worthCause(quantity * price, price, claimed);
  }

  /** Where the exchange would take what a plan has bought for `paid` in all; `NaN` where it never does. */
  planLiquidation(_quantity: number, _paid: number, _equity: number): number {
    return Number.NaN;
  }

  /** Books a fill of `change` (above 0 bought, below 0 sold). */
  book(change: number, price: number, fee: number, index: number): void {
    const before = this.held;
    const after = heldAfter(before, change);
    this.wallet.add(-change * price);
    this.wallet.add(-fee);
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

  /** Books a payment that is no fill. */
  pay(amount: number): void {
    this.wallet.add(amount);
  }

  /** Whether the limits of the wallet speak against a position of such a worth, besides what others claim. */
  worthCause(after: number, price: number, claimed: Claimed): RejectionCause | null {
    const { positionsMax, exposureMax, positionExposureMax } = this.wallet.limits;
    const most = () => this.equityAt(price) * (1 + 1e-12);
    if (positionExposureMax !== undefined && after > positionExposureMax * most())
      return "beyond-exposure";
    const exposed = claimed.exposure + after;
    if (exposureMax !== undefined && this.ofOthers(exposure, exposed) > exposureMax * most())
      return "beyond-exposure";
    if (positionsMax === undefined || this.held !== 0) return null;
    const isTaken = (other: Account) => (other.held !== 0 || claimed.accounts.has(other) ? 1 : 0);
    return this.ofOthers(isTaken, 1) > positionsMax ? "too-many-positions" : null;
  }

  /** Adds up something of the wallet's other positions. */
  protected ofOthers(what: (other: Account) => number, start: number): number {
    const { accounts } = this.wallet;
    let sum = start;
    if (accounts.length > 1) for (const other of accounts) if (other !== this) sum += what(other);
    return sum;
  }
}

const worth = ({ held, lastPrice }: Account) => held * lastPrice;
const exposure = ({ held, lastPrice }: Account) => Math.abs(held) * lastPrice;
