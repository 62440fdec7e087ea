import { type Line, line, type Source } from "../line.ts";
import { checkLength } from "./lengths.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Weighted moving average: weights 1 to `length`, the newest value the heaviest. Its sums are added up anew once per
 * window, so that rounding cannot pile up. Source: TA-Lib WMA.
 */
export function wma(length: number, source: Source = "close"): Line {
  checkLength("wma", length);
  return line(["wma", length], [source], ([input]) => {
    const values = input as Float64Array;
    const weights = (length * (length + 1)) / 2;
    let sum = 0;
    let weighted = 0;
    const addUp = (at: number) => {
      sum = 0;
      weighted = 0;
      for (let weight = 1; weight <= length; weight++) {
        const value = values[at - length + weight] as number;
        sum += value;
        weighted += weight * value;
      }
    };
    return stepwise([values], (at, first) => {
      const seen = at - first + 1;
      if (seen < length) return Number.NaN;
      if (seen % length === 0) addUp(at);
      else {
        weighted += length * (values[at] as number) - sum;
        sum += (values[at] as number) - (values[at - length] as number);
      }
      return weighted / weights;
    });
  });
}
