import { Account, Wallet } from "./account.ts";
import { type FillLog, fillNumber } from "./fill-log.ts";
import type { FundingPayment } from "./result.ts";

/**
 * Equity at the close of every candle: cash and the position at that close. Between two fills both stand still, so the
 * curve is drawn in segments behind the run instead of candle by candle in it.
 */
export class EquityCurve {
  /** Null where only the end is wanted. */
  readonly values: Float64Array | null;
  readonly #close: Float64Array;
  readonly #account: Account;
  #drawn = 0;
  #booked = 0;
  #paid = 0;

  constructor(close: Float64Array, capital: number, values: Float64Array | null) {
    this.values = values;
    this.#close = close;
    this.#account = new Account(new Wallet(capital));
  }

  /** The equity at the close of the candle before the one that it was drawn to. */
  get end(): number {
    const { cash, held } = this.#account;
    return cash + held * (this.#close[this.#drawn - 1] ?? 0);
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
    const from = this.#drawn;
    this.#drawn = to;
    if (values === null) return;
    const close = this.#close;
    const { cash, held } = this.#account;
    if (held === 0) values.fill(cash, from, to);
    else for (let i = from; i < to; i++) values[i] = cash + held * (close[i] as number);
  }
}

/** Memory for so many candles: what was given, if it is long enough, since touching fresh memory costs more than the curve itself. */
export const roomFor = (rows: number, given?: Float64Array): Float64Array =>
  given && given.length >= rows ? given.subarray(0, rows) : new Float64Array(rows);
