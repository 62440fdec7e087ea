import type { Days } from "./daily-equity.ts";
import type { Measures } from "./measures.ts";
import type { MetricName } from "./metric-conventions.ts";
import {
  deviationOf,
  meanOf,
  momentOf,
  normalProbability,
  quantileOf,
  sorted,
  sumOf,
} from "./statistics.ts";

const daysPerYear = 365;
const deviationMin = 1e-12;
const worstShare = 0.05;

const ofDays: readonly MetricName[] = ["twr", "bestDay", "worstDay", "positiveDays"];
const ofSpread: readonly MetricName[] = [
  "volatility",
  "sharpe",
  "probabilisticSharpe",
  "sortino",
  "omega",
  "skewness",
  "kurtosis",
  "tailRatio",
  "valueAtRisk95",
  "valueAtRisk99",
  "conditionalValueAtRisk95",
  "serenity",
];

/** What daily returns say: their ratios, their shape and their tails. */
export function measureReturns(days: Days, measures: Measures): void {
  const { returns, reason } = days;
  if (reason !== null) {
    measures.leaveOut([...ofDays, ...ofSpread], reason);
    return;
  }
  const rising = sorted(returns);
  measures.set("twr", returns.reduce((product, one) => product * (1 + one), 1) - 1);
  measures.set("bestDay", rising.at(-1) as number);
  measures.set("worstDay", rising[0] as number);
  measures.set("positiveDays", returns.filter((one) => one > 0).length / returns.length);
  const deviation = deviationOf(returns);
  if (deviation < deviationMin) {
    measures.leaveOut(ofSpread, "the equity did not move from day to day");
    return;
  }
  measureRatios(returns, deviation, measures);
  measureShape(returns, deviation, measures);
  measureTails(rising, measures);
  measureSerenity(days, deviation, measures);
}

function measureRatios(returns: readonly number[], deviation: number, measures: Measures): void {
  const year = Math.sqrt(daysPerYear);
  const mean = meanOf(returns);
  const losses = returns.map((one) => Math.min(0, one));
  const downside = Math.sqrt(sumOf(losses.map((one) => one * one)) / returns.length);
  const noLoss = downside < deviationMin ? "no day lost" : null;
  measures.set("volatility", deviation * year);
  measures.set("sharpe", (mean / deviation) * year);
  measures.setUnless("sortino", noLoss, () => (mean / downside) * year);
  measures.setUnless(
    "omega",
    noLoss,
    () => sumOf(returns.map((one) => Math.max(0, one))) / -sumOf(losses),
  );
}

function measureShape(returns: readonly number[], deviation: number, measures: Measures): void {
  const variance = momentOf(returns, 2);
  const skewness = momentOf(returns, 3) / (variance * Math.sqrt(variance));
  const kurtosis = momentOf(returns, 4) / (variance * variance);
  const sharpe = meanOf(returns) / deviation;
  const spread = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  measures.set("skewness", skewness);
  measures.set("kurtosis", kurtosis);
  measures.setUnless(
    "probabilisticSharpe",
    spread > 0 ? null : "the returns are too lopsided",
    () => normalProbability((sharpe * Math.sqrt(returns.length - 1)) / Math.sqrt(spread)),
  );
}

function measureTails(rising: Float64Array, measures: Measures): void {
  const low = quantileOf(rising, worstShare);
  const worst = rising.filter((one) => one <= low);
  measures.setUnless(
    "tailRatio",
    low < 0 ? null : "the worst days did not lose",
    () => Math.abs(quantileOf(rising, 1 - worstShare)) / -low,
  );
  measures.set("valueAtRisk95", -low);
  measures.set("valueAtRisk99", -quantileOf(rising, 0.01));
  measures.set("conditionalValueAtRisk95", -meanOf(worst));
}

function measureSerenity({ equity, returns }: Days, deviation: number, measures: Measures): void {
  let peak = equity[0] as number;
  const falls = equity.slice(1).map((value) => {
    peak = Math.max(peak, value);
    return 1 - value / peak;
  });
  const rising = sorted(falls);
  const high = quantileOf(rising, 1 - worstShare);
  const pitfall = meanOf(rising.filter((one) => one >= high)) / deviation;
  const ulcer = Math.sqrt(sumOf(falls.map((one) => one * one)) / falls.length);
  measures.setUnless(
    "serenity",
    ulcer * pitfall > deviationMin ? null : "no day ended below an earlier one",
    () => sumOf(returns) / (ulcer * pitfall),
  );
}
