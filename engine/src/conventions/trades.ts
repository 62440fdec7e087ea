import { inGroup } from "./metric-convention.ts";

/** Closed trades, counted and averaged. */
export const tradesConventions = inGroup("trades", {
  closedTrades: {
    label: "Closed trades",
    unit: "count",
    better: null,
    convention: "Round trips from flat to flat; one open at the end does not count.",
  },
  longTrades: {
    label: "Long trades",
    unit: "count",
    better: null,
    convention: "Closed trades that began with buying.",
  },
  shortTrades: {
    label: "Short trades",
    unit: "count",
    better: null,
    convention: "Closed trades that began with selling.",
  },
  wonTrades: {
    label: "Won",
    unit: "count",
    better: "more",
    convention: "Closed trades with a profit after fees.",
  },
  lostTrades: {
    label: "Lost",
    unit: "count",
    better: "less",
    convention: "Closed trades with a loss after fees.",
  },
  winRate: {
    label: "Win rate",
    unit: "fraction",
    better: "more",
    convention: "Won over closed trades.",
  },
  profitFactor: {
    label: "Profit factor",
    unit: "ratio",
    better: "more",
    convention: "Sum of profits over sum of losses of closed trades, after fees.",
  },
  expectancy: {
    label: "Expectancy",
    unit: "money",
    better: "more",
    convention: "Mean profit of a closed trade, after fees.",
  },
  payoff: {
    label: "Payoff",
    unit: "ratio",
    better: "more",
    convention: "Mean profit of the won over mean loss of the lost trades.",
  },
  sqn: {
    label: "SQN",
    unit: "ratio",
    better: "more",
    convention:
      "Root of the number of closed trades times mean R over its standard deviation (n − 1); R is the profit over the initial risk (from the entry to its stop) where every trade has one, else the profit.",
  },
  averageTradeShare: {
    label: "Average trade",
    unit: "fraction",
    better: "more",
    convention: "Mean of profit after fees over notional at entry.",
  },
  bestTrade: {
    label: "Best trade",
    unit: "money",
    better: "more",
    convention: "Largest profit of a closed trade.",
  },
  worstTrade: {
    label: "Worst trade",
    unit: "money",
    better: "more",
    convention: "Smallest profit, or largest loss, of a closed trade.",
  },
  winStreak: {
    label: "Longest winning streak",
    unit: "count",
    better: "more",
    convention: "Most closed trades in a row with a profit.",
  },
  lossStreak: {
    label: "Longest losing streak",
    unit: "count",
    better: "less",
    convention: "Most closed trades in a row with a loss.",
  },
  averageTradeDays: {
    label: "Average duration",
    unit: "days",
    better: null,
    convention: "Mean time from entry candle to exit candle of closed trades.",
  },
  drawnTrades: {
    label: "Drawn",
    unit: "count",
    better: null,
    convention: "Closed trades that neither won nor lost.",
  },
  longProfit: {
    label: "Profit of longs",
    unit: "money",
    better: "more",
    convention: "Sum of the profit after fees of closed long trades.",
  },
  shortProfit: {
    label: "Profit of shorts",
    unit: "money",
    better: "more",
    convention: "Sum of the profit after fees of closed short trades.",
  },
  averageWin: {
    label: "Average win",
    unit: "money",
    better: "more",
    convention: "Mean profit of the won trades, after fees.",
  },
  averageLoss: {
    label: "Average loss",
    unit: "money",
    better: "more",
    convention: "Mean profit of the lost trades, after fees; below 0.",
  },
  medianTrade: {
    label: "Median trade",
    unit: "money",
    better: "more",
    convention: "Middle profit of closed trades, after fees.",
  },
  expectancyRatio: {
    label: "Expectancy ratio",
    unit: "ratio",
    better: "more",
    convention: "(1 + payoff) × win rate − 1.",
  },
  kelly: {
    label: "Kelly share",
    unit: "fraction",
    better: "more",
    convention:
      "Win rate − (1 − win rate) ÷ payoff: the share of capital that would have grown fastest, no advice.",
  },
  sqn100: {
    label: "SQN of 100",
    unit: "ratio",
    better: "more",
    convention:
      "SQN with the number of trades taken as 100 at most, so that many small trades do not flatter it.",
  },
  streak: {
    label: "Streak at the end",
    unit: "count",
    better: "more",
    convention: "Closed trades in a row that won (above 0) or lost (below 0) up to the last.",
  },
  medianTradeDays: {
    label: "Median duration",
    unit: "days",
    better: null,
    convention: "Middle time from entry candle to exit candle of closed trades.",
  },
  longestTradeDays: {
    label: "Longest duration",
    unit: "days",
    better: null,
    convention: "Longest time from entry candle to exit candle of closed trades.",
  },
  averageWinDays: {
    label: "Average duration, won",
    unit: "days",
    better: null,
    convention: "Mean time from entry candle to exit candle of the won trades.",
  },
  medianWinDays: {
    label: "Median duration, won",
    unit: "days",
    better: null,
    convention: "Middle time from entry candle to exit candle of the won trades.",
  },
  longestWinDays: {
    label: "Longest duration, won",
    unit: "days",
    better: null,
    convention: "Longest time from entry candle to exit candle of the won trades.",
  },
  averageLossDays: {
    label: "Average duration, lost",
    unit: "days",
    better: null,
    convention: "Mean time from entry candle to exit candle of the lost trades.",
  },
  medianLossDays: {
    label: "Median duration, lost",
    unit: "days",
    better: null,
    convention: "Middle time from entry candle to exit candle of the lost trades.",
  },
  longestLossDays: {
    label: "Longest duration, lost",
    unit: "days",
    better: null,
    convention: "Longest time from entry candle to exit candle of the lost trades.",
  },
  tradesPerDay: {
    label: "Trades per day",
    unit: "ratio",
    better: null,
    convention: "Closed trades over days.",
  },
  longestIdleDays: {
    label: "Longest idle time",
    unit: "days",
    better: null,
    convention: "Longest time without a position, begin and end of the data included.",
  },
});
