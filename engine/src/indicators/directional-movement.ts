import { type Line, line } from "../line.ts";
import { trueRange } from "./atr.ts";
import { combined } from "./combined.ts";
import { wilder } from "./ema.ts";
import { checkLength } from "./lengths.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Directional movement, each 0 to 100: how much of the range went up (`plus`) and down (`minus`), and how strong a trend that makes
 * (`adx`). 0 where nothing moved. Movement and range are summed over the first `length` − 1 changes and decay by 1 ÷ `length` from
 * then on; `adx` is seeded with the mean of its first `length` values.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib PLUS_DI, MINUS_DI, ADX.
 */
export function directionalMovement(length = 14): Readonly<Record<"plus" | "minus" | "adx", Line>> {
  checkLength("directionalMovement", length, 2);
  const range = decaying(length, trueRange());
  const share = (moved: number, ranged: number) => (ranged === 0 ? 0 : (100 * moved) / ranged);
  const plus = combined(["directionalMovement"], decaying(length, movement(1)), range, share);
  const minus = combined(["directionalMovement"], decaying(length, movement(-1)), range, share);
  const strength = combined(["directionalMovement strength"], plus, minus, (up, down) =>
    up + down === 0 ? 0 : (100 * Math.abs(up - down)) / (up + down),
  );
  return { plus, minus, adx: wilder(length, strength) };
}

/** How far the candle went beyond the one before it, where it went further that way than the other. */
function movement(direction: 1 | -1): Line {
  return line(["movement", direction], ["high", "low"], ([highs, lows]) => {
    const [high, low] = [highs, lows] as [Float64Array, Float64Array];
    return stepwise([high, low], (at, first) => {
      if (at === first) return Number.NaN;
      const up = (high[at] as number) - (high[at - 1] as number);
      const down = (low[at - 1] as number) - (low[at] as number);
      const [mine, other] = direction === 1 ? [up, down] : [down, up];
      return mine > 0 && mine > other ? mine : 0;
    });
  });
}

function decaying(length: number, source: Line): Line {
  return line(["decaying", length], [source], ([input]) => {
    const values = input as Float64Array;
    let sum = 0;
    return stepwise([values], (at, first) => {
      const seen = at - first + 1;
      sum += (values[at] as number) - (seen < length ? 0 : sum / length);
      return seen < length ? Number.NaN : sum;
    });
  });
}
