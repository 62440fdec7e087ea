import type { Days } from "./daily-equity.ts";
import type { TradedSeries } from "./described-trade.ts";
import type { Measures } from "./measures.ts";
import type { MetricName } from "./metric-conventions.ts";
import { covarianceOf, deviationOf, meanOf } from "./statistics.ts";

const daysPerYear = 365;
const deviationMin = 1e-12;

const ofBoth: readonly MetricName[] = [
  "beta",
  "alpha",
  "correlation",
  "trackingError",
  "informationRatio",
  "treynor",
  "upCapture",
  "downCapture",
];

/** The run against buying and holding: what of it was the market, and what was the strategy. */
export function measureRelative(
  own: Days,
  held: Days,
  traded: readonly TradedSeries[],
  benchmark: Measures,
  measures: Measures,
): void {
  const changes = changesOf(traded);
  const none = changes.length > 0 ? null : "there are no candles";
  measures.setUnless("marketChange", none, () => meanOf(changes));
  const ownShare = measures.metrics.netProfitShare ?? 0;
  measures.set("excessReturn", ownShare - (benchmark.metrics.netProfitShare ?? 0));
  const reason = own.reason ?? held.reason ?? flatReason(held.returns);
  if (reason !== null) measures.leaveOut(ofBoth, reason);
  else measureBoth(own.returns, held.returns, measures);
}

/** From the first to the last close of every market that has candles, as a share. */
export const changesOf = (traded: readonly TradedSeries[]): number[] =>
  traded.flatMap(({ candles: { close } }) => {
    const first = close[0];
    return first === undefined ? [] : [((close.at(-1) ?? first) - first) / first];
  });

const flatReason = (returns: readonly number[]) =>
  deviationOf(returns) < deviationMin ? "the market did not move from day to day" : null;

function measureBoth(own: readonly number[], held: readonly number[], measures: Measures): void {
  const year = Math.sqrt(daysPerYear);
  const deviation = deviationOf(own);
  const heldDeviation = deviationOf(held);
  const beta = covarianceOf(own, held) / (heldDeviation * heldDeviation);
  const excess = own.map((one, day) => one - (held[day] as number));
  const excessDeviation = deviationOf(excess);
  const still = deviation < deviationMin ? "the equity did not move from day to day" : null;
  const noExcess = excessDeviation < deviationMin ? "it moved exactly as the market" : null;
  measures.set("beta", beta);
  measures.set("alpha", (meanOf(own) - beta * meanOf(held)) * daysPerYear);
  measures.setUnless("correlation", still, () => (beta * heldDeviation) / deviation);
  measures.set("trackingError", excessDeviation * year);
  measures.setUnless("informationRatio", noExcess, () => (meanOf(excess) / excessDeviation) * year);
  measures.setUnless(
    "treynor",
    Math.abs(beta) < deviationMin ? "beta is zero" : null,
    () => (meanOf(own) * daysPerYear) / beta,
  );
  measureCapture("upCapture", own, held, 1, measures);
  measureCapture("downCapture", own, held, -1, measures);
}

function measureCapture(
  name: "upCapture" | "downCapture",
  own: readonly number[],
  held: readonly number[],
  sign: 1 | -1,
  measures: Measures,
): void {
  const days = held.flatMap((one, day) => (one * sign > 0 ? [day] : []));
  const mean = (values: readonly number[]) => meanOf(days.map((day) => values[day] as number));
  const reason = days.length > 0 ? null : `the market never ${sign > 0 ? "rose" : "fell"}`;
  measures.setUnless(name, reason, () => mean(own) / mean(held));
}
