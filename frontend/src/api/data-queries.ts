import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";
import type { SeriesAsk } from "./queries.ts";

// What the page of the candles reads beside their list.

/** All series page by page, for a table that loads on as it is scrolled. */
export const seriesPagesQuery = (wanted: SeriesAsk = {}) =>
  infiniteQueryOptions({
    queryKey: ["series", "pages", wanted],
    queryFn: ({ signal, pageParam }) =>
      ask("seriesPage", "/series", {
        query: { ...wanted, page: pageParam, pageSize: 100 },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ page, pageSize, total }) =>
      page * pageSize < total ? page + 1 : undefined,
  });
export const dataTasksQuery = queryOptions({
  queryKey: ["data-tasks"],
  queryFn: ({ signal }) => ask("dataTaskPage", "/data-tasks", { query: { pageSize: 20 }, signal }),
});
export const storageQuery = queryOptions({
  queryKey: ["series", "storage"],
  queryFn: ({ signal }) => ask("storageUse", "/storage", { signal }),
});
