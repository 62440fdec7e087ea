import { type Line, line } from "../line.ts";
import { trueRange } from "./atr.ts";
import { combinedThree } from "./combined.ts";
import { rollingSum } from "./rolling-sum.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Ultimate oscillator, 0 to 100: buying pressure over true range in three windows, weighted 4, 2 and 1.
 * Source: Larry Williams, The Ultimate Oscillator, 1985; TA-Lib ULTOSC.
 */
export function ultimateOscillator(short = 7, middle = 14, long = 28): Line {
  const range = trueRange();
  const pressure = buyingPressure();
  const share = (length: number) =>
    combinedThree(
      ["ultimateOscillator share"],
      [rollingSum(length, pressure), rollingSum(length, range), "close"],
      (bought, ranged) => (ranged === 0 ? 0 : bought / ranged),
    );
  return combinedThree(
    ["ultimateOscillator"],
    [share(short), share(middle), share(long)],
    (one, two, three) => (100 * (4 * one + 2 * two + three)) / 7,
  );
}

function buyingPressure(): Line {
  return line(["buyingPressure"], ["close", "low"], ([closes, lows]) => {
    const [close, low] = [closes, lows] as [Float64Array, Float64Array];
    return stepwise([close], (at) => {
      const before = at > 0 ? (close[at - 1] as number) : Number.NaN;
      return (close[at] as number) - Math.min(low[at] as number, before);
    });
  });
}
