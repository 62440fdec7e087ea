import { type IndicatorSet, Line } from "../line.ts";
import { Indicators } from "../run-indicators.ts";
import type { AnyInput } from "../several/any-run.ts";
import type { MarketInput } from "../several/input.ts";
import { timeframeMs } from "../timeframe.ts";

/** Differences below this share come from rounding and from what a recursive average still remembers of its start. */
const tolerance = 1e-6;

/** All values of a strategy's declared indicators over the candles of a market. */
export class IndicatorValues {
  readonly #values: ReadonlyMap<string, Float64Array>;

  constructor({ strategy, parameters }: AnyInput, { candles, timeframe }: MarketInput) {
    const set = strategy.indicators(parameters);
    const indicators = new Indicators(set, candles, { index: -1 }, timeframeMs(timeframe) ?? 0);
    const lines = namedLines(set).map(([name, line]) => [name, indicators.whole(line)] as const);
    indicators.fill(0, candles.time.length);
    this.#values = new Map(lines);
  }

  /** The declared indicator that differs first up to a candle; the others' history begins `start` candles later. */
  firstThatDiffers(others: IndicatorValues, last: number, start: number): string | null {
    let found: string | null = null;
    let foundAt = Number.POSITIVE_INFINITY;
    for (const [name, values] of this.#values) {
      const other = others.#values.get(name);
      if (other === undefined) continue;
      // With another start all differ at first; what counts is whether they still do.
      const from = start > 0 ? last : 0;
      for (let i = from; i <= last && i < foundAt; i++) {
        if (areAlike(values[i] as number, other[i - start] as number)) continue;
        found = name;
        foundAt = i;
      }
    }
    return found;
  }
}

function namedLines(set: IndicatorSet): [string, Line][] {
  return Object.entries(set).flatMap(([name, one]): [string, Line][] =>
    one instanceof Line
      ? [[name, one]]
      : Object.entries(one).map(([part, line]) => [`${name}.${part}`, line]),
  );
}

const areAlike = (a: number, b: number) =>
  Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
