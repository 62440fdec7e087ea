import { type Line, line, type Source } from "../line.ts";
import { checkLength } from "./lengths.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Sum of the last `length` values. Added up anew once per window, so that rounding cannot pile up and a huge value
 * leaves no trace. Source: TA-Lib SUM.
 */
export function rollingSum(length: number, source: Source): Line {
  checkLength("rollingSum", length);
  return line(["rollingSum", length], [source], ([input]) => {
    const values = input as Float64Array;
    let sum = 0;
    return stepwise([values], (at, first) => {
      if ((at - first + 1) % length === 0) sum = sumOf(values, at - length + 1, at + 1);
      else
        sum += (values[at] as number) - (at - length < first ? 0 : (values[at - length] as number));
      return at - first + 1 < length ? Number.NaN : sum;
    });
  });
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  return sum;
}
