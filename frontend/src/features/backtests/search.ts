/** What the address of the backtest list can say. */
export type BacktestsSearch = {
  q?: string;
  sort?: string;
  order?: "asc" | "desc";
  backtest?: string;
};

/** Takes what is valid from an address and leaves the rest. */
export function backtestsSearch(search: Record<string, unknown>): BacktestsSearch {
  const result: BacktestsSearch = {};
  if (typeof search.q === "string" && search.q !== "") result.q = search.q.slice(0, 60);
  if (typeof search.sort === "string") result.sort = search.sort;
  if (search.order === "asc" || search.order === "desc") result.order = search.order;
  if (typeof search.backtest === "string") result.backtest = search.backtest;
  return result;
}
