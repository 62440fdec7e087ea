/** What the address of the workbench can say: a stored backtest to open, or what to start from. */
export type WorkbenchSearch = { backtest?: string; series?: string; strategy?: string };

/** Takes what is valid from an address and leaves the rest. */
export function workbenchSearch(search: Record<string, unknown>): WorkbenchSearch {
  const result: WorkbenchSearch = {};
  if (typeof search.backtest === "string") result.backtest = search.backtest;
  if (typeof search.series === "string") result.series = search.series;
  if (typeof search.strategy === "string") result.strategy = search.strategy;
  return result;
}
