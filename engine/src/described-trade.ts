import type { EngineTrade } from "./result.ts";

/** A trade with what the data say about it. */
export type DescribedTrade = EngineTrade &
  Readonly<{
    /** A gap in the data lies inside the trade, or right before its entry or exit. */
    touchedGap: boolean;
  }>;

/** Says of each trade whether it touched a gap. */
export function markGaps(
  trades: readonly EngineTrade[],
  time: Float64Array,
  lengthMs: number,
): DescribedTrade[] {
  const afterGap: number[] = [];
  for (let i = 1; i < time.length; i++) {
    if ((time[i] as number) - (time[i - 1] as number) > lengthMs) afterGap.push(i);
  }
  return trades.map((trade) => ({
    ...trade,
    touchedGap: countBelow(afterGap, trade.exitIndex + 1) > countBelow(afterGap, trade.entryIndex),
  }));
}

/** How many of some rising numbers lie below `limit`. */
function countBelow(rising: readonly number[], limit: number): number {
  let from = 0;
  let to = rising.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rising[middle] as number) < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}
