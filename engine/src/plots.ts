import type { Clock } from "./clock.ts";
import { Line } from "./line.ts";
import type { Plot } from "./result.ts";
import type { Indicators } from "./run-indicators.ts";

const plotsMax = 20;
const nothing = new Float64Array(0);

/** The lines that a strategy draws. */
export class Plots {
  readonly #clock: Clock;
  readonly #length: number;
  readonly #isKept: boolean;
  readonly #values = new Map<string, Float64Array>();
  readonly #lines = new Map<string, () => Float64Array>();

  /** Lines that are not kept are checked all the same. */
  constructor(clock: Clock, length: number, isKept: boolean) {
    this.#clock = clock;
    this.#length = length;
    this.#isKept = isKept;
  }

  /** Throws `TypeError` for a name that is no short text or a value that is no number; `NaN` draws nothing. */
  add(name: string, value: number): void {
    if (typeof value !== "number")
      throw new TypeError(`plot("${name}", …) takes a number, not ${typeof value}.`);
    const values = this.#values.get(name) ?? this.#begin(name);
    if (this.#isKept) values[this.#clock.index] = value;
  }

  /** Draws a whole indicator. */
  addLine(name: string, line: unknown, indicators: Indicators): void {
    if (!(line instanceof Line))
      throw new TypeError(`plots["${name}"] must be one line of an indicator.`);
    this.#check(name);
    this.#lines.set(name, this.#isKept ? indicators.drawn(line) : () => nothing);
  }

  get all(): readonly Plot[] {
    if (!this.#isKept) return [];
    const lines = [...this.#lines].map(([name, drawn]) => [name, drawn()] as const);
    return [...lines, ...this.#values].map(([name, values]) => ({ name, values }));
  }

  #begin(name: string): Float64Array {
    this.#check(name);
    const values = this.#isKept ? new Float64Array(this.#length).fill(Number.NaN) : nothing;
    this.#values.set(name, values);
    return values;
  }

  #check(name: string): void {
    if (typeof name !== "string" || name === "" || name.length > 40) {
      throw new TypeError("plot takes a name of 1 to 40 characters first, then a number.");
    }
    if (this.#lines.has(name)) throw new TypeError(`"${name}" is drawn already.`);
    if (this.#lines.size + this.#values.size >= plotsMax) {
      throw new TypeError(`plot draws at most ${plotsMax} lines; "${name}" would be one more.`);
    }
  }
}
