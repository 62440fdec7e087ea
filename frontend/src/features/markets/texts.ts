import { catalogue } from "../../ui/catalogue.ts";

export const texts = catalogue("markets", {
  title: "Markets",
  exchange: "Exchange",
  search: "Filter markets",
  columns: { market: "Market", last: "Last", change: "24 h" },
  none: "No market matches the filter.",
  clear: "Show all",
  empty: "This exchange has no markets that can be shown.",
  more: (shown: string, total: string) => `${shown} of ${total} markets; filter to see others.`,
  chart: (symbol: string) => `${symbol}, one-minute candles as they form`,
  minute: "1m",
  perpetual: "perpetual",
  waiting: "Waiting for the exchange",
  silent: "This market has not traded in the last five hours: choose another one.",
  updated: (time: string) => `${time} UTC`,
  unavailable: "The exchange did not answer",
  simulator: "Books and orders",
  simulatorHelp:
    "The exchange's own page: books, accounts, orders, faults and the ledger, in a new tab.",
  backtest: "Backtest this market",
});
