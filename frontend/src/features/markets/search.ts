/** What the address of the Markets page can say: the exchange, the market on the chart and the filter. */
export type MarketsSearch = { exchange?: string; symbol?: string; q?: string };

/** Takes what is valid from an address and leaves the rest. */
export function marketsSearch(search: Record<string, unknown>): MarketsSearch {
  const result: MarketsSearch = {};
  for (const name of ["exchange", "symbol", "q"] as const) {
    const value = search[name];
    if (typeof value === "string" && value !== "") result[name] = value.slice(0, 60);
  }
  return result;
}
