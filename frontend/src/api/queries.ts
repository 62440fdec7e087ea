import { queryOptions } from "@tanstack/react-query";
import type { Trade } from "@trading/contracts/backtests";
import type { Timeframe } from "@trading/contracts/timeframes";
import { loadCandles } from "./candles.ts";
import { ask } from "./client.ts";

/**
 * Everything the pages read, with its key. The first word of a key is the kind of thing, so that an event about the
 * kind renews all that was read of it.
 */
type Paging = Readonly<{ page?: number; pageSize?: number }>;
export type SeriesAsk = Paging &
  Readonly<{
    search?: string;
    source?: "exchange" | "upload" | "synthetic" | undefined;
    sort?: string;
    order?: "asc" | "desc";
  }>;
export type BacktestsAsk = Paging &
  Readonly<{
    search?: string;
    status?: string | undefined;
    strategy?: string | undefined;
    sort?: string;
    order?: "asc" | "desc";
  }>;

const path = encodeURIComponent;

export const siteQuery = queryOptions({
  queryKey: ["site"],
  queryFn: ({ signal }) => ask("site", "/site", { signal, anonymous: true }),
  staleTime: Infinity,
});
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => ask("me", "/users/me", { signal }),
  staleTime: Infinity,
});
export const inboxQuery = queryOptions({
  queryKey: ["inbox"],
  queryFn: ({ signal }) => ask("inbox", "/users/me/inbox", { signal }),
});
export const announcementsQuery = queryOptions({
  queryKey: ["announcement"],
  queryFn: ({ signal }) => ask("announcementList", "/announcements", { signal }),
});
export const ownLegalQuery = queryOptions({
  queryKey: ["announcement", "legal"],
  queryFn: ({ signal }) => ask("ownLegalList", "/users/me/legal", { signal }),
});

export const seriesListQuery = (wanted: SeriesAsk = {}) =>
  queryOptions({
    queryKey: ["series", "list", wanted],
    queryFn: ({ signal }) => ask("seriesPage", "/series", { query: wanted, signal }),
  });
export const seriesQuery = (id: string) =>
  queryOptions({
    queryKey: ["series", id],
    queryFn: ({ signal }) => ask("seriesDetail", `/series/${path(id)}`, { signal }),
  });
export const candlesQuery = (
  seriesId: string,
  wanted: {
    timeframe?: Timeframe | undefined;
    from?: string | undefined;
    to?: string | undefined;
  } = {},
) =>
  queryOptions({
    queryKey: ["candles", seriesId, wanted],
    queryFn: ({ signal }) => loadCandles(seriesId, wanted, signal),
    staleTime: 300_000,
    gcTime: 300_000,
  });

export const strategiesQuery = queryOptions({
  queryKey: ["strategies"],
  queryFn: ({ signal }) => ask("strategyList", "/strategies", { signal }),
});
export const strategyQuery = (name: string) =>
  queryOptions({
    queryKey: ["strategies", name],
    queryFn: ({ signal }) => ask("strategy", `/strategies/${path(name)}`, { signal }),
  });
export const strategyVersionQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: ["strategy-version", name, version],
    queryFn: ({ signal }) =>
      ask("strategyVersion", `/strategies/${path(name)}/versions/${path(version)}`, { signal }),
    staleTime: Infinity,
  });
export const strategyScriptQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: ["strategy-script", name, version],
    queryFn: ({ signal }) =>
      ask("strategyScript", `/strategies/${path(name)}/versions/${path(version)}/script`, {
        signal,
      }),
    staleTime: Infinity,
  });
export const strategySourceQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: ["strategy-source", name, version],
    queryFn: ({ signal }) =>
      ask("strategySource", `/strategies/${path(name)}/versions/${path(version)}/source`, {
        signal,
      }),
    staleTime: Infinity,
  });

export const backtestsQuery = (wanted: BacktestsAsk = {}) =>
  queryOptions({
    queryKey: ["backtest", "list", wanted],
    queryFn: ({ signal }) => ask("backtestPage", "/backtests", { query: wanted, signal }),
  });
export const backtestQuery = (id: string) =>
  queryOptions({
    queryKey: ["backtest", id],
    queryFn: ({ signal }) => ask("backtestDetail", `/backtests/${path(id)}`, { signal }),
  });
/** Every trade of a backtest that is done, page after page. */
export const tradesQuery = (id: string) =>
  queryOptions({
    queryKey: ["backtest", "trades", id],
    queryFn: async ({ signal }) => {
      const pageSize = 5_000;
      const trades: Trade[] = [];
      for (let page = 1, total = 1; (page - 1) * pageSize < total; page++) {
        const query = { page, pageSize };
        const answer = await ask("tradePage", `/backtests/${path(id)}/trades`, { query, signal });
        trades.push(...answer.items);
        total = answer.total;
      }
      return trades;
    },
    staleTime: Infinity,
  });
export const compareQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["backtest", "compare", ids],
    queryFn: ({ signal }) =>
      ask("comparison", "/backtests/compare", { query: { ids: ids.join(",") }, signal }),
  });
export const comparisonsQuery = queryOptions({
  queryKey: ["comparisons"],
  queryFn: ({ signal }) => ask("savedComparisonList", "/comparisons", { signal }),
});
