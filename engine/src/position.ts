import type { Account } from "./account.ts";
import type { Clock } from "./clock.ts";

/** What is open in the market, as of the last closed candle. */
export class Position {
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #close: Float64Array;

  constructor(account: Account, clock: Clock, close: Float64Array) {
    this.#account = account;
    this.#clock = clock;
    this.#close = close;
  }

  get side(): "flat" | "long" | "short" {
    return this.#account.held === 0 ? "flat" : this.#account.held > 0 ? "long" : "short";
  }

  get isFlat(): boolean {
    return this.#account.held === 0;
  }

  get isLong(): boolean {
    return this.#account.held > 0;
  }

  get isShort(): boolean {
    return this.#account.held < 0;
  }

  /** Never below 0; `side` says which way. */
  get quantity(): number {
    return Math.abs(this.#account.held);
  }

  /** Average price of the entries; 0 when flat. */
  get entryPrice(): number {
    return this.#account.entryPrice;
  }

  /** Where the exchange would take the position; `NaN` when flat, on spot and where it never does. */
  get liquidationPrice(): number {
    return this.#account.liquidationPrice;
  }

  /** Candles since the first entry's; 0 in the entry's own candle, also while it is under way, and when flat. */
  get candles(): number {
    const { entryIndex } = this.#account;
    return entryIndex < 0 ? 0 : Math.max(0, this.#clock.index - entryIndex);
  }

  /** Gain at the last close before fees, in the quote currency. */
  get profit(): number {
    const close = this.#close[this.#clock.index] as number;
    return this.#account.held * (close - this.#account.entryPrice);
  }

  /** Gain at the last close before fees, as a share of what was entered; 0 when flat. */
  get profitShare(): number {
    const { held, entryPrice } = this.#account;
    return held === 0 ? 0 : this.profit / (Math.abs(held) * entryPrice);
  }
}
