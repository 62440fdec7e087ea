import { inGroup } from "./metric-convention.ts";

/** How evenly the profit came about. */
export const stabilityConventions = inGroup("stability", {
  straightness: {
    label: "Straightness",
    unit: "ratio",
    better: "more",
    convention:
      "R² of a straight line through the logarithm of daily equity; 1 is steady growth or steady fall.",
  },
  kRatio: {
    label: "K-ratio",
    unit: "ratio",
    better: "more",
    convention:
      "Slope of that line over its standard error, over the root of the number of days (Kestner, 1996).",
  },
  topTradesShare: {
    label: "Profit from the top five",
    unit: "fraction",
    better: "less",
    convention: "Profit of the five best closed trades over the profit of all.",
  },
  marketConcentration: {
    label: "Concentration by market",
    unit: "ratio",
    better: "less",
    convention:
      "Herfindahl-Hirschman index: sum of the squared shares of the markets in the profits and losses of closed trades, each taken by its size; 1 is one market.",
  },
});
