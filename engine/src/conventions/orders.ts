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
  belowMinimumOrders: {
    label: "Below the minimum",
    unit: "count",
    better: "less",
    convention: "Refused orders whose notional was below the market's minimum.",
  },
  partlyFilledOrders: {
    label: "Filled in part",
    unit: "count",
    better: null,
    convention: "Orders whose first fill left something, whatever became of the rest.",
  },
  cancelledOrders: {
    label: "Cancelled orders",
    unit: "count",
    better: null,
    convention:
      "Orders taken back while they waited, by the strategy or because their position, entry or rival had ended; those still held back do not count.",
  },
  expiredOrders: {
    label: "Expired orders",
    unit: "count",
    better: null,
    convention:
      "Orders whose time ended before they were filled whole, immediate ones (IOC, FOK) included.",
  },
  openOrders: {
    label: "Open at the end",
    unit: "count",
    better: null,
    convention:
      "Orders that still waited when the data ended, those of the last candle included; held back ones do not count.",
  },
  amendedOrders: {
    label: "Amended orders",
    unit: "count",
    better: null,
    convention: "Changes of waiting orders that were made; a trailing stop that follows is none.",
  },
});
