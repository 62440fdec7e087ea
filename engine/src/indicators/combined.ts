import { type Line, line, type Named, type Source } from "../line.ts";

/**
 * A line computed candle by candle from others. Not for strategies: it runs ahead of the candle they decide on, so a
 * function of theirs would see the future.
 */
export function combined(
  named: Named,
  a: Source,
  b: Source,
  combine: (a: number, b: number) => number,
): Line {
  return line(named, [a, b], ([first, second]) => ({
    fill(from, to, output) {
      const [left, right] = [first, second] as [Float64Array, Float64Array];
      for (let at = from; at < to; at++) {
        output[at - from] = combine(left[at] as number, right[at] as number);
      }
    },
  }));
}

/** The same from three lines. */
export function combinedThree(
  named: Named,
  sources: readonly [Source, Source, Source],
  combine: (a: number, b: number, c: number) => number,
): Line {
  return line(named, sources, (inputs) => ({
    fill(from, to, output) {
      const [a, b, c] = inputs as [Float64Array, Float64Array, Float64Array];
      for (let at = from; at < to; at++) {
        output[at - from] = combine(a[at] as number, b[at] as number, c[at] as number);
      }
    },
  }));
}
