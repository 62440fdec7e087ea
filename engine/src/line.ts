import type { Clock } from "./clock.ts";
import type { Columns } from "./columns.ts";
import { JoinedCandles } from "./joined-candles.ts";
import { pieceLength } from "./piece.ts";
import { timeframeMs } from "./timeframe.ts";

/** What an indicator reads: a column of the candles, or another indicator's line. */
export type Source = "open" | "high" | "low" | "close" | "volume" | Line;

/** What the library's own indicators read besides: the open time of the candles. */
type Input = Source | "time";

/**
 * The moving part of an indicator: continues over candles `from` to before `to`, each candle once, and writes one number
 * for each to `output`, that of `from` first.
 */
export type Kernel = { fill(from: number, to: number, output: Float64Array): void };

/** Makes a kernel over its inputs, which have one entry per candle. */
export type KernelFactory = (inputs: readonly Float64Array[]) => Kernel;

/** How a line comes about: from others by a kernel, or from one on a higher timeframe. */
type Calculation =
  | Readonly<{ sources: readonly Input[]; start: KernelFactory }>
  | Readonly<{ timeframe: string; of: Line }>;

/** Where a line's values are; `values[index & mask]` is that of a candle, as long as it is held. */
type Tape = {
  values: Float64Array;
  mask: number;
  clock: Clock;
  /** Computes the line once more and holds every value from now on. */
  hold: () => void;
};

/**
 * A line that nobody reads as a whole holds the values of two pieces only: they stay in the processor's cache, and a long run
 * needs no memory for them.
 */
const heldCount = 2 * pieceLength;

/** The mask of a tape that holds everything. */
const everything = -1;

const blank: Tape = {
  values: new Float64Array(0),
  mask: everything,
  clock: { index: -1 },
  hold() {},
};

/** What lines may be made of; strategies, who have lines to read, cannot make others from their class. */
const calculations = new WeakSet<Calculation>();

// Doors into a line for this file alone; strategies cannot see past `value`.
let calculationOf: (line: Line) => Calculation;
let tapeOf: (line: Line) => Tape;
let attach: (line: Line, tape: Tape) => void;

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
    if (candles >= pieceLength && this.#mask !== everything) this.#tape.hold();
    const index = this.#clock.index - Math.max(0, candles);
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

/** An indicator: what it reads, and what computes it. */
export const line = (sources: readonly Input[], start: KernelFactory): Line =>
  lineOf({ sources, start });

/** An indicator on a higher timeframe, as `higher` makes it. */
export const lineOnHigher = (timeframe: string, of: Line): Line => lineOf({ timeframe, of });

function lineOf(calculation: Calculation): Line {
  calculations.add(calculation);
  return new Line(calculation);
}

/** Indicators by the name a strategy gave them; one of several lines is a group. */
export type IndicatorSet = Readonly<Record<string, Line | Readonly<Record<string, Line>>>>;

type Bound = { line: Line; inputs: readonly Float64Array[]; kernel: Kernel };

/** The indicators of one run, in an order in which each finds its inputs computed. */
export class Indicators {
  readonly #candles: Columns;
  readonly #clock: Clock;
  readonly #declared: Line[];
  readonly #bound = new Map<Line, Bound>();
  readonly #lengthMs: number;
  readonly #higher = new Map<string, HigherCandles>();
  #filledTo = 0;

  /** `lengthMs` is how long a candle lasts; 0 where it is not known, and nothing higher can be made. */
  constructor(set: IndicatorSet, candles: Columns, clock: Clock, lengthMs = 0) {
    this.#candles = candles;
    this.#clock = clock;
    this.#lengthMs = lengthMs;
    this.#declared = Object.entries(set).flatMap(([name, one]) => linesOf(name, one));
    for (const declared of this.#declared) this.#bind(declared);
  }

  /** Continues every indicator over the candles `from` to before `to`, at most to the end of a piece. */
  fill(from: number, to: number): void {
    for (const { line, kernel } of this.#bound.values()) {
      const { values, mask } = tapeOf(line);
      const start = from & mask;
      kernel.fill(from, to, values.subarray(start, start + to - from));
    }
    this.#filledTo = to;
  }

  /** The first index from `from` to before `to` at which every declared line has a value; null while one has none. */
  readyWithin(from: number, to: number): number | null {
    let ready = from;
    for (const declared of this.#declared) {
      const { values, mask } = tapeOf(declared);
      while (ready < to && Number.isNaN(values[ready & mask])) ready++;
    }
    return ready < to ? ready : null;
  }

  /** All values of a line, those to come included; before the run or in it. */
  whole(line: Line): Float64Array {
    if (!this.#bound.has(line)) this.#bind(line);
    tapeOf(line).hold();
    return tapeOf(line).values;
  }

  #bind(line: Line): void {
    if (this.#bound.has(line)) return;
    const { sources, start } = this.#stepsOf(line);
    const inputs = sources.map((source) =>
      typeof source === "string" ? this.#candles[source] : this.whole(source),
    );
    attach(line, {
      values: new Float64Array(Math.min(heldCount, this.#candles.close.length)),
      mask: heldCount - 1,
      clock: this.#clock,
      hold: () => this.#hold(line),
    });
    this.#bound.set(line, { line, inputs, kernel: start(inputs) });
  }

  #stepsOf(line: Line): Readonly<{ sources: readonly Input[]; start: KernelFactory }> {
    const calculation = calculationOf(line);
    if ("sources" in calculation) return calculation;
    const { timeframe, of } = calculation;
    const higher =
      this.#higher.get(timeframe) ?? new HigherCandles(this.#candles, this.#lengthMs, timeframe);
    this.#higher.set(timeframe, higher);
    const values = higher.whole(of);
    return { sources: [], start: () => higher.spread(values) };
  }

  #hold(line: Line): void {
    const bound = this.#bound.get(line);
    const tape = tapeOf(line);
    if (!bound || tape.mask === everything) return;
    const values = new Float64Array(this.#candles.close.length);
    bound.kernel = this.#stepsOf(line).start(bound.inputs);
    bound.kernel.fill(0, this.#filledTo, values.subarray(0, this.#filledTo));
    attach(line, { ...tape, values, mask: everything });
  }
}

/** Candles of a higher timeframe, made as the run goes on, with the indicators on them. */
class HigherCandles {
  readonly #finer: Columns;
  readonly #finerMs: number;
  readonly #lengthMs: number;
  readonly #joined: JoinedCandles;
  readonly #indicators: Indicators;
  /** Lines of this timeframe by those that were declared: each may stand on several timeframes. */
  readonly #twins = new Map<Line, Line>();
  #filledTo = 0;

  constructor(finer: Columns, finerMs: number, timeframe: string) {
    this.#finer = finer;
    this.#finerMs = finerMs;
    this.#lengthMs = higherLength(timeframe, finerMs);
    this.#joined = new JoinedCandles(finer, finerMs, this.#lengthMs);
    const { columns } = this.#joined;
    this.#indicators = new Indicators({}, columns, { index: 0 }, this.#lengthMs);
  }

  whole(line: Line): Float64Array {
    return this.#indicators.whole(this.#twinOf(line));
  }

  /** For each finer candle the value of the last higher one that had closed by its close; `NaN` before the first. */
  spread(values: Float64Array): Kernel {
    const { time } = this.#finer;
    const starts = this.#joined.columns.time;
    let closed = 0;
    return {
      fill: (from, to, output) => {
        this.#fill(to);
        for (let at = from; at < to; at++) {
          const now = (time[at] as number) + this.#finerMs;
          while (closed < this.#filledTo && (starts[closed] as number) + this.#lengthMs <= now)
            closed++;
          output[at - from] = closed > 0 ? (values[closed - 1] as number) : Number.NaN;
        }
      },
    };
  }

  /** Joins the finer candles up to before `to`, and continues the indicators over what closed with them. */
  #fill(to: number): void {
    const closed = this.#joined.joinTo(to);
    while (this.#filledTo < closed) {
      const pieceEnd = (Math.floor(this.#filledTo / pieceLength) + 1) * pieceLength;
      const end = Math.min(pieceEnd, closed);
      this.#indicators.fill(this.#filledTo, end);
      this.#filledTo = end;
    }
  }

  #twinOf(line: Line): Line {
    const known = this.#twins.get(line);
    if (known) return known;
    const calculation = calculationOf(line);
    const twin =
      "sources" in calculation
        ? lineOf({
            ...calculation,
            sources: calculation.sources.map((source) =>
              source instanceof Line ? this.#twinOf(source) : source,
            ),
          })
        : lineOf({ ...calculation, of: calculation.of });
    this.#twins.set(line, twin);
    return twin;
  }
}

/** Throws `RangeError` where candles of the one length cannot be joined to the other. */
function higherLength(timeframe: string, finerMs: number): number {
  const lengthMs = timeframeMs(timeframe);
  if (lengthMs === null) throw new RangeError(`"${timeframe}" is not a timeframe such as 4h.`);
  if (finerMs > 0 && lengthMs % finerMs === 0) return lengthMs;
  throw new RangeError(`candles of ${timeframe} cannot be made of those of this run.`);
}

function linesOf(name: string, declared: unknown): Line[] {
  const found = declared instanceof Line ? [declared] : Object.values(declared ?? {});
  if (found.length > 0 && found.every((one) => one instanceof Line)) return found;
  throw new TypeError(`indicators.${name} must be an indicator such as sma(20).`);
}
