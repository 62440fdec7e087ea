import { dailyEquity, returnsOf } from "./daily-equity.ts";
import { pow } from "./mathematics.ts";
import type { Measures } from "./measures.ts";
import type { MetricName } from "./metric-conventions.ts";
import { deviationOf, meanOf, sumOf } from "./statistics.ts";

const dayMs = 86_400_000;
const daysPerYear = 365;
const daysMin = 14;
const daysSure = 90;
const deviationMin = 1e-12;

/** An equity curve with its times; strategies and benchmarks are measured alike. */
export type EquityCurve = Readonly<{
  time: Float64Array;
  equity: Float64Array;
  capital: number;
  timeframeMs: number;
}>;

/** Days from the open of the first candle to the close of the last. */
export function daysOf({ time, timeframeMs }: Pick<EquityCurve, "time" | "timeframeMs">): number {
  return time.length === 0
    ? 0
    : ((time.at(-1) as number) + timeframeMs - (time[0] as number)) / dayMs;
}

/** Why figures per day or year would say nothing; null when they do. */
export function daysReason(days: number): string | null {
  return days < daysMin
    ? `needs at least ${daysMin} days; there are ${Math.floor(days * 10) / 10}`
    : null;
}

/** Profit, growth, drawdown and the ratios of daily returns. */
export function measureEquity(curve: EquityCurve, measures: Measures): void {
  const { capital, equity } = curve;
  const final = equity.at(-1) ?? capital;
  measures.set("finalEquity", final);
  measures.set("netProfit", final - capital);
  measures.set("netProfitShare", (final - capital) / capital);
  measureGrowth(curve, final, measures);
  measureReturns(curve, measures);
  measureDrawdown(curve, measures);
  measureRecovery(measures);
}

function measureGrowth(curve: EquityCurve, final: number, measures: Measures): void {
  const days = daysOf(curve);
  const reason = daysReason(days) ?? (final > 0 ? null : "the equity fell to zero or below");
  measures.setUnless("cagr", reason, () => pow(final / curve.capital, daysPerYear / days) - 1);
  if (reason === null && days < daysSure) {
    measures.setWith(
      "cagr",
      measures.metrics.cagr ?? Number.NaN,
      `extrapolated from ${Math.floor(days)} days`,
    );
  }
}

const dailyRatios: readonly MetricName[] = ["volatility", "sharpe", "sortino", "omega"];

function measureReturns(curve: EquityCurve, measures: Measures): void {
  const { time, equity, timeframeMs, capital } = curve;
  const daily = dailyEquity(time, equity, timeframeMs, capital);
  const isRuined = daily.some((value) => value <= 0);
  const reason =
    daysReason(daysOf(curve)) ?? (isRuined ? "the equity fell to zero or below" : null);
  if (reason === null) measureRatios(returnsOf(daily), measures);
  else measures.leaveOut(dailyRatios, reason);
}

function measureRatios(returns: readonly number[], measures: Measures): void {
  const deviation = deviationOf(returns);
  if (deviation < deviationMin) {
    measures.leaveOut(dailyRatios, "the equity did not move from day to day");
    return;
  }
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

function measureDrawdown(curve: EquityCurve, measures: Measures): void {
  const { share, money, longestMs, squares } = drawdownOf(curve);
  measures.set("maxDrawdown", share);
  measures.set("maxDrawdownAbsolute", money);
  measures.set("maxDrawdownDays", longestMs / dayMs);
  measures.set("ulcer", Math.sqrt(squares / Math.max(1, curve.equity.length)));
}

function drawdownOf({ time, equity, capital, timeframeMs }: EquityCurve) {
  let peak = capital;
  let perPeak = 1 / peak;
  let peakAt = time[0] ?? 0;
  let share = 0;
  let money = 0;
  let longestMs = 0;
  let squares = 0;
  let isUnder = false;
  for (let i = 0; i < equity.length; i++) {
    const fall = peak - (equity[i] as number);
    if (fall > 0) {
      isUnder = true;
      squares += fall * perPeak * (fall * perPeak);
      if (fall * perPeak > share) share = fall * perPeak;
      if (fall > money) money = fall;
      continue;
    }
    const closedAt = (time[i] as number) + timeframeMs;
    if (isUnder) longestMs = Math.max(longestMs, closedAt - peakAt);
    isUnder = false;
    peak = equity[i] as number;
    perPeak = 1 / peak;
    peakAt = closedAt;
  }
  const endsAt = (time.at(-1) ?? 0) + timeframeMs;
  if (isUnder) longestMs = Math.max(longestMs, endsAt - peakAt);
  return { share, money, longestMs, squares };
}

function measureRecovery(measures: Measures): void {
  const { cagr, netProfit, maxDrawdown, maxDrawdownAbsolute } = measures.metrics;
  const noFall = maxDrawdown ? null : "there was no drawdown";
  const noGrowth =
    cagr === null || cagr === undefined ? (measures.reasons.cagr ?? "there is no CAGR") : null;
  measures.setUnless("calmar", noGrowth ?? noFall, () => (cagr ?? 0) / (maxDrawdown ?? 1));
  measures.setUnless("recovery", noFall, () => (netProfit ?? 0) / (maxDrawdownAbsolute ?? 1));
}
