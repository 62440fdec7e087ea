import { inGroup } from "./metric-convention.ts";

/** What trading cost. */
export const costsConventions = inGroup("costs", {
  fees: {
    label: "Fees",
    unit: "money",
    better: "less",
    convention: "All fees paid.",
  },
  slippage: {
    label: "Slippage",
    unit: "money",
    better: "less",
    convention: "What fills at market lost against the price they met.",
  },
  funding: {
    label: "Funding",
    unit: "money",
    better: "more",
    convention: "Funding of perpetuals received less paid; 0 on spot.",
  },
  costsShareOfGross: {
    label: "Costs of gross profit",
    unit: "fraction",
    better: "less",
    convention: "Fees, slippage and funding over net profit before them.",
  },
  turnover: {
    label: "Turnover",
    unit: "ratio",
    better: null,
    convention: "Notional of all fills over mean equity, per year of 365 days.",
  },
  breakEvenFee: {
    label: "Break-even fee",
    unit: "fraction",
    better: "more",
    convention:
      "Fee rate on every fill at which the same fills would have made nothing; below 0 where they lost without fees.",
  },
  capacity: {
    label: "Share of volume",
    unit: "fraction",
    better: "less",
    convention:
      "95 % quantile over all fills of quantity over the volume of the candle: how much of the market the orders were.",
  },
});
