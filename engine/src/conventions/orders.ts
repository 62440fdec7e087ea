import { inGroup } from "./metric-convention.ts";

/** What became of orders. */
export const ordersConventions = inGroup("orders", {
  fills: {
    label: "Fills",
    unit: "count",
    better: null,
    convention: "Executions of orders.",
  },
  makerShare: {
    label: "Filled as maker",
    unit: "fraction",
    better: "more",
    convention: "Notional filled at the maker fee over all notional.",
  },
  liquidations: {
    label: "Liquidations",
    unit: "count",
    better: "less",
    convention: "Positions that the exchange took; always 0 on spot.",
  },
  rejectedOrders: {
    label: "Refused orders",
    unit: "count",
    better: "less",
    convention:
      "Orders that were refused, or changes that could not be made; the causes are listed.",
  },
});
