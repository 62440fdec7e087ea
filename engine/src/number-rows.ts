/** Rows of a sheet. A power of two; small sheets are handed out again by the allocator, large ones are fresh memory. */
const sheetBits = 8;
const sheetRows = 1 << sheetBits;

/** Rows of numbers, each added behind the last: what happens often is kept so, because an object each costs far more. */
export class NumberRows {
  count = 0;
  /** Where the row added last is to be written, from `start` on. */
  sheet: Float64Array = new Float64Array(0);
  start = 0;
  readonly #width: number;
  readonly #sheets: Float64Array[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Adds a row of zeros. */
  add(): void {
    const row = this.count & (sheetRows - 1);
    if (row === 0) {
      this.sheet = new Float64Array(sheetRows * this.#width);
      this.#sheets.push(this.sheet);
    }
    this.start = row * this.#width;
    this.count++;
  }

  /** Takes back all rows but the first so many. */
  cut(count: number): void {
    this.count = count;
    this.#sheets.length = Math.ceil(count / sheetRows);
    this.sheet = this.#sheets.at(-1) ?? this.sheet;
  }

  at(row: number, column: number): number {
    const sheet = this.#sheets[row >> sheetBits] as Float64Array;
    return sheet[(row & (sheetRows - 1)) * this.#width + column] as number;
  }
}
