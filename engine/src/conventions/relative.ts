import { inGroup } from "./metric-convention.ts";

/** Against buying and holding the same market. */
export const relativeConventions = inGroup("relative", {
  marketChange: {
    label: "Market change",
    unit: "fraction",
    better: null,
    convention:
      "Last close over first close, less 1; of several markets the mean over them, each from its own first candle.",
  },
  excessReturn: {
    label: "More than buy and hold",
    unit: "fraction",
    better: "more",
    convention: "Net profit over capital less that of buy and hold.",
  },
  beta: {
    label: "Beta",
    unit: "ratio",
    better: null,
    convention:
      "Covariance of daily returns with those of buy and hold over the variance of the latter.",
  },
  alpha: {
    label: "Alpha",
    unit: "fraction",
    better: "more",
    convention: "Mean daily return less beta times that of buy and hold, times 365.",
  },
  correlation: {
    label: "Correlation",
    unit: "ratio",
    better: null,
    convention: "Correlation of daily returns with those of buy and hold.",
  },
  trackingError: {
    label: "Tracking error",
    unit: "fraction",
    better: null,
    convention: "Deviation (n − 1) of the daily returns in excess of buy and hold times √365.",
  },
  informationRatio: {
    label: "Information ratio",
    unit: "ratio",
    better: "more",
    convention: "Mean daily return in excess of buy and hold over its deviation times √365.",
  },
  treynor: {
    label: "Treynor",
    unit: "fraction",
    better: "more",
    convention: "Mean daily return times 365 over beta.",
  },
  upCapture: {
    label: "Up capture",
    unit: "fraction",
    better: "more",
    convention:
      "Mean daily return on the days on which buy and hold rose over that of buy and hold.",
  },
  downCapture: {
    label: "Down capture",
    unit: "fraction",
    better: "less",
    convention:
      "Mean daily return on the days on which buy and hold fell over that of buy and hold.",
  },
});
