import { type Line, line } from "../line.ts";
import { combinedThree } from "./combined.ts";
import { checkSession, type Session, sessionOf } from "./session.ts";
import { stepwise } from "./stepwise.ts";

type Level = "pivot" | "r1" | "s1" | "r2" | "s2" | "tc" | "bc";

/**
 * Pivot levels of the session before, with its closed candles only: `pivot` = (high + low + close) ÷ 3, `r1`, `s1`, `r2`, `s2`, and the central
 * range from `bc` = (high + low) ÷ 2 to `tc` = 2 × pivot − bc. `NaN` in the first session of the data, which may have begun earlier.
 * Source: floor traders' pivots; Frank Ochoa, Secrets of a Pivot Boss, 2010.
 */
export function pivots(session: Session = "day"): Readonly<Record<Level, Line>> {
  checkSession("pivots", session);
  const before = [
    ofSessionBefore(session, "high", Math.max),
    ofSessionBefore(session, "low", Math.min),
    ofSessionBefore(session, "close", (_, last) => last),
  ] as const;
  const level = (name: string, formula: (pivot: number, high: number, low: number) => number) =>
    combinedThree([`pivots ${name}`], before, (high, low, close) =>
      formula((high + low + close) / 3, high, low),
    );
  return {
    pivot: level("pivot", (pivot) => pivot),
    r1: level("r1", (pivot, _, low) => 2 * pivot - low),
    s1: level("s1", (pivot, high) => 2 * pivot - high),
    r2: level("r2", (pivot, high, low) => pivot + (high - low)),
    s2: level("s2", (pivot, high, low) => pivot - (high - low)),
    tc: level("tc", (pivot, high, low) => 2 * pivot - (high + low) / 2),
    bc: level("bc", (_, high, low) => (high + low) / 2),
  };
}

function ofSessionBefore(
  session: Session,
  column: "high" | "low" | "close",
  gather: (gathered: number, value: number) => number,
): Line {
  return line([`pivots ${session}`], [column, "time"], (inputs) => {
    const [values, time] = inputs as [Float64Array, Float64Array];
    let current = Number.NaN;
    let gathered = Number.NaN;
    let before = Number.NaN;
    return stepwise(inputs, (at, first) => {
      const now = sessionOf(time[at] as number, session);
      const value = values[at] as number;
      if (at === first) current = now;
      else if (now !== current) {
        before = gathered;
        current = now;
        gathered = Number.NaN;
      }
      gathered = Number.isNaN(gathered) ? value : gather(gathered, value);
      return before;
    });
  });
}
