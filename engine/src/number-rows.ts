const rowsFirst = 64;

/** Rows of numbers, each added behind the last: what happens often is kept so, because an object each costs far more. */
export class NumberRows {
  count = 0;
  values: Float64Array;
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
    this.values = new Float64Array(rowsFirst * width);
  }

  /** Adds a row of zeros; where it begins in `values`. */
  add(): number {
    const row = this.count * this.#width;
    if (row === this.values.length) this.#grow();
    this.count++;
    return row;
  }

  at(row: number, column: number): number {
    return this.values[row * this.#width + column] as number;
  }

  #grow(): void {
    const grown = new Float64Array(2 * this.values.length);
    grown.set(this.values);
    this.values = grown;
  }
}
