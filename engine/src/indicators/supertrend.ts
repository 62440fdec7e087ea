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
  const stop = line([medianPrice(), atr(length), "close"], ([medians, ranges, closes]) => {
    const [median, range, close] = [medians, ranges, closes] as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    let upper = Number.POSITIVE_INFINITY;
    let lower = Number.NEGATIVE_INFINITY;
    let isUp = false;
    return stepwise([median, range], (at, first) => {
      const before = at === first ? Number.NaN : (close[at - 1] as number);
      const width = multiplier * (range[at] as number);
      const above = (median[at] as number) + width;
      const below = (median[at] as number) - width;
      if (above < upper || before > upper) upper = above;
      if (below > lower || before < lower) lower = below;
      isUp = isUp ? (close[at] as number) >= lower : (close[at] as number) > upper;
      return isUp ? lower : upper;
    });
  });
  return { line: stop, direction: combined("close", stop, directionOf) };
}

const directionOf = (close: number, stop: number) =>
  Number.isNaN(stop) ? Number.NaN : close >= stop ? 1 : -1;
