import type { Clock } from "./clock.ts";
import { pieceLength } from "./piece.ts";

/** What an indicator reads: a column of the candles, or another indicator's line. */
export type Source = "open" | "high" | "low" | "close" | "volume" | Line;

/** What the library's own indicators read besides: the open time of the candles. */
export type Input = Source | "time";

/**
 * The moving part of an indicator: continues over candles `from` to before `to`, each candle once, and writes one number
 * for each to `output`, that of `from` first.
 */
export type Kernel = { fill(from: number, to: number, output: Float64Array): void };

/** Makes a kernel over its inputs, which have one entry per candle. */
export type KernelFactory = (inputs: readonly Float64Array[]) => Kernel;

/** How a line comes about: from others by a kernel, or from one on a higher timeframe. */
export type Calculation =
  | Readonly<{ sources: readonly Input[]; start: KernelFactory; identity: string | null }>
  | Readonly<{ timeframe: string; of: Line }>;

/** Where a line's values are; `values[index & mask]` is that of a candle, as long as it is held. */
export type Tape = {
  values: Float64Array;
  mask: number;
  clock: Clock;
  /** Computes the line once more and holds every value from now on. */
  hold: () => void;
};

/** The mask of a tape that holds everything. */
export const everything = -1;

const blank: Tape = {
  values: new Float64Array(0),
  mask: everything,
  clock: { index: -1 },
  hold() {},
};

/** What lines may be made of; strategies, who have lines to read, cannot make others from their class. */
const calculations = new WeakSet<Calculation>();

// Doors into a line for the engine alone, which hands strategies none of them: they cannot see past `value`.
export let calculationOf: (line: Line) => Calculation;
export let tapeOf: (line: Line) => Tape;
export let attach: (line: Line, tape: Tape) => void;

/**
 * One line of an indicator, such as a moving average: a number per closed candle, `NaN` until enough candles were seen.
 * It reads as of the last closed candle; later values cannot be reached from a strategy.
 */
export class Line {
  // Every line has the same shape whatever computes it: that keeps reading one fast for any mix of strategies.
  #tape = blank;
  #values = blank.values;
  #mask = everything;
  #clock = blank.clock;
  readonly #calculation: Calculation;

  constructor(calculation: Calculation) {
    if (!calculations.has(calculation))
      throw new TypeError("a strategy cannot make lines of its own.");
    this.#calculation = calculation;
  }

  /** The value at the last closed candle. */
  get value(): number {
    return this.#values[this.#clock.index & this.#mask] as number;
  }

  /** The value one candle earlier; `NaN` where there was none. */
  get previous(): number {
    const index = this.#clock.index;
    return index > 0 ? (this.#values[(index - 1) & this.#mask] as number) : Number.NaN;
  }

  /** Whether enough candles were seen for a value. */
  get ready(): boolean {
    return !Number.isNaN(this.value);
  }

  /** The value `candles` ago; 0 is now, `NaN` where there was none. */
  ago(candles: number): number {
    // Asked once: what is no number may answer differently each time.
    const back = Math.max(0, candles);
    if (back >= pieceLength && this.#mask !== everything) this.#tape.hold();
    const index = this.#clock.index - back;
    return index >= 0 ? (this.#values[index & this.#mask] ?? Number.NaN) : Number.NaN;
  }

  /** Above the other now, and not above it one candle ago. */
  crossesAbove(other: Line | number): boolean {
    if (typeof other === "number") return this.value > other && this.previous <= other;
    // Asked on nearly every candle: written out, two lines are read in one call.
    const index = this.#clock.index;
    const before = index - 1;
    return (
      index > 0 &&
      (this.#values[index & this.#mask] as number) >
        (other.#values[index & other.#mask] as number) &&
      (this.#values[before & this.#mask] as number) <=
        (other.#values[before & other.#mask] as number)
    );
  }

  /** Below the other now, and not below it one candle ago. */
  crossesBelow(other: Line | number): boolean {
    return typeof other === "number"
      ? this.value < other && this.previous >= other
      : other.crossesAbove(this);
  }

  static {
    calculationOf = (line) => line.#calculation;
    tapeOf = (line) => line.#tape;
    attach = (line, tape) => {
      line.#tape = tape;
      line.#values = tape.values;
      line.#mask = tape.mask;
      line.#clock = tape.clock;
    };
  }
}

/**
 * What computes a line: a name of its own in the whole library, and every number that its values depend on beside its sources.
 * Null where that cannot be said; such a line is computed anew in each run.
 */
export type Named = readonly [name: string, ...numbers: number[]] | null;

/**
 * An indicator: its name, what it reads, and what computes it. Throws `TypeError` for numbers and sources that are none: a
 * kernel runs ahead of the candle that is decided on, and what is asked anew there would learn what is to come.
 */
export function line(named: Named, sources: readonly Input[], start: KernelFactory): Line {
  checkNumbers(named);
  checkSources(sources);
  return lineOf({ sources, start, identity: named && identityFrom(named, sources) });
}

function checkNumbers(named: Named): void {
  const [name, ...numbers] = named ?? [];
  const at = numbers.findIndex((one) => !Number.isFinite(one));
  if (at < 0) return;
  const wrong: unknown = numbers[at];
  const given = typeof wrong === "number" ? String(wrong) : `a value of type ${typeof wrong}`;
  throw new TypeError(`${name} takes finite numbers only, not ${given}.`);
}

const columnNames: readonly unknown[] = ["time", "open", "high", "low", "close", "volume"];

function checkSources(sources: readonly Input[]): void {
  if (sources.every((one) => one instanceof Line || columnNames.includes(one))) return;
  throw new TypeError(
    'a source of an indicator must be another indicator, or a column of the candles such as "close".',
  );
}

/** Lines of the same identity have the same values over the same candles. Null where that is not known. */
export function identityOf(line: Line): string | null {
  const calculation = calculationOf(line);
  return "identity" in calculation ? calculation.identity : null;
}

function identityFrom(
  [name, ...numbers]: NonNullable<Named>,
  sources: readonly Input[],
): string | null {
  const from = sources.map((one) => (typeof one === "string" ? one : identityOf(one)));
  return from.includes(null) ? null : `${[name, ...numbers].join(" ")}(${from.join()})`;
}

/** An indicator on a higher timeframe, as `higher` makes it. */
export function lineOnHigher(timeframe: string, of: Line): Line {
  if (typeof timeframe !== "string")
    throw new TypeError('higher takes a timeframe such as "4h" first.');
  checkSources([of]);
  return lineOf({ timeframe, of });
}

export function lineOf(calculation: Calculation): Line {
  calculations.add(calculation);
  return new Line(calculation);
}

/** Indicators by the name a strategy gave them; one of several lines is a group. */
export type IndicatorSet = Readonly<Record<string, Line | Readonly<Record<string, Line>>>>;
