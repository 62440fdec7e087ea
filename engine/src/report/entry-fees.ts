import { heldAfter } from "../held-after.ts";
import type { EngineTrade, Fill } from "../result.ts";

/** The fills of several markets name theirs. */
type NamedFill = Fill & Readonly<{ market?: string }>;

/** One market on the way through its fills: how much is held, and its trades from the one that is open or comes next. */
type Way = { held: number; next: number; readonly trades: readonly number[] };

/** What every trade paid in fees to get in; the rest of its fees it paid to get out. */
export function entryFeesOf(trades: readonly EngineTrade[], fills: readonly Fill[]): number[] {
  const fees = trades.map(() => 0);
  const ways = waysOf(trades);
  for (const fill of fills) {
    const way = ways.get((fill as NamedFill).market ?? trades[0]?.market ?? "");
    if (way) pass(way, fill, fees);
  }
  return fees;
}

/** Places of the trades in the list by market, in the order they began. */
function waysOf(trades: readonly EngineTrade[]): ReadonlyMap<string, Way> {
  const places = Map.groupBy(trades.keys(), (place) => (trades[place] as EngineTrade).market);
  return new Map([...places].map(([market, own]) => [market, { held: 0, next: 0, trades: own }]));
}

function pass(way: Way, { side, quantity, fee }: Fill, fees: number[]): void {
  const change = side === "buy" ? quantity : -quantity;
  const isExit = way.held !== 0 && way.held > 0 !== change > 0;
  const out = isExit ? Math.min(quantity, Math.abs(way.held)) : 0;
  way.held = heldAfter(way.held, change);
  if (isExit && (way.held === 0 || way.held > 0 === change > 0)) way.next++;
  const trade = way.trades[way.next];
  if (trade !== undefined)
    fees[trade] = (fees[trade] as number) + (fee * (quantity - out)) / quantity;
}
