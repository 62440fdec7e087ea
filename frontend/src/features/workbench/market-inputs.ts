import type { SeriesDetail } from "@trading/contracts/market-data";
import type { Timeframe } from "@trading/contracts/timeframes";
import type { MarketRules } from "@trading/engine";
import type { WorkbenchState } from "./state.ts";

/** What to ask for of a series. */
export const rangeOf = ({ from, to }: WorkbenchState, timeframe: Timeframe) => ({
  timeframe,
  from: from ?? undefined,
  to: to ?? undefined,
});

/** The rules a run rounds by; a series without a known market rounds nothing. */
export function rulesOf(symbol: string, market: SeriesDetail["market"]): MarketRules {
  const { tick = null, lot = null, notionalMin = null } = market ?? {};
  return { symbol, tick, lot, notionalMin };
}
