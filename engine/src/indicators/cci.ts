import { type Line, line } from "../line.ts";
import { checkLength } from "./lengths.ts";
import { sma } from "./sma.ts";
import { stepwise } from "./stepwise.ts";
import { typicalPrice } from "./typical-price.ts";

/**
 * Commodity channel index: distance of the typical price from its simple average, over 0.015 mean absolute deviations.
 * 0 where nothing moved. The deviation is from the newest mean, so a candle costs `length` steps.
 * Source: Donald Lambert, Commodity Channel Index, 1980; TA-Lib CCI.
 */
export function cci(length = 20): Line {
  checkLength("cci", length, 2);
  const typical = typicalPrice();
  return line(["cci", length], [typical, sma(length, typical)], ([prices, means]) => {
    const [values, averages] = [prices, means] as [Float64Array, Float64Array];
    return stepwise([averages], (at) => {
      const mean = averages[at] as number;
      let deviation = 0;
      for (let i = at - length + 1; i <= at; i++)
        deviation += Math.abs((values[i] as number) - mean);
      const distance = (values[at] as number) - mean;
      return deviation === 0 ? 0 : distance / ((0.015 * deviation) / length);
    });
  });
}
