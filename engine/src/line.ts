import type { Clock } from "./clock.ts";
import type { Columns } from "./run.ts";
import { leaveColumn, takeColumn } from "./scratch.ts";

/** What an indicator reads: a column of the candles, or another indicator's line. */
export type Source = "open" | "high" | "low" | "close" | "volume" | Line;

/** The moving part of an indicator: continues its outputs over candles `from` to before `to`, each candle once. */
export type Kernel = { fill(from: number, to: number): void };

/** Makes a kernel over its inputs and its output; all have one entry per candle. */
export type KernelFactory = (inputs: readonly Float64Array[], output: Float64Array) => Kernel;

/** How a line comes about. */
type Calculation = Readonly<{ sources: readonly Source[]; start: KernelFactory }>;

const nothing = new Float64Array(0);

// Doors into a line for this file alone; strategies cannot see past `value`.
let calculationOf: (line: Line) => Calculation;
let attach: (line: Line, values: Float64Array, clock: Clock) => void;
let valuesOf: (line: Line) => Float64Array;

/**
 * One line of an indicator, such as a moving average: a number per closed candle, `NaN` until enough candles were seen.
 * It reads as of the last closed candle; later values cannot be reached from a strategy.
 */
export class Line {
  // Every line has the same shape whatever computes it: that keeps reading one fast for any mix of strategies.
  #values: Float64Array = nothing;
  #clock: Clock = { index: -1 };
  readonly #calculation: Calculation;

  constructor(calculation: Calculation) {
    this.#calculation = calculation;
  }

  /** The value at the last closed candle. */
  get value(): number {
    return this.#values[this.#clock.index] as number;
  }

  /** The value one candle earlier; `NaN` where there was none. */
  get previous(): number {
    const index = this.#clock.index;
    return index > 0 ? (this.#values[index - 1] as number) : Number.NaN;
  }

  /** Whether enough candles were seen for a value. */
  get ready(): boolean {
    return !Number.isNaN(this.value);
  }

  /** The value `candles` ago; 0 is now, `NaN` where there was none. */
  ago(candles: number): number {
    return this.#values[this.#clock.index - Math.max(0, candles)] ?? Number.NaN;
  }

  /** Above the other now, and not above it one candle ago. */
  crossesAbove(other: Line | number): boolean {
    return typeof other === "number"
      ? this.value > other && this.previous <= other
      : this.value > other.value && this.previous <= other.previous;
  }

  /** Below the other now, and not below it one candle ago. */
  crossesBelow(other: Line | number): boolean {
    return typeof other === "number"
      ? this.value < other && this.previous >= other
      : this.value < other.value && this.previous >= other.previous;
  }

  static {
    calculationOf = (line) => line.#calculation;
    attach = (line, values, clock) => {
      line.#values = values;
      line.#clock = clock;
    };
    valuesOf = (line) => line.#values;
  }
}

/** An indicator: what it reads, and what computes it. */
export const line = (sources: readonly Source[], start: KernelFactory): Line =>
  new Line({ sources, start });

/** The whole line, for drawing after the run. */
export const drawn = (line: Line): Float64Array => valuesOf(line);

/** Indicators by the name a strategy gave them; one of several lines is a group. */
export type IndicatorSet = Readonly<Record<string, Line | Readonly<Record<string, Line>>>>;

/** The indicators of one run, in an order in which each finds its inputs computed. */
export class Indicators {
  readonly #kernels: Kernel[] = [];
  readonly #declared: Line[];
  readonly #bound = new Map<Line, Float64Array>();

  constructor(set: IndicatorSet, candles: Columns, clock: Clock) {
    this.#declared = Object.entries(set).flatMap(([name, one]) => linesOf(name, one));
    for (const declared of this.#declared) this.#bind(declared, candles, clock);
  }

  /** Continues every indicator over the candles `from` to before `to`. */
  fill(from: number, to: number): void {
    for (const kernel of this.#kernels) kernel.fill(from, to);
  }

  /** The first index below `to` at which every declared line has a value; null while one has none. */
  readyBefore(to: number): number | null {
    let ready = 0;
    for (const declared of this.#declared) {
      const values = valuesOf(declared);
      while (ready < to && Number.isNaN(values[ready])) ready++;
    }
    return ready < to ? ready : null;
  }

  /** Gives the memory of all lines but those to be `kept` to the next run; the lines have no value any more. */
  release(kept: ReadonlySet<Float64Array>): void {
    for (const [bound, values] of this.#bound) {
      attach(bound, nothing, { index: -1 });
      if (!kept.has(values)) leaveColumn(values);
    }
  }

  /** The values of a line, computed after those of the lines it reads. */
  #bind(wanted: Line, candles: Columns, clock: Clock): Float64Array {
    const known = this.#bound.get(wanted);
    if (known) return known;
    const { sources, start } = calculationOf(wanted);
    const inputs = sources.map((source) =>
      typeof source === "string" ? candles[source] : this.#bind(source, candles, clock),
    );
    const output = takeColumn(candles.close.length);
    attach(wanted, output, clock);
    this.#bound.set(wanted, output);
    this.#kernels.push(start(inputs, output));
    return output;
  }
}

function linesOf(name: string, declared: unknown): Line[] {
  const found = declared instanceof Line ? [declared] : Object.values(declared ?? {});
  if (found.length > 0 && found.every((one) => one instanceof Line)) return found;
  throw new TypeError(`indicators.${name} must be an indicator such as sma(20).`);
}
