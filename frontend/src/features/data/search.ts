/** What the address of the Data page can say: filter, sort and the series whose panel is open. */
export type DataSearch = {
  q?: string;
  source?: "exchange" | "upload" | "synthetic";
  sort?: "symbol" | "rows" | "first" | "last" | "updatedAt" | "bytes";
  order?: "asc" | "desc";
  series?: string;
  /** A dialog that another page asks for. */
  add?: "upload" | "download";
};

/** A change of the address; undefined takes a part away. */
export type DataChange = { [Part in keyof DataSearch]?: DataSearch[Part] | undefined };

const sources = ["exchange", "upload", "synthetic"] as const;
const sorts = ["symbol", "rows", "first", "last", "updatedAt", "bytes"] as const;
const orders = ["asc", "desc"] as const;
const adds = ["upload", "download"] as const;

/** Takes what is valid from an address and leaves the rest. */
export function dataSearch(search: Record<string, unknown>): DataSearch {
  const result: DataSearch = {};
  const source = sources.find((one) => one === search.source);
  const sort = sorts.find((one) => one === search.sort);
  const order = orders.find((one) => one === search.order);
  const add = adds.find((one) => one === search.add);
  if (typeof search.q === "string" && search.q !== "") result.q = search.q.slice(0, 60);
  if (source !== undefined) result.source = source;
  if (sort !== undefined) result.sort = sort;
  if (order !== undefined) result.order = order;
  if (typeof search.series === "string") result.series = search.series;
  if (add !== undefined) result.add = add;
  return result;
}
