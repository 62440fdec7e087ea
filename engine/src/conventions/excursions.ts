import { inGroup } from "./metric-convention.ts";

/** How far trades went for and against the position while they were open. */
export const excursionsConventions = inGroup("excursions", {
  averageMae: {
    label: "Worst excursion, mean",
    unit: "fraction",
    better: "more",
    convention:
      "Mean over closed trades of the worst value of the open position over the notional at entry; at most 0.",
  },
  worstMae: {
    label: "Worst excursion, largest",
    unit: "fraction",
    better: "more",
    convention: "Worst value of an open position over its notional at entry.",
  },
  averageMfe: {
    label: "Best excursion, mean",
    unit: "fraction",
    better: "more",
    convention:
      "Mean over closed trades of the best value of the open position over the notional at entry.",
  },
  bestMfe: {
    label: "Best excursion, largest",
    unit: "fraction",
    better: "more",
    convention: "Best value of an open position over its notional at entry.",
  },
  edgeRatio: {
    label: "Edge ratio",
    unit: "ratio",
    better: "more",
    convention: "Sum of best over sum of worst excursions of closed trades.",
  },
  endTradeDrawdown: {
    label: "Given back",
    unit: "money",
    better: "less",
    convention: "Mean over closed trades of best excursion less profit.",
  },
  exitEfficiency: {
    label: "Exit efficiency",
    unit: "fraction",
    better: "more",
    convention: "Sum of profits over sum of best excursions of closed trades.",
  },
});
