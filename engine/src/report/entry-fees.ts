import type { EngineTrade, Fill } from "../result.ts";
import { passFills } from "./fill-trades.ts";

/** What every trade paid in fees to get in; the rest of its fees it paid to get out. */
export function entryFeesOf(trades: readonly EngineTrade[], fills: readonly Fill[]): number[] {
  const fees = trades.map(() => 0);
  passFills(trades, fills, ({ fee, quantity }, { enters, out }) => {
    if (enters >= 0) fees[enters] = (fees[enters] as number) + (fee * (quantity - out)) / quantity;
  });
  return fees;
}
