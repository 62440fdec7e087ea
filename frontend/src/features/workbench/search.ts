/** What the address of the workbench can say: a stored backtest to open, or what to start from. */
export type WorkbenchSearch = {
  backtest?: string;
  series?: string;
  strategy?: string;
  /** A market whose candles are to be fetched: both or none. */
  exchange?: string;
  symbol?: string;
};

export type WantedMarket = Readonly<{ exchange: string; symbol: string }>;

/** The market another page asks for. */
export const wantedMarket = ({ exchange, symbol }: WorkbenchSearch): WantedMarket | null =>
  exchange === undefined || symbol === undefined ? null : { exchange, symbol };

/** Takes what is valid from an address and leaves the rest. */
export function workbenchSearch(search: Record<string, unknown>): WorkbenchSearch {
  const result: WorkbenchSearch = {};
  if (typeof search.backtest === "string") result.backtest = search.backtest;
  if (typeof search.series === "string") result.series = search.series;
  if (typeof search.strategy === "string") result.strategy = search.strategy;
  if (typeof search.exchange === "string" && typeof search.symbol === "string") {
    result.exchange = search.exchange;
    result.symbol = search.symbol;
  }
  return result;
}
