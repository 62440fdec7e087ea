import { type Line, line, type Source } from "../line.ts";
import { NumberKernel } from "./kernel.ts";
import { checkLength } from "./lengths.ts";

/** The highest of the last `length` values. Source: TA-Lib MAX. */
export const highest = (length: number, source: Source = "high"): Line =>
  extreme("highest", length, source, 1);

/** The lowest of the last `length` values. Source: TA-Lib MIN. */
export const lowest = (length: number, source: Source = "low"): Line =>
  extreme("lowest", length, source, -1);

function extreme(name: string, length: number, source: Source, sign: 1 | -1): Line {
  checkLength(name, length);
  return line(
    [name, length],
    [source],
    ([input]) => new Extreme(input as Float64Array, length, sign),
  );
}

/** Keeps the indexes that can still become the extreme, best first (monotonic queue): each enters and leaves once. */
class Extreme extends NumberKernel {
  readonly #length: number;
  readonly #sign: 1 | -1;
  /** As long as the next power of two, so that a place becomes a slot by its lowest bits. */
  readonly #queue: Int32Array;
  /** Places in the queue, counted without end. */
  #head = 0;
  #tail = 0;

  constructor(input: Float64Array, length: number, sign: 1 | -1) {
    super(input);
    this.#length = length;
    this.#sign = sign;
    this.#queue = new Int32Array(2 ** (32 - Math.clz32(length)));
  }

  protected override advance(from: number, to: number, output: Float64Array): void {
    const { input } = this;
    const queue = this.#queue;
    const mask = queue.length - 1;
    const sign = this.#sign;
    const length = this.#length;
    const full = this.first + length - 1;
    let head = this.#head;
    let tail = this.#tail;
    for (let at = from; at < to; at++) {
      const value = sign * (input[at] as number);
      while (tail > head && sign * (input[queue[(tail - 1) & mask] as number] as number) <= value)
        tail--;
      queue[tail++ & mask] = at;
      if ((queue[head & mask] as number) <= at - length) head++;
      output[at - from] = at >= full ? (input[queue[head & mask] as number] as number) : Number.NaN;
    }
    this.#head = head;
    this.#tail = tail;
  }
}
