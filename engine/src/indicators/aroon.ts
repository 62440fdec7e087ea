import { type Line, line } from "../line.ts";
import { combined } from "./combined.ts";
import { highest, lowest } from "./extremes.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Aroon: how recent the highest high (`up`) and lowest low (`down`) of the last `length` + 1 candles are, 100 for now and 0 for
 * `length` ago; of equals the newest counts. `oscillator` is up less down.
 * Source: Tushar Chande, A Time Price Oscillator, 1995; TA-Lib AROON, AROONOSC.
 */
export function aroon(length = 14): Readonly<Record<"up" | "down" | "oscillator", Line>> {
  const up = recency(length, "high", highest(length + 1));
  const down = recency(length, "low", lowest(length + 1));
  return { up, down, oscillator: combined(["aroon oscillator"], up, down, (a, b) => a - b) };
}

function recency(length: number, column: "high" | "low", extreme: Line): Line {
  return line(["aroon", length], [column, extreme], ([columns, extremes]) => {
    const [values, best] = [columns, extremes] as [Float64Array, Float64Array];
    let last = -1;
    return stepwise([best], (at, first) => {
      if (at === first || values[at] === best[at] || last < at - length) {
        last = at;
        while (values[last] !== best[at]) last--;
      }
      return (100 * (length - (at - last))) / length;
    });
  });
}
