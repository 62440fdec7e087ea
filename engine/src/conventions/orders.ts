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
  rejectedOrders: {
    label: "Refused orders",
    unit: "count",
    better: "less",
    convention:
      "Orders that were refused, or changes that could not be made; the causes are listed.",
  },
});
