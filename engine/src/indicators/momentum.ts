import { type Line, line, type Source } from "../line.ts";
import { combined } from "./combined.ts";
import { checkLength } from "./lengths.ts";
import { stepwise } from "./stepwise.ts";

/** The value `length` candles ago, as a line. Source: the lag operator of Box and Jenkins, Time Series Analysis, 1970. */
export function delayed(length: number, source: Source = "close"): Line {
  checkLength("delayed", length, 0);
  return line(["delayed", length], [source], ([input]) => {
    const values = input as Float64Array;
    return stepwise([values], (at, first) =>
      at - length < first ? Number.NaN : (values[at - length] as number),
    );
  });
}

/** Change over the last `length` candles. Source: TA-Lib MOM. */
export const momentum = (length = 10, source: Source = "close"): Line =>
  combined(["momentum"], source, delayed(length, source), (now, before) => now - before);

/** Change over the last `length` candles in percent of the value then. Source: TA-Lib ROC. */
export const rateOfChange = (length = 10, source: Source = "close"): Line =>
  combined(["rateOfChange"], source, delayed(length, source), (now, before) =>
    before === 0 ? 0 : 100 * (now / before - 1),
  );
