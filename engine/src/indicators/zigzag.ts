import { type Line, line } from "../line.ts";
import { stepwise } from "./stepwise.ts";

/**
 * Confirmed zigzag: tops and bottoms in turns, each the highest high or the lowest low of all candles after the turning point before
 * it (of equals the newest). It counts once a close has come back from it by `share` (0.05 is 5 %), and never changes then: nothing
 * repaints. `high` and `low` are the last confirmed top and bottom, `NaN` before. The first of all is the one that is confirmed first, a
 * top where one close confirms both. A close that confirms costs as many steps as candles lie after the turning point.
 * Source: Arthur Merrill, Filtered Waves, 1977; confirmed by closes, where charting programs redraw the last leg.
 */
export function zigzag(share = 0.05): Readonly<Record<"high" | "low", Line>> {
  if (!(share > 0 && share < 1)) throw new RangeError("zigzag takes a share above 0 and below 1.");
  return { high: turningPoint(share, 1), low: turningPoint(share, -1) };
}

function turningPoint(share: number, wanted: Kind): Line {
  return line(["zigzag", share, wanted], ["high", "low", "close"], (inputs) => {
    const [high, low, close] = inputs as [Float64Array, Float64Array, Float64Array];
    const since = new Extremes(high, low);
    let before: Kind | 0 = 0;
    let confirmed = Number.NaN;
    /** What this close confirms: a top, a bottom or nothing. Two of a kind never follow each other. */
    const turnAt = (last: number): Kind | 0 => {
      if (before !== 1 && last <= since.top * (1 - share)) return 1;
      return before !== -1 && last >= since.bottom * (1 + share) ? -1 : 0;
    };
    return stepwise(inputs, (at) => {
      since.include(at);
      const last = close[at] as number;
      for (let turn = turnAt(last); turn !== 0; turn = turnAt(last)) {
        if (turn === wanted) confirmed = turn === 1 ? since.top : since.bottom;
        before = turn;
        since.restartAfter(turn, at);
      }
      return confirmed;
    });
  });
}

/** A top or a bottom. */
type Kind = 1 | -1;

/** The highest high and the lowest low of the candles after a turning point; of equals the newest. */
class Extremes {
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  #topAt = -1;
  #bottomAt = -1;
  top = Number.NEGATIVE_INFINITY;
  bottom = Number.POSITIVE_INFINITY;

  constructor(high: Float64Array, low: Float64Array) {
    this.#high = high;
    this.#low = low;
  }

  include(at: number): void {
    const [high, low] = [this.#high[at] as number, this.#low[at] as number];
    if (high >= this.top) [this.top, this.#topAt] = [high, at];
    if (low <= this.bottom) [this.bottom, this.#bottomAt] = [low, at];
  }

  /** Begins anew with the candles after a turn up to this one, which may be none. */
  restartAfter(turn: Kind, to: number): void {
    const turnedAt = turn === 1 ? this.#topAt : this.#bottomAt;
    this.top = Number.NEGATIVE_INFINITY;
    this.bottom = Number.POSITIVE_INFINITY;
    for (let at = turnedAt + 1; at <= to; at++) this.include(at);
  }
}
