import { type Line, line } from "../line.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Confirmed zigzag: the price of the last turning point, known only once the close has come back from it by `share` (0.05 is 5 %), so
 * nothing repaints. `high` and `low` are the last confirmed top and bottom. Before either, the first candle is both.
 */
export function zigzag(share = 0.05): Readonly<Record<"high" | "low", Line>> {
  if (!(share > 0 && share < 1)) throw new RangeError("zigzag takes a share above 0 and below 1.");
  return { high: turningPoint(share, 1), low: turningPoint(share, -1) };
}

function turningPoint(share: number, wanted: 1 | -1): Line {
  return line(["zigzag", share, wanted], ["high", "low", "close"], (inputs) => {
    const [high, low, close] = inputs as [Float64Array, Float64Array, Float64Array];
    let direction: 1 | -1 | 0 = 0;
    let top = Number.NEGATIVE_INFINITY;
    let bottom = Number.POSITIVE_INFINITY;
    let confirmed = Number.NaN;
    const turn = (to: 1 | -1, at: number) => {
      if (wanted !== to) confirmed = wanted === 1 ? top : bottom;
      direction = to;
      top = high[at] as number;
      bottom = low[at] as number;
    };
    return stepwise(inputs, (at) => {
      top = Math.max(top, high[at] as number);
      bottom = Math.min(bottom, low[at] as number);
      const last = close[at] as number;
      if (direction !== -1 && last <= top * (1 - share)) turn(-1, at);
      else if (direction !== 1 && last >= bottom * (1 + share)) turn(1, at);
      return confirmed;
    });
  });
}
