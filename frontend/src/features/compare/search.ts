/** What the address of a comparison says: two to four backtests. */
export type CompareSearch = { ids?: string };

/** Takes what is valid from an address and leaves the rest. */
export const compareSearch = (search: Record<string, unknown>): CompareSearch =>
  typeof search.ids === "string" ? { ids: search.ids } : {};

/** The ids of an address, each once, at most four. */
export const idsOf = ({ ids = "" }: CompareSearch): readonly string[] =>
  [...new Set(ids.split(",").filter((id) => id !== ""))].slice(0, 4);
