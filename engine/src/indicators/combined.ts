import { type Line, line, type Source } from "../line.ts";

/** A line computed candle by candle from two others. */
export function combined(a: Source, b: Source, combine: (a: number, b: number) => number): Line {
  return line([a, b], ([inputA, inputB], [output]) => ({
    fill(from, to) {
      const [first, second, result] = [inputA, inputB, output] as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      for (let at = from; at < to; at++)
        result[at] = combine(first[at] as number, second[at] as number);
    },
  }));
}
