import { catalogue } from "../../../ui/catalogue.ts";

/** What is said of trades behind a button or a row. */
export const tradeTexts = catalogue("trades", {
  any: "any",
  result: "Result",
  results: { won: "won", lost: "lost" },
  fillsOf: (trade: number) => `Fills of trade ${trade}`,
  counted: (entries: number, exits: number) => `${entries} in, ${exits} out`,
  closeFills: "Close the list of fills",
  noFills: "No fills.",
  allFills: "All fills",
  allFillsHelp: "Save every fill of the run as CSV",
  at: "Candle (UTC)",
  part: "Part",
  parts: { entry: "entry", exit: "exit" },
  sides: { buy: "buy", sell: "sell" },
  price: (quote: string) => `Price ${quote}`,
  fee: (quote: string) => `Fee ${quote}`,
  feeOf: (amount: string) => `fee ${amount}`,
  liquidity: "Filled as",
  liquidities: { maker: "maker", taker: "taker" },
  slippage: (quote: string) => `Slippage ${quote}`,
});
