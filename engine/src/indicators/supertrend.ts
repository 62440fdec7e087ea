import { type Line, line } from "../line.ts";
import { atr } from "./atr.ts";
import { combined } from "./combined.ts";
import { stepwise } from "./stepwise.ts";
import { medianPrice } from "./typical-price.ts";

/**
 * Supertrend: a stop `multiplier` average true ranges from the median price that only tightens until a close crosses it, then
 * changes sides. `direction` is 1 below the close (up trend) and −1 above it. Begins as a down trend at the first average.
 * Source: Olivier Seban, 2009.
 */
export function supertrend(
  length = 10,
  multiplier = 3,
): Readonly<Record<"line" | "direction", Line>> {
  const stop = line(
    ["supertrend", multiplier],
    [medianPrice(), atr(length), "close"],
    ([medians, ranges, closes]) => {
      const close = closes as Float64Array;
      const [median, range] = [medians, ranges] as [Float64Array, Float64Array];
      let upper = Number.POSITIVE_INFINITY;
      let lower = Number.NEGATIVE_INFINITY;
      let isUp = false;
      const tighten = (middle: number, width: number, before: number) => {
        if (middle + width < upper || before > upper) upper = middle + width;
        if (middle - width > lower || before < lower) lower = middle - width;
      };
      return stepwise([median, range], (at, first) => {
        const before = at === first ? Number.NaN : (close[at - 1] as number);
        const last = close[at] as number;
        tighten(median[at] as number, multiplier * (range[at] as number), before);
        isUp = isUp ? last >= lower : last > upper;
        return isUp ? lower : upper;
      });
    },
  );
  return { line: stop, direction: combined(["supertrend direction"], "close", stop, directionOf) };
}

const directionOf = (close: number, stop: number) =>
  Number.isNaN(stop) ? Number.NaN : close >= stop ? 1 : -1;
