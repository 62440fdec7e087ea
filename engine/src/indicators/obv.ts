import { type Line, line } from "../line.ts";
import { stepwise } from "./stepwise.ts";

/**
 * On-balance volume: volume added where the close rose and taken away where it fell; begins with the volume of the first candle.
 * Source: Joseph Granville, New Key to Stock Market Profits, 1963; TA-Lib OBV.
 */
export function obv(): Line {
  return line(["obv"], ["close", "volume"], ([closes, volumes]) => {
    const [close, volume] = [closes, volumes] as [Float64Array, Float64Array];
    let total = 0;
    return stepwise([close], (at, first) => {
      const change = at === first ? 1 : (close[at] as number) - (close[at - 1] as number);
      total += Math.sign(change) * (volume[at] as number);
      return total;
    });
  });
}
