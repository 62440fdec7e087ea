import { Line, lineOnHigher } from "../line.ts";

type Group = Readonly<Record<string, Line>>;

/**
 * An indicator, or a group of them, on a higher timeframe: `higher("4h", macd())`. Its candles are made of those of the run,
 * and only closed ones count: until the next one closes, it keeps the value of the last.
 * Source: the indicator's own, over the candles of `resample`.
 */
export function higher<Indicator extends Line | Group>(
  timeframe: string,
  indicator: Indicator,
): Indicator {
  const made =
    indicator instanceof Line
      ? lineOnHigher(timeframe, indicator)
      : Object.fromEntries(
          Object.entries(indicator).map(([name, line]) => [name, lineOnHigher(timeframe, line)]),
        );
  // A line becomes a line, and a group one with the same names.
  return made as Indicator;
}
