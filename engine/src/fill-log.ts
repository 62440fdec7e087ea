import { NumberRows } from "./number-rows.ts";
import type { Fill } from "./result.ts";

/** The numbers of a fill, by their column; a price that there is not is `NaN`. */
export const fillNumber = {
  words: 0,
  index: 1,
  at: 2,
  orderId: 3,
  quantity: 4,
  price: 5,
  fee: 6,
  slippage: 7,
  stopPrice: 8,
  targetPrice: 9,
} as const;

type Words = Pick<Fill, "side" | "liquidity" | "reason">;

/** All fills of a run, in the order they happened, as numbers; they become objects where somebody asks for those. */
export class FillLog {
  readonly #rows = new NumberRows(10);
  readonly #words: Words[] = [];
  readonly #wordsByText = new Map<string, number>();
  /** The words said last on each side: the next fill mostly says the same. */
  #lastBought = -1;
  #lastSold = -1;
  readonly #made: Fill[] = [];

  get count(): number {
    return this.#rows.count;
  }

  /** The different words of fills, in the order they first came. */
  get texts(): readonly string[] {
    return [...this.#wordsByText.keys()];
  }

  get all(): readonly Fill[] {
    for (let i = this.#made.length; i < this.count; i++) this.#made.push(this.#make(i));
    return this.#made;
  }

  /** Remembers the fills so far; the result takes those back that came since. */
  remember(): () => void {
    const { count } = this;
    const words = this.#words.length;
    const [lastBought, lastSold] = [this.#lastBought, this.#lastSold];
    return () => {
      this.#rows.cut(count);
      this.#made.length = Math.min(this.#made.length, count);
      for (const said of this.#words.splice(words)) this.#wordsByText.delete(textOf(said));
      this.#lastBought = lastBought;
      this.#lastSold = lastSold;
    };
  }

  add(fill: Fill): void {
    const words = this.#wordsOf(fill);
    this.#rows.add();
    const { sheet: values, start: row } = this.#rows;
    values[row + fillNumber.words] = words;
    values[row + fillNumber.index] = fill.index;
    values[row + fillNumber.at] = fill.at;
    values[row + fillNumber.orderId] = fill.orderId;
    values[row + fillNumber.quantity] = fill.quantity;
    values[row + fillNumber.price] = fill.price;
    values[row + fillNumber.fee] = fill.fee;
    values[row + fillNumber.slippage] = fill.slippage;
    values[row + fillNumber.stopPrice] = fill.stopPrice ?? Number.NaN;
    values[row + fillNumber.targetPrice] = fill.targetPrice ?? Number.NaN;
  }

  numberOf(fill: number, column: number): number {
    return this.#rows.at(fill, column);
  }

  /** The candle of a fill, as the whole number that loops over candles count with. */
  indexOf(fill: number): number {
    return this.numberOf(fill, fillNumber.index) | 0;
  }

  isBuy(fill: number): boolean {
    return this.#words[this.numberOf(fill, fillNumber.words)]?.side === "buy";
  }

  /** Above 0 bought, below 0 sold. */
  changeOf(fill: number): number {
    const quantity = this.numberOf(fill, fillNumber.quantity);
    return this.isBuy(fill) ? quantity : -quantity;
  }

  reasonOf(fill: number): string {
    return (this.#words[this.numberOf(fill, fillNumber.words)] as Words).reason;
  }

  #make(fill: number): Fill {
    const { side, liquidity, reason } = this.#words[this.numberOf(fill, fillNumber.words)] as Words;
    return Object.freeze({
      index: this.indexOf(fill),
      at: this.numberOf(fill, fillNumber.at),
      orderId: this.numberOf(fill, fillNumber.orderId) | 0,
      side,
      quantity: this.numberOf(fill, fillNumber.quantity),
      price: this.numberOf(fill, fillNumber.price),
      fee: this.numberOf(fill, fillNumber.fee),
      liquidity,
      slippage: this.numberOf(fill, fillNumber.slippage),
      reason,
      stopPrice: priceOrNull(this.numberOf(fill, fillNumber.stopPrice)),
      targetPrice: priceOrNull(this.numberOf(fill, fillNumber.targetPrice)),
    });
  }

  #wordsOf({ side, liquidity, reason }: Words): number {
    const isBuy = side === "buy";
    const said = isBuy ? this.#lastBought : this.#lastSold;
    const last = this.#words[said];
    if (last?.reason === reason && last.liquidity === liquidity) return said;
    const words = this.#found({ side, liquidity, reason });
    if (isBuy) this.#lastBought = words;
    else this.#lastSold = words;
    return words;
  }

  #found(said: Words): number {
    // Most runs say few different words: comparing those takes less than making a text of them.
    const first = Math.min(this.#words.length, 8);
    for (let i = 0; i < first; i++) if (areSame(this.#words[i] as Words, said)) return i;
    const text = textOf(said);
    const words = this.#wordsByText.get(text) ?? this.#words.push(said) - 1;
    this.#wordsByText.set(text, words);
    return words;
  }
}

const areSame = (one: Words, other: Words) =>
  one.side === other.side && one.liquidity === other.liquidity && one.reason === other.reason;

const textOf = ({ side, liquidity, reason }: Words) => `${side} ${liquidity} ${reason}`;

const priceOrNull = (price: number) => (Number.isNaN(price) ? null : price);
