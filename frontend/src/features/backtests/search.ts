/** What the address of the backtest list can say: page, filter, sort, and the backtest whose panel is open. */
export type BacktestsSearch = {
  q?: string;
  status?: (typeof statuses)[number];
  sort?: (typeof sorts)[number];
  order?: (typeof orders)[number];
  page?: number;
  backtest?: string;
};

const statuses = ["queued", "running", "done", "failed", "cancelled"] as const;
const sorts = [
  "createdAt",
  "title",
  "strategy",
  "symbol",
  "netProfitShare",
  "maxDrawdown",
  "sharpe",
  "closedTrades",
] as const;
const orders = ["asc", "desc"] as const;

/** Takes what is valid from an address and leaves the rest. */
export function backtestsSearch(search: Record<string, unknown>): BacktestsSearch {
  const result: BacktestsSearch = {};
  const status = statuses.find((one) => one === search.status);
  const sort = sorts.find((one) => one === search.sort);
  const order = orders.find((one) => one === search.order);
  if (typeof search.q === "string" && search.q !== "") result.q = search.q.slice(0, 60);
  if (status !== undefined) result.status = status;
  if (sort !== undefined) result.sort = sort;
  if (order !== undefined) result.order = order;
  if (Number.isInteger(Number(search.page)) && Number(search.page) > 1)
    result.page = Number(search.page);
  if (typeof search.backtest === "string") result.backtest = search.backtest;
  return result;
}
