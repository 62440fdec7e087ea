import type { Columns } from "./columns.ts";
import { countFills, type FillTable } from "./described-fill.ts";
import type { EngineTrade } from "./result.ts";

/** A trade with what its fills and the data say about it. */
export type DescribedTrade = EngineTrade &
  Readonly<{
    /** How many fills entered and left it: its prices are their averages. */
    entries: number;
    exits: number;
    /** A gap in the data lies inside the trade, or right before its entry or exit. */
    touchedGap: boolean;
  }>;

/** Candles in which trades were made: those of one market. */
export type TradedSeries = Readonly<{ symbol: string; candles: Columns; lengthMs: number }>;

/** Says of each trade how many fills it had, and whether it touched a gap of its market. */
export function describeTrades(
  trades: readonly EngineTrade[],
  fills: FillTable,
  traded: readonly TradedSeries[],
): DescribedTrade[] {
  const gaps = new Map(
    traded.map(({ symbol, candles, lengthMs }) => [symbol, gapEnds(candles.time, lengthMs)]),
  );
  const { entries, exits } = countFills(fills, trades);
  return trades.map((trade, i) => {
    const ends = gaps.get(trade.market) ?? [];
    const touchedGap = countUpTo(ends, trade.exitAt) > countUpTo(ends, trade.entryAt - 1);
    return { ...trade, entries: entries[i] as number, exits: exits[i] as number, touchedGap };
  });
}

type Gaps = Readonly<{ lengthMs: number; ends: readonly number[] }>;

const known = new WeakMap<Float64Array, Gaps>();

/** Open times of the candles before which others are missing; looked for once, because columns never change. */
function gapEnds(time: Float64Array, lengthMs: number): readonly number[] {
  const found = known.get(time);
  if (found?.lengthMs === lengthMs) return found.ends;
  const ends = findGapEnds(time, lengthMs);
  known.set(time, { lengthMs, ends });
  return ends;
}

function findGapEnds(time: Float64Array, lengthMs: number): number[] {
  const ends: number[] = [];
  for (let i = 1; i < time.length; i++) {
    if ((time[i] as number) - (time[i - 1] as number) > lengthMs) ends.push(time[i] as number);
  }
  return ends;
}

/** How many of some rising numbers are at most `limit`. */
export function countUpTo(rising: ArrayLike<number>, limit: number): number {
  let from = 0;
  let to = rising.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rising[middle] as number) <= limit) from = middle + 1;
    else to = middle;
  }
  return from;
}
