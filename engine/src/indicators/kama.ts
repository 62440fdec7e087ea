import { type Line, line, type Source } from "../line.ts";
import { combined } from "./combined.ts";
import { checkLength } from "./lengths.ts";
import { momentum } from "./momentum.ts";
import { rollingSum } from "./rolling-sum.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Kaufman's adaptive moving average: fast (length 2) where the last `length` changes point one way, slow (length 30) where
 * they cancel out. Begins at the value before its first. Source: Perry Kaufman, Smarter Trading, 1995; TA-Lib KAMA.
 */
export function kama(length = 10, source: Source = "close"): Line {
  checkLength("kama", length, 2);
  const change = momentum(1, source);
  const way = rollingSum(
    length,
    combined(["kama change"], change, change, (one) => Math.abs(one)),
  );
  const distance = momentum(length, source);
  return line(["kama"], [way, distance, source], ([ways, distances, input]) => {
    const [path, net, values] = [ways, distances, input] as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    let average = Number.NaN;
    return stepwise([path, net, values], (at, first) => {
      if (at === first) average = values[at - 1] as number;
      const walked = path[at] as number;
      const efficiency = walked === 0 ? 1 : Math.min(1, Math.abs(net[at] as number) / walked);
      const weight = efficiency * (fastest - slowest) + slowest;
      average += weight * weight * ((values[at] as number) - average);
      return average;
    });
  });
}

const fastest = 2 / 3;
const slowest = 2 / 31;
