import { Account, Wallet } from "./account.ts";
import { type FillLog, fillNumber } from "./fill-log.ts";
import type { FundingPayment } from "./result.ts";

/**
 * Equity at the close of every candle: cash and the position at that close. Between two fills both stand still, so the
 * curve is drawn in segments behind the run instead of candle by candle in it.
 */
export class EquityCurve {
  readonly values: Float64Array;
  readonly #close: Float64Array;
  readonly #account: Account;
  #drawn = 0;
  #booked = 0;
  #paid = 0;

  /** Writes into `memory` where that is long enough: touching fresh memory costs more than the curve itself. */
  constructor(close: Float64Array, capital: number, memory?: Float64Array) {
    const rows = close.length;
    this.values =
      memory && memory.length >= rows ? memory.subarray(0, rows) : new Float64Array(rows);
    this.#close = close;
    this.#account = new Account(new Wallet(capital));
  }

  /** Draws on to before the candle `to`; `fills` and `payments` hold every one up to there. */
  drawTo(to: number, fills: FillLog, payments: readonly FundingPayment[]): void {
    for (; this.#booked < fills.count; this.#booked++) {
      const fill = this.#booked;
      const index = fills.indexOf(fill);
      const price = fills.numberOf(fill, fillNumber.price);
      const fee = fills.numberOf(fill, fillNumber.fee);
      this.#payUpTo(index, payments);
      this.#draw(index);
      this.#account.book(fills.changeOf(fill), price, fee, index);
    }
    this.#payUpTo(to - 1, payments);
    this.#draw(to);
  }

  #payUpTo(last: number, payments: readonly FundingPayment[]): void {
    for (; this.#paid < payments.length; this.#paid++) {
      const { index, amount } = payments[this.#paid] as FundingPayment;
      if (index > last) return;
      this.#draw(index);
      this.#account.pay(amount);
    }
  }

  #draw(to: number): void {
    const { values } = this;
    const close = this.#close;
    const { cash, held } = this.#account;
    const from = this.#drawn;
    if (held === 0) values.fill(cash, from, to);
    else for (let i = from; i < to; i++) values[i] = cash + held * (close[i] as number);
    this.#drawn = to;
  }
}
