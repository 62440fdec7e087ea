import { catalogue } from "../../../ui/catalogue.ts";

/** Every sentence of the dialog for another market. */
export const marketTexts = catalogue("another-market", {
  title: "Run on another market",
  exchange: "Exchange",
  search: "Symbol",
  searchHint: "BTC/USDT",
  help: "Missing candles are fetched first; then the backtest runs on the server and opens here.",
  run: (symbol: string) => `Fetch candles and run on ${symbol}`,
  choose: "Choose a market",
  cancel: "Cancel",
  from: "From",
});
