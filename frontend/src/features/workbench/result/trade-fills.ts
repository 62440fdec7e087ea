import { type DescribedFill, type FillTable, fillsIn } from "@trading/engine";
import type { RunTrade } from "./shown.ts";

/** Whether a trade has more than one entry or more than one exit: its averages hide them. */
export const isOfSeveral = ({ entries, exits }: Pick<RunTrade, "entries" | "exits">): boolean =>
  (entries ?? 0) > 1 || (exits ?? 0) > 1;

/** The fills of such trades, by the number of the trade; one that turns a position belongs to two. */
export function hiddenFills(
  trades: readonly RunTrade[],
  fills: FillTable | null,
): ReadonlyMap<number, readonly DescribedFill[]> {
  const found = new Map<number, DescribedFill[]>();
  for (const trade of trades) if (isOfSeveral(trade)) found.set(trade.number, []);
  if (fills === null || found.size === 0) return new Map();
  for (const fill of fillsIn(fills))
    for (const number of [fill.leaves, fill.enters]) found.get(number ?? 0)?.push(fill);
  return found;
}
