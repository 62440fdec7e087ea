import { type Line, line } from "../line.ts";
import { checkSession, type Session, sessionOf } from "./session.ts";
import { stepwise } from "./stepwise.ts";
import { typicalPrice } from "./typical-price.ts";

/**
 * Volume-weighted average of the typical price since the session began (00:00 UTC); the typical price until something traded.
 * Source: Berkowitz, Logue and Noser, The Total Cost of Transactions on the NYSE, 1988.
 */
export function sessionVwap(session: Session = "day"): Line {
  checkSession("sessionVwap", session);
  return line([`sessionVwap ${session}`], [typicalPrice(), "volume", "time"], (inputs) => {
    const [price, volume, time] = inputs as [Float64Array, Float64Array, Float64Array];
    let current = Number.NaN;
    let traded = 0;
    let value = 0;
    return stepwise(inputs, (at) => {
      const now = sessionOf(time[at] as number, session);
      if (now !== current) [current, traded, value] = [now, 0, 0];
      traded += volume[at] as number;
      value += (price[at] as number) * (volume[at] as number);
      return traded === 0 ? (price[at] as number) : value / traded;
    });
  });
}
