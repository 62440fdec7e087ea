import { Line } from "./line.ts";

/** Something that lines alone tell of a candle, so that the engine can find the candles on which it holds by itself. */
export type Condition = Readonly<{ kind: "crosses"; line: Line; other: Line | number }>;

/**
 * Holds on candles on which the line crosses the other, or a number, in either direction: exactly where `crossesAbove` or
 * `crossesBelow` does.
 */
export function crosses(line: Line, other: Line | number): Condition {
  if (line instanceof Line && (other instanceof Line || typeof other === "number"))
    return Object.freeze({ kind: "crosses", line, other });
  throw new TypeError("crosses takes a line of an indicator, then another or a number.");
}
