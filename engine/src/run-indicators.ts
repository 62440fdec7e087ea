import type { Clock } from "./clock.ts";
import type { Columns } from "./columns.ts";
import type { IndicatorMemory } from "./indicator-memory.ts";
import { JoinedCandles } from "./joined-candles.ts";
import {
  attach,
  calculationOf,
  everything,
  type IndicatorSet,
  type Input,
  identityOf,
  type Kernel,
  type KernelFactory,
  Line,
  lineOf,
  tapeOf,
} from "./line.ts";
import { pieceLength } from "./piece.ts";
import { timeframeMs } from "./timeframe.ts";

/**
 * A line that nobody reads as a whole holds the values of two pieces only: they stay in the processor's cache, and a long run
 * needs no memory for them.
 */
const heldCount = 2 * pieceLength;

type Bound = { line: Line; inputs: readonly Float64Array[]; kernel: Kernel };

/** The indicators of one run, in an order in which each finds its inputs computed. */
export class Indicators {
  readonly #candles: Columns;
  readonly #clock: Clock;
  readonly #declared: Line[];
  readonly #bound = new Map<Line, Bound>();
  readonly #lengthMs: number;
  readonly #higher = new Map<string, HigherCandles>();
  readonly #memory: IndicatorMemory | undefined;
  /** Lines that an earlier run has computed. */
  readonly #recalled = new Set<Line>();
  /** Lines to keep for later ones, by identity. */
  readonly #lasting = new Map<string, Line>();
  #filledTo = 0;

  /**
   * `lengthMs` is how long a candle lasts; 0 where it is not known, and nothing higher can be made. With a `memory` lines that
   * earlier runs computed are taken from it, and others left there.
   */
  constructor(
    set: IndicatorSet,
    candles: Columns,
    clock: Clock,
    lengthMs = 0,
    memory?: IndicatorMemory,
  ) {
    this.#candles = candles;
    this.#memory = memory;
    this.#clock = clock;
    this.#lengthMs = lengthMs;
    this.#declared = Object.entries(set).flatMap(([name, one]) => linesOf(name, one));
    for (const declared of this.#declared) this.add(declared);
  }

  /** Computes this line too; before the run. */
  add(line: Line): void {
    if (this.#bound.has(line) || this.#recalled.has(line) || this.#recall(line)) return;
    const { sources, start } = this.#stepsOf(line);
    const inputs = sources.map((source) =>
      typeof source === "string" ? this.#candles[source] : this.whole(source),
    );
    const isHeld = this.#isLasting(line);
    const rows = this.#candles.close.length;
    attach(line, {
      values: new Float64Array(isHeld ? rows : Math.min(heldCount, rows)),
      mask: isHeld ? everything : heldCount - 1,
      clock: this.#clock,
      hold: () => this.#hold(line),
    });
    this.#bound.set(line, { line, inputs, kernel: start(inputs) });
  }

  /** Takes the line from the memory, if it is there. */
  #recall(line: Line): boolean {
    const identity = identityOf(line);
    const values = identity === null ? null : this.#memory?.find(this.#candles, identity);
    if (!values) return false;
    attach(line, { values, mask: everything, clock: this.#clock, hold() {} });
    this.#recalled.add(line);
    return true;
  }

  /** Whether the line is to be kept; as many are as have room in the memory together. */
  #isLasting(line: Line): boolean {
    const identity = identityOf(line);
    if (!this.#memory || identity === null || this.#lasting.has(identity)) return false;
    const bytes = (this.#lasting.size + 1) * this.#candles.close.byteLength;
    if (bytes > this.#memory.bytesMax) return false;
    this.#lasting.set(identity, line);
    return true;
  }

  /** Continues every indicator over the candles `from` to before `to`, at most to the end of a piece. */
  fill(from: number, to: number): void {
    for (const { line, kernel } of this.#bound.values()) {
      const { values, mask } = tapeOf(line);
      const start = from & mask;
      kernel.fill(from, to, values.subarray(start, start + to - from));
    }
    this.#filledTo = to;
    if (to < this.#candles.close.length) return;
    for (const [identity, line] of this.#lasting)
      this.#memory?.keep(this.#candles, identity, tapeOf(line).values);
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
    this.add(line);
    tapeOf(line).hold();
    return tapeOf(line).values;
  }

  /** All values of a line, once the run is over; nobody else holds this copy of them. */
  drawn(line: Line): () => Float64Array {
    const values = this.whole(line);
    return () => (this.#memory ? values.slice() : values);
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
