import { type Line, line } from "../line.ts";
import { combined } from "./combined.ts";
import { rollingSum } from "./rolling-sum.ts";
import { stepwise } from "./stepwise.ts";

/** Accumulation and distribution: the running total of `moneyFlowVolume`. Source: Marc Chaikin; TA-Lib AD. */
export function accumulationDistribution(): Line {
  return line(["accumulationDistribution"], [moneyFlowVolume()], ([flow]) => {
    const flows = flow as Float64Array;
    let total = 0;
    return stepwise([flows], (at) => {
      total += flows[at] as number;
      return total;
    });
  });
}

/**
 * Chaikin money flow, −1 to 1: money flow volume over volume, both summed over `length` candles; 0 where nothing traded.
 * Source: Marc Chaikin; pandas-ta cmf.
 */
export const chaikinMoneyFlow = (length = 20): Line =>
  combined(
    ["chaikinMoneyFlow"],
    rollingSum(length, moneyFlowVolume()),
    rollingSum(length, "volume"),
    (flow, volume) => (volume === 0 ? 0 : flow / volume),
  );

/** Volume, weighted from −1 to 1 by where the close lies between low and high; 0 where the candle has no range. */
function moneyFlowVolume(): Line {
  return line(["moneyFlowVolume"], ["high", "low", "close", "volume"], (inputs) => {
    const [high, low, close, volume] = inputs as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return stepwise(inputs, (at) => {
      const [most, least] = [high[at] as number, low[at] as number];
      const last = close[at] as number;
      const place = most === least ? 0 : (last - least - (most - last)) / (most - least);
      return place * (volume[at] as number);
    });
  });
}
