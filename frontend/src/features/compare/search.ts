/** What the address of a comparison says: two to four backtests. */
export type CompareSearch = { ids?: string };

/** Takes what is valid from an address and leaves the rest. */
export const compareSearch = (search: Record<string, unknown>): CompareSearch =>
  typeof search.ids === "string" ? { ids: search.ids } : {};
