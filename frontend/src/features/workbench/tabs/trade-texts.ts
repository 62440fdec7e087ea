import { catalogue } from "../../../ui/catalogue.ts";

/** What is said of trades behind a button or a row. */
export const tradeTexts = catalogue("trades", {
  any: "any",
  result: "Result",
  results: { won: "won", lost: "lost" },
  fillsOf: (trade: number) => `Fills of trade ${trade}`,
  closeFills: "Close the list of fills",
  at: "Candle (UTC)",
  price: (quote: string) => `Price ${quote}`,
  sides: { buy: "buy", sell: "sell" },
});
