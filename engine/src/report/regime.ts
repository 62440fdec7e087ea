import type { Columns } from "../columns.ts";
import type { TradedSeries } from "../described-trade.ts";
import { pieceLength } from "../piece.ts";
import type { EngineTrade } from "../result.ts";

/** How the market was when a trade began, in the order in which reports list it. */
export const regimes = [
  "up low",
  "up middle",
  "up high",
  "down low",
  "down middle",
  "down high",
  "unknown",
] as const;
export type Regime = (typeof regimes)[number];

/** How a regime is told, to stand beside its groups. */
export const regimeConvention =
  "As known when the candle of the entry opened. Trend: up where the average of 200 closes rose on the last candle, that is where its close lies above the one 200 candles before, else down. Volatility: ATR (14, Wilder) as a share of the close, low, middle or high as it stands in the lowest, middle or highest third of its 200 values before. Unknown within the first 214 candles.";

const window = 200;
const atrLength = 14;

/** Tells the regime in which each trade began. */
export function regimesOf(traded: readonly TradedSeries[]): (trade: EngineTrade) => Regime {
  const markets = new Map(traded.map(({ symbol, candles }) => [symbol, candles]));
  return ({ market, entryAt }) => {
    const candles = markets.get(market);
    return candles === undefined ? "unknown" : regimeAt(candles, rowAt(candles.time, entryAt) - 1);
  };
}

/** The regime at the close of the candle `index`. */
export function regimeAt(candles: Columns, index: number): Regime {
  if (index < window + atrLength) return "unknown";
  const { close } = candles;
  const trend = (close[index] as number) > (close[index - window] as number) ? "up" : "down";
  const shares = atrSharesOf(candles);
  const own = shares[index] as number;
  let below = 0;
  // Added without a branch, which would be guessed wrong half of the time.
  for (let i = index - window; i < index; i++) below += Number((shares[i] as number) < own);
  const third = below / window;
  return `${trend} ${third < 1 / 3 ? "low" : third < 2 / 3 ? "middle" : "high"}`;
}

const known = new WeakMap<Columns, Float64Array>();

/** Average true range over the close of every candle; computed once, because columns never change. */
function atrSharesOf(candles: Columns): Float64Array {
  const found = known.get(candles);
  if (found) return found;
  const shares = new Float64Array(candles.close.length).fill(Number.NaN);
  let atr = 0;
  // Piece by piece, as all long loops: V8 enters one over a whole year in its middle.
  for (let from = 1; from < shares.length; from += pieceLength)
    atr = continueShares(candles, shares, from, atr);
  known.set(candles, shares);
  return shares;
}

/** Wilder's average, seeded with the mean of its first values. */
function continueShares(
  { high, low, close }: Columns,
  shares: Float64Array,
  from: number,
  before: number,
): number {
  let atr = before;
  const to = Math.min(from + pieceLength, shares.length);
  for (let i = from; i < to; i++) {
    const last = close[i - 1] as number;
    const range = Math.max(high[i] as number, last) - Math.min(low[i] as number, last);
    atr = i <= atrLength ? atr + range / atrLength : atr + (range - atr) / atrLength;
    if (i >= atrLength) shares[i] = atr / (close[i] as number);
  }
  return atr;
}

/** The row that opens at a time; the one before which it would stand where there is none. */
function rowAt(time: Float64Array, at: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
