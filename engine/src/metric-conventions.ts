export type MetricUnit = "money" | "fraction" | "ratio" | "count" | "days";
export type MetricGroup = "result" | "risk" | "trades" | "costs";

export type MetricConvention = Readonly<{
  label: string;
  unit: MetricUnit;
  group: MetricGroup;
  /** How it is computed, in one sentence. */
  convention: string;
  /** Whether more is better; null where neither is. */
  better: "more" | "less" | null;
}>;

/**
 * Every metric by name, in the order screens and reports list them: what it is called, its unit and how it is computed.
 * Money is in the quote currency, fractions are of 1 (0.1 is 10 %).
 */
export const metricConventions = {
  finalEquity: {
    label: "Final equity",
    unit: "money",
    group: "result",
    better: "more",
    convention: "Cash and the open position at the last close.",
  },
  netProfit: {
    label: "Net profit",
    unit: "money",
    group: "result",
    better: "more",
    convention: "Final equity less capital.",
  },
  netProfitShare: {
    label: "Net profit, share",
    unit: "fraction",
    group: "result",
    better: "more",
    convention: "Net profit over capital.",
  },
  cagr: {
    label: "CAGR",
    unit: "fraction",
    group: "result",
    better: "more",
    convention: "(final equity ÷ capital)^(365 ÷ days) − 1; under 90 days it is extrapolated.",
  },
  volatility: {
    label: "Volatility",
    unit: "fraction",
    group: "risk",
    better: "less",
    convention: "Standard deviation of daily returns (equity at 00:00 UTC, n − 1) times √365.",
  },
  sharpe: {
    label: "Sharpe",
    unit: "ratio",
    group: "risk",
    better: "more",
    convention:
      "Mean daily return over its standard deviation (n − 1) times √365; risk-free rate 0.",
  },
  sortino: {
    label: "Sortino",
    unit: "ratio",
    group: "risk",
    better: "more",
    convention:
      "Mean daily return over the root mean square of the negative ones (all days count) times √365.",
  },
  omega: {
    label: "Omega",
    unit: "ratio",
    group: "risk",
    better: "more",
    convention: "Sum of positive over sum of negative daily returns.",
  },
  calmar: {
    label: "Calmar",
    unit: "ratio",
    group: "risk",
    better: "more",
    convention: "CAGR over maximum drawdown.",
  },
  maxDrawdown: {
    label: "Maximum drawdown",
    unit: "fraction",
    group: "risk",
    better: "less",
    convention:
      "Largest fall of the equity from an earlier peak, at candle closes, as a share of the peak.",
  },
  maxDrawdownAbsolute: {
    label: "Maximum drawdown, money",
    unit: "money",
    group: "risk",
    better: "less",
    convention:
      "Largest fall of the equity from an earlier peak in money; may be another fall than the largest share.",
  },
  maxDrawdownDays: {
    label: "Longest drawdown",
    unit: "days",
    group: "risk",
    better: "less",
    convention: "Longest time from a peak to its recovery, or to the end.",
  },
  ulcer: {
    label: "Ulcer index",
    unit: "fraction",
    group: "risk",
    better: "less",
    convention: "Root mean square of the drawdown over all candles.",
  },
  recovery: {
    label: "Recovery factor",
    unit: "ratio",
    group: "risk",
    better: "more",
    convention: "Net profit over maximum drawdown in money.",
  },
  exposure: {
    label: "Time in market",
    unit: "fraction",
    group: "risk",
    better: null,
    convention: "Candles that closed with a position over all candles.",
  },
  closedTrades: {
    label: "Closed trades",
    unit: "count",
    group: "trades",
    better: null,
    convention: "Round trips from flat to flat; one open at the end does not count.",
  },
  longTrades: {
    label: "Long trades",
    unit: "count",
    group: "trades",
    better: null,
    convention: "Closed trades that began with buying.",
  },
  shortTrades: {
    label: "Short trades",
    unit: "count",
    group: "trades",
    better: null,
    convention: "Closed trades that began with selling.",
  },
  wonTrades: {
    label: "Won",
    unit: "count",
    group: "trades",
    better: "more",
    convention: "Closed trades with a profit after fees.",
  },
  lostTrades: {
    label: "Lost",
    unit: "count",
    group: "trades",
    better: "less",
    convention: "Closed trades with a loss after fees.",
  },
  winRate: {
    label: "Win rate",
    unit: "fraction",
    group: "trades",
    better: "more",
    convention: "Won over closed trades.",
  },
  profitFactor: {
    label: "Profit factor",
    unit: "ratio",
    group: "trades",
    better: "more",
    convention: "Sum of profits over sum of losses of closed trades, after fees.",
  },
  expectancy: {
    label: "Expectancy",
    unit: "money",
    group: "trades",
    better: "more",
    convention: "Mean profit of a closed trade, after fees.",
  },
  payoff: {
    label: "Payoff",
    unit: "ratio",
    group: "trades",
    better: "more",
    convention: "Mean profit of the won over mean loss of the lost trades.",
  },
  sqn: {
    label: "SQN",
    unit: "ratio",
    group: "trades",
    better: "more",
    convention:
      "Root of the number of closed trades times mean profit over its standard deviation (n − 1).",
  },
  averageTradeShare: {
    label: "Average trade",
    unit: "fraction",
    group: "trades",
    better: "more",
    convention: "Mean of profit after fees over notional at entry.",
  },
  bestTrade: {
    label: "Best trade",
    unit: "money",
    group: "trades",
    better: "more",
    convention: "Largest profit of a closed trade.",
  },
  worstTrade: {
    label: "Worst trade",
    unit: "money",
    group: "trades",
    better: "more",
    convention: "Smallest profit, or largest loss, of a closed trade.",
  },
  winStreak: {
    label: "Longest winning streak",
    unit: "count",
    group: "trades",
    better: "more",
    convention: "Most closed trades in a row with a profit.",
  },
  lossStreak: {
    label: "Longest losing streak",
    unit: "count",
    group: "trades",
    better: "less",
    convention: "Most closed trades in a row with a loss.",
  },
  averageTradeDays: {
    label: "Average duration",
    unit: "days",
    group: "trades",
    better: null,
    convention: "Mean time from entry candle to exit candle of closed trades.",
  },
  fees: {
    label: "Fees",
    unit: "money",
    group: "costs",
    better: "less",
    convention: "All fees paid.",
  },
  slippage: {
    label: "Slippage",
    unit: "money",
    group: "costs",
    better: "less",
    convention: "What fills at market lost against the price they met.",
  },
  costsShareOfGross: {
    label: "Costs of gross profit",
    unit: "fraction",
    group: "costs",
    better: "less",
    convention: "Fees and slippage over net profit before them.",
  },
  turnover: {
    label: "Turnover",
    unit: "ratio",
    group: "costs",
    better: null,
    convention: "Notional of all fills over mean equity, per year of 365 days.",
  },
} as const satisfies Readonly<Record<string, MetricConvention>>;

export type MetricName = keyof typeof metricConventions;
