import type { Columns } from "./columns.ts";

/**
 * Values of indicators for further runs over the same candles, so that a change of a stop or a size computes no average again.
 * Holds at most `bytesMax`; what was not used for longest goes first.
 */
export class IndicatorMemory {
  readonly bytesMax: number;
  /** The one used last stands last. */
  readonly #kept = new Map<string, Float64Array>();
  /** Candles are told apart as objects: what is kept for others, even of equal numbers, is never found. */
  readonly #numbers = new WeakMap<Columns, number>();
  #known = 0;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** What it holds now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The values of a line over all of some candles; null where they are not kept. Not to be changed. */
  find(candles: Columns, identity: string): Float64Array | null {
    const key = this.#keyOf(candles, identity);
    const values = this.#kept.get(key);
    if (values === undefined) return null;
    this.#kept.delete(key);
    this.#kept.set(key, values);
    return values;
  }

  /** Keeps the values of a line over all of some candles, unless they are too many by themselves. */
  keep(candles: Columns, identity: string, values: Float64Array): void {
    const key = this.#keyOf(candles, identity);
    if (this.#kept.has(key) || values.byteLength > this.bytesMax) return;
    this.#kept.set(key, values);
    this.#bytes += values.byteLength;
    for (const [oldest, { byteLength }] of this.#kept) {
      if (this.#bytes <= this.bytesMax) return;
      this.#kept.delete(oldest);
      this.#bytes -= byteLength;
    }
  }

  #keyOf(candles: Columns, identity: string): string {
    const number = this.#numbers.get(candles) ?? this.#known++;
    this.#numbers.set(candles, number);
    return `${number} ${identity}`;
  }
}
