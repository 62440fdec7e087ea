import { inGroup } from "./metric-convention.ts";

/** How it moved on the way. */
export const riskConventions = inGroup("risk", {
  volatility: {
    label: "Volatility",
    unit: "fraction",
    better: "less",
    convention: "Standard deviation of daily returns (equity at 00:00 UTC, n − 1) times √365.",
  },
  sharpe: {
    label: "Sharpe",
    unit: "ratio",
    better: "more",
    convention:
      "Mean daily return over its standard deviation (n − 1) times √365; risk-free rate 0.",
  },
  sortino: {
    label: "Sortino",
    unit: "ratio",
    better: "more",
    convention:
      "Mean daily return over the root mean square of the negative ones (all days count) times √365.",
  },
  omega: {
    label: "Omega",
    unit: "ratio",
    better: "more",
    convention: "Sum of positive over sum of negative daily returns.",
  },
  calmar: {
    label: "Calmar",
    unit: "ratio",
    better: "more",
    convention: "CAGR over maximum drawdown.",
  },
  maxDrawdown: {
    label: "Maximum drawdown",
    unit: "fraction",
    better: "less",
    convention:
      "Largest fall of the equity from an earlier peak, at candle closes, as a share of the peak.",
  },
  maxDrawdownAbsolute: {
    label: "Maximum drawdown, money",
    unit: "money",
    better: "less",
    convention:
      "Largest fall of the equity from an earlier peak in money; may be another fall than the largest share.",
  },
  maxDrawdownDays: {
    label: "Longest drawdown",
    unit: "days",
    better: "less",
    convention: "Longest time from a peak to its recovery, or to the end.",
  },
  ulcer: {
    label: "Ulcer index",
    unit: "fraction",
    better: "less",
    convention: "Root mean square of the drawdown over all candles.",
  },
  recovery: {
    label: "Recovery factor",
    unit: "ratio",
    better: "more",
    convention: "Net profit over maximum drawdown in money.",
  },
  exposure: {
    label: "Time in market",
    unit: "fraction",
    better: null,
    convention: "Candles that closed with a position over all candles.",
  },
  probabilisticSharpe: {
    label: "Probabilistic Sharpe",
    unit: "fraction",
    better: "more",
    convention:
      "Probability that the true Sharpe is above 0, from the number, skewness and kurtosis of daily returns (Bailey, López de Prado).",
  },
  skewness: {
    label: "Skewness",
    unit: "ratio",
    better: "more",
    convention:
      "Third central moment of daily returns over the third power of their deviation (both over n).",
  },
  kurtosis: {
    label: "Kurtosis",
    unit: "ratio",
    better: "less",
    convention:
      "Fourth central moment of daily returns over the squared variance (both over n); 3 is normal.",
  },
  tailRatio: {
    label: "Tail ratio",
    unit: "ratio",
    better: "more",
    convention:
      "Size of the 95 % quantile of daily returns over that of the 5 % quantile; above 0 even where both are losses.",
  },
  valueAtRisk95: {
    label: "Value at risk, 95 %",
    unit: "fraction",
    better: "less",
    convention:
      "Loss that 5 % of the days exceed: 5 % quantile of daily returns (linear), as a loss.",
  },
  valueAtRisk99: {
    label: "Value at risk, 99 %",
    unit: "fraction",
    better: "less",
    convention:
      "Loss that 1 % of the days exceed: 1 % quantile of daily returns (linear), as a loss.",
  },
  conditionalValueAtRisk95: {
    label: "Expected shortfall, 95 %",
    unit: "fraction",
    better: "less",
    convention: "Mean loss of the days at or below the 5 % quantile of daily returns.",
  },
  averageDrawdown: {
    label: "Average drawdown",
    unit: "fraction",
    better: "less",
    convention: "Mean depth of all falls from a peak to its recovery, or to the end.",
  },
  timeUnderWater: {
    label: "Time under water",
    unit: "fraction",
    better: "less",
    convention: "Candles that closed below an earlier peak over all candles.",
  },
  closedTradeDrawdown: {
    label: "Drawdown of closed trades",
    unit: "fraction",
    better: "less",
    convention:
      "Largest fall of capital plus the summed profit of closed trades, as a share of its peak: what is seen without open positions.",
  },
  ulcerPerformance: {
    label: "Ulcer performance",
    unit: "ratio",
    better: "more",
    convention: "CAGR over ulcer index.",
  },
  serenity: {
    label: "Serenity",
    unit: "ratio",
    better: "more",
    convention:
      "Sum of daily returns over daily ulcer index times pitfall; pitfall is the mean of the worst 5 % of daily drawdowns over the deviation of daily returns.",
  },
  grossExposure: {
    label: "Gross exposure, mean",
    unit: "fraction",
    better: null,
    convention: "Mean of the value of the position at the close over equity, over all candles.",
  },
  grossExposureMax: {
    label: "Gross exposure, highest",
    unit: "fraction",
    better: "less",
    convention: "Largest value of the position at a close over equity: the highest leverage.",
  },
  leverage: {
    label: "Leverage, mean",
    unit: "ratio",
    better: null,
    convention:
      "Mean of the value of the position at the close over equity, over the candles that closed with a position.",
  },
});
