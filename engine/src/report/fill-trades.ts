import { heldAfter } from "../held-after.ts";
import type { EngineTrade, Fill } from "../result.ts";

/** The fills of several markets name theirs. */
export type NamedFill = Fill & Readonly<{ market?: string }>;

/** What a fill did to the trades, by their places in the list; −1 for none. One that turned a position did both. */
export type FillTrades = Readonly<{
  enters: number;
  leaves: number;
  /** How much of it left a trade. */
  out: number;
}>;

/** One market on the way through its fills: how much is held, and its trades from the one that is open or comes next. */
type Way = { held: number; next: number; readonly trades: readonly number[] };

/** Goes through the fills of a run and says of each what it did to the trades. */
export function passFills(
  trades: readonly EngineTrade[],
  fills: readonly NamedFill[],
  visit: (fill: NamedFill, did: FillTrades) => void,
): void {
  const ways = waysOf(trades);
  const only = trades[0]?.market ?? "";
  for (const fill of fills) {
    const way = ways.get(fill.market ?? only);
    if (way) visit(fill, pass(way, fill));
  }
}

/** Places of the trades in the list by market, in the order they began. */
function waysOf(trades: readonly EngineTrade[]): ReadonlyMap<string, Way> {
  const places = Map.groupBy(trades.keys(), (place) => (trades[place] as EngineTrade).market);
  return new Map([...places].map(([market, own]) => [market, { held: 0, next: 0, trades: own }]));
}

function pass(way: Way, { side, quantity }: Fill): FillTrades {
  const change = side === "buy" ? quantity : -quantity;
  const isExit = way.held !== 0 && way.held > 0 !== change > 0;
  const out = isExit ? Math.min(quantity, Math.abs(way.held)) : 0;
  const leaves = isExit ? (way.trades[way.next] ?? -1) : -1;
  way.held = heldAfter(way.held, change);
  const isTurned = isExit && way.held !== 0 && way.held > 0 === change > 0;
  if (isTurned || (isExit && way.held === 0)) way.next++;
  const enters = isTurned || !isExit ? (way.trades[way.next] ?? -1) : -1;
  return { enters, leaves, out };
}
