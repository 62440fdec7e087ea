import {
  type Days,
  daysOf,
  daysReason,
  type EquityCurve,
  readDays,
  ruined,
} from "./daily-equity.ts";
import { pow } from "./mathematics.ts";
import type { Measures } from "./measures.ts";
import { type Falls, fallsOf } from "./report/drawdowns.ts";
import { measureReturns } from "./return-metrics.ts";

const dayMs = 86_400_000;
const daysPerYear = 365;
const daysSure = 90;

/** Profit, growth, drawdown and the ratios of daily returns. */
export function measureEquity(
  curve: EquityCurve,
  measures: Measures,
): Readonly<{ days: Days; falls: Falls }> {
  const { capital, equity } = curve;
  const final = equity.at(-1) ?? capital;
  const days = readDays(curve);
  const falls = fallsOf(curve);
  measures.set("finalEquity", final);
  measures.set("netProfit", final - capital);
  measures.set("netProfitShare", (final - capital) / capital);
  measureGrowth(curve, final, measures);
  measureReturns(days, measures);
  measureDrawdown(falls, equity.length, measures);
  measureRecovery(measures);
  return { days, falls };
}

function measureGrowth(curve: EquityCurve, final: number, measures: Measures): void {
  const days = daysOf(curve);
  const reason = daysReason(days) ?? (final > 0 ? null : ruined);
  measures.setUnless("cagr", reason, () => pow(final / curve.capital, daysPerYear / days) - 1);
  if (reason === null && days < daysSure) {
    measures.setWith(
      "cagr",
      measures.metrics.cagr ?? Number.NaN,
      `extrapolated from ${Math.floor(days)} days`,
    );
  }
}

function measureDrawdown(falls: Falls, candles: number, measures: Measures): void {
  const { depthMax, moneyMax, longestMs, squares, depths, count, candlesUnder } = falls;
  measures.set("maxDrawdown", depthMax);
  measures.set("maxDrawdownAbsolute", moneyMax);
  measures.set("maxDrawdownDays", longestMs / dayMs);
  measures.set("ulcer", Math.sqrt(squares / Math.max(1, candles)));
  measures.set("averageDrawdown", depths / Math.max(1, count));
  measures.set("timeUnderWater", candlesUnder / Math.max(1, candles));
}

function measureRecovery(measures: Measures): void {
  const { cagr, netProfit, maxDrawdown, maxDrawdownAbsolute, ulcer } = measures.metrics;
  const noFall = maxDrawdown ? null : "there was no drawdown";
  const noGrowth =
    cagr === null || cagr === undefined ? (measures.reasons.cagr ?? "there is no CAGR") : null;
  measures.setUnless("calmar", noGrowth ?? noFall, () => (cagr ?? 0) / (maxDrawdown ?? 1));
  measures.setUnless("ulcerPerformance", noGrowth ?? noFall, () => (cagr ?? 0) / (ulcer ?? 1));
  measures.setUnless("recovery", noFall, () => (netProfit ?? 0) / (maxDrawdownAbsolute ?? 1));
}
