import { CompensatedSum } from "./compensated.ts";
import { type FillLog, fillNumber } from "./fill-log.ts";
import { heldAfter } from "./held-after.ts";
import type { FundingPayment } from "./result.ts";

/**
 * Equity at the close of every candle: cash and the position at that close. Between two fills both stand still, so the
 * curve is drawn in segments behind the run instead of candle by candle in it.
 */
export class EquityCurve {
  /** Null where only the end is wanted. */
  readonly values: Float64Array | null;
  readonly #close: Float64Array;
  readonly #cash: CompensatedSum;
  #held = 0;
  #drawn = 0;
  #booked = 0;
  #paid = 0;

  constructor(close: Float64Array, capital: number, values: Float64Array | null) {
    this.values = values;
    this.#close = close;
    this.#cash = new CompensatedSum(capital);
  }

  /** The equity at the close of the candle before the one that it was drawn to. */
  get end(): number {
    return this.#cash.value + this.#held * (this.#close[this.#drawn - 1] ?? 0);
  }

  /** Draws on to before the candle `to`; `fills` and `payments` hold every one up to there. */
  drawTo(to: number, fills: FillLog, payments: readonly FundingPayment[]): void {
    for (; this.#booked < fills.count; this.#booked++) {
      const fill = this.#booked;
      const index = fills.indexOf(fill);
      const change = fills.changeOf(fill);
      this.#payUpTo(index, payments);
      this.#draw(index);
      this.#cash.add(-change * fills.numberOf(fill, fillNumber.price));
      this.#cash.add(-fills.numberOf(fill, fillNumber.fee));
      this.#held = heldAfter(this.#held, change);
    }
    this.#payUpTo(to - 1, payments);
    this.#draw(to);
  }

  #payUpTo(last: number, payments: readonly FundingPayment[]): void {
    for (; this.#paid < payments.length; this.#paid++) {
      const { index, amount } = payments[this.#paid] as FundingPayment;
      if (index > last) return;
      this.#draw(index);
      this.#cash.add(amount);
    }
  }

  #draw(to: number): void {
    const { values } = this;
    const from = this.#drawn;
    this.#drawn = to;
    if (values === null) return;
    const close = this.#close;
    const cash = this.#cash.value;
    const held = this.#held;
    if (held === 0) values.fill(cash, from, to);
    else for (let i = from; i < to; i++) values[i] = cash + held * (close[i] as number);
  }
}

/** Memory for so many candles: what was given, if it is long enough, since touching fresh memory costs more than the curve itself. */
export const roomFor = (rows: number, given?: Float64Array): Float64Array =>
  given && given.length >= rows ? given.subarray(0, rows) : new Float64Array(rows);
