import { inGroup } from "./metric-convention.ts";

/** What came out of it. */
export const resultConventions = inGroup("result", {
  finalEquity: {
    label: "Final equity",
    unit: "money",
    better: "more",
    convention: "Cash and the open position at the last close.",
  },
  netProfit: {
    label: "Net profit",
    unit: "money",
    better: "more",
    convention: "Final equity less capital.",
  },
  netProfitShare: {
    label: "Net profit, share",
    unit: "fraction",
    better: "more",
    convention: "Net profit over capital.",
  },
  cagr: {
    label: "CAGR",
    unit: "fraction",
    better: "more",
    convention: "(final equity ÷ capital)^(365 ÷ days) − 1; under 90 days it is extrapolated.",
  },
  twr: {
    label: "Time-weighted return",
    unit: "fraction",
    better: "more",
    convention:
      "Product of one plus each daily return, less 1; equals the profit over capital as long as nothing is paid in or out.",
  },
  bestDay: {
    label: "Best day",
    unit: "fraction",
    better: "more",
    convention: "Largest daily return (equity at 00:00 UTC).",
  },
  worstDay: {
    label: "Worst day",
    unit: "fraction",
    better: "more",
    convention: "Smallest daily return (equity at 00:00 UTC).",
  },
  positiveDays: {
    label: "Positive days",
    unit: "fraction",
    better: "more",
    convention: "Days with a return above 0 over all days.",
  },
  bestMonth: {
    label: "Best month",
    unit: "fraction",
    better: "more",
    convention: "Largest growth of the equity within a calendar month, UTC; months in part count.",
  },
  worstMonth: {
    label: "Worst month",
    unit: "fraction",
    better: "more",
    convention: "Smallest growth of the equity within a calendar month, UTC; months in part count.",
  },
  positiveMonths: {
    label: "Positive months",
    unit: "fraction",
    better: "more",
    convention: "Calendar months that ended higher than they began over all months.",
  },
});
