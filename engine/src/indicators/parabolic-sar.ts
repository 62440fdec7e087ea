import { type Line, line } from "../line.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Parabolic stop and reverse: a stop that follows a trend ever faster (`step` more for each new extreme, at most `most`) and
 * changes sides when it is touched. Begins at the second candle: down where the low fell by more than the high rose.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib SAR.
 */
export function parabolicSar(step = 0.02, most = 0.2): Line {
  if (!(step > 0 && most >= step)) {
    throw new RangeError("parabolicSar takes a step above 0 and a maximum not below it.");
  }
  return line(["parabolicSar", step, most], ["high", "low"], ([highs, lows]) => {
    const [high, low] = [highs, lows] as [Float64Array, Float64Array];
    let isLong = true;
    let stop = 0;
    let extreme = 0;
    let speed = step;
    /** The candle before, which the first step takes for this one, as TA-Lib does. */
    let before = 0;
    const begin = (at: number) => {
      const rise = (high[at] as number) - (high[at - 1] as number);
      const fall = (low[at - 1] as number) - (low[at] as number);
      isLong = !(fall > 0 && fall > rise);
      extreme = (isLong ? high[at] : low[at]) as number;
      stop = (isLong ? low[at - 1] : high[at - 1]) as number;
    };
    /** Never inside this candle or the one before. */
    const kept = (at: number, price: number) =>
      isLong
        ? Math.min(price, low[before] as number, low[at] as number)
        : Math.max(price, high[before] as number, high[at] as number);
    const turn = (at: number) => {
      isLong = !isLong;
      const side = isLong ? low : high;
      const worst = isLong ? Math.min : Math.max;
      const turned = worst(extreme, side[before] as number, side[at] as number);
      speed = step;
      extreme = (isLong ? high[at] : low[at]) as number;
      stop = kept(at, turned + speed * (extreme - turned));
      return turned;
    };
    const follow = (at: number) => {
      const reached = stop;
      const best = (isLong ? high[at] : low[at]) as number;
      if (isLong ? best > extreme : best < extreme) {
        extreme = best;
        speed = Math.min(most, speed + step);
      }
      stop = kept(at, stop + speed * (extreme - stop));
      return reached;
    };
    return stepwise([high, low], (at, first) => {
      if (at === first) return Number.NaN;
      if (at === first + 1) begin(at);
      before = at === first + 1 ? at : at - 1;
      const isTouched = isLong ? (low[at] as number) <= stop : (high[at] as number) >= stop;
      return isTouched ? turn(at) : follow(at);
    });
  });
}
