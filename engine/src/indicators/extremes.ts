import { type Line, line, type Source } from "../line.ts";
import { NumberKernel } from "./kernel.ts";
import { checkLength } from "./lengths.ts";

/** The highest of the last `length` values. */
export const highest = (length: number, source: Source = "high"): Line =>
  extreme("highest", length, source, 1);

/** The lowest of the last `length` values. */
export const lowest = (length: number, source: Source = "low"): Line =>
  extreme("lowest", length, source, -1);

function extreme(name: string, length: number, source: Source, sign: 1 | -1): Line {
  checkLength(name, length);
  return line([source], ([input]) => new Extreme(input as Float64Array, length, sign));
}

/** Keeps the indexes that can still become the extreme, best first (monotonic queue): each enters and leaves once. */
class Extreme extends NumberKernel {
  readonly #length: number;
  readonly #sign: 1 | -1;
  readonly #queue: Int32Array;
  /** Places in the queue, counted without end; their remainder is the slot. */
  #head = 0;
  #tail = 0;

  constructor(input: Float64Array, length: number, sign: 1 | -1) {
    super(input);
    this.#length = length;
    this.#sign = sign;
    this.#queue = new Int32Array(length + 1);
  }

  protected override advance(from: number, to: number, output: Float64Array): void {
    const { input } = this;
    const queue = this.#queue;
    const size = queue.length;
    const indexAt = (place: number) => queue[place % size] as number;
    for (let at = from; at < to; at++) {
      const value = this.#sign * (input[at] as number);
      while (
        this.#tail > this.#head &&
        this.#sign * (input[indexAt(this.#tail - 1)] as number) <= value
      ) {
        this.#tail--;
      }
      queue[this.#tail++ % size] = at;
      if (indexAt(this.#head) <= at - this.#length) this.#head++;
      const isFull = at >= this.first + this.#length - 1;
      output[at - from] = isFull ? (input[indexAt(this.#head)] as number) : Number.NaN;
    }
  }
}
