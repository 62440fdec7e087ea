import { catalogue } from "../../ui/catalogue.ts";

/** Why the workbench may have nothing to show. */
export const nothingTexts = catalogue("nothing-to-open", {
  noSeries: "There are no candles yet. Download or upload some to run the first backtest.",
  noSeriesAction: "Get candles",
  noStrategies: "No strategy could be loaded. Look at the list of strategies for the reason.",
  noStrategiesAction: "Show strategies",
  strategyGone: (name: string) => `There is no strategy called ${name}, or no longer.`,
  seriesGone:
    "The candles of this backtest were deleted, so it cannot run again here. Its figures, trades and report are kept.",
  seriesGoneAction: "Show the backtest",
  neverFetched: (symbol: string) =>
    `This backtest ended before it had candles of ${symbol}, so there is nothing to show.`,
  neverFetchedAction: "Fetch candles and run again",
  notFetchedYet: (symbol: string) => `The candles of ${symbol} are still on their way.`,
  seriesMissing: "This series does not exist, or no longer.",
  seriesMissingAction: "Show the data",
});
