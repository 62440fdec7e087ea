import { type Line, line } from "../line.ts";
import { combined } from "./combined.ts";
import { rollingSum } from "./rolling-sum.ts";
import { stepwise } from "./stepwise.ts";
import { typicalPrice } from "./typical-price.ts";

/**
 * Money flow index, 0 to 100: the share of the traded value (typical price × volume) that traded on rising typical prices, in the
 * last `length` changes. 50 where nothing traded on a change.
 * Source: Gene Quong and Avrum Soudack, Volume-Weighted RSI: Money Flow, 1989; TA-Lib MFI.
 */
export function mfi(length = 14): Line {
  const up = rollingSum(length, flow(1));
  return combined(["mfi"], up, rollingSum(length, flow(-1)), (rising, falling) =>
    rising + falling === 0 ? 50 : (100 * rising) / (rising + falling),
  );
}

function flow(direction: 1 | -1): Line {
  return line(["mfi flow", direction], [typicalPrice(), "volume"], ([typical, traded]) => {
    const [price, volume] = [typical, traded] as [Float64Array, Float64Array];
    return stepwise([price], (at, first) => {
      if (at === first) return Number.NaN;
      const change = (price[at] as number) - (price[at - 1] as number);
      return change * direction > 0 ? (price[at] as number) * (volume[at] as number) : 0;
    });
  });
}
