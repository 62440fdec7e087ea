import type { Measures } from "./measures.ts";
import type { MetricName } from "./metric-conventions.ts";
import type { EngineTrade } from "./result.ts";
import { meanOf, sumOf } from "./statistics.ts";

const ofAny: readonly MetricName[] = [
  "averageMae",
  "worstMae",
  "averageMfe",
  "bestMfe",
  "edgeRatio",
  "endTradeDrawdown",
  "exitEfficiency",
];

/** How far closed trades went for and against the position while they were open. */
export function measureExcursions(closed: readonly EngineTrade[], measures: Measures): void {
  if (closed.length === 0) {
    measures.leaveOut(ofAny, "no trade was closed");
    return;
  }
  const notional = ({ entryPrice, quantity }: EngineTrade) => entryPrice * quantity;
  const worst = closed.map((trade) => trade.mae / notional(trade));
  const best = closed.map((trade) => trade.mfe / notional(trade));
  const adverse = sumOf(closed.map((trade) => -trade.mae));
  const favourable = sumOf(closed.map((trade) => trade.mfe));
  const profit = sumOf(closed.map((trade) => trade.pnl));
  measures.set("averageMae", meanOf(worst));
  measures.set(
    "worstMae",
    worst.reduce((a, b) => Math.min(a, b)),
  );
  measures.set("averageMfe", meanOf(best));
  measures.set(
    "bestMfe",
    best.reduce((a, b) => Math.max(a, b)),
  );
  measures.set("endTradeDrawdown", (favourable - profit) / closed.length);
  measures.setUnless(
    "edgeRatio",
    adverse > 0 ? null : "no trade went against the position",
    () => favourable / adverse,
  );
  measures.setUnless(
    "exitEfficiency",
    favourable > 0 ? null : "no trade went for the position",
    () => profit / favourable,
  );
}
