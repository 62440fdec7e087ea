import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
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
export const securityQuery = queryOptions({
  queryKey: ["security"],
  queryFn: ({ signal }) => ask("security", "/users/me/security", { signal }),
});
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => ask("sessionList", "/users/me/sessions", { signal }),
});
export const passkeysQuery = queryOptions({
  queryKey: ["passkeys"],
  queryFn: ({ signal }) => ask("passkeyList", "/users/me/passkeys", { signal }),
});
export const apiTokensQuery = queryOptions({
  queryKey: ["api-tokens"],
  queryFn: ({ signal }) => ask("apiTokenList", "/users/me/tokens", { signal }),
});
export const exchangeAccountsQuery = queryOptions({
  queryKey: ["exchange-accounts"],
  queryFn: ({ signal }) => ask("exchangeAccountList", "/exchange-accounts", { signal }),
  // No event tells when the operator lets work begin again.
  refetchInterval: ({ state }) => (state.data?.isHalted === true ? 5_000 : false),
});
export const inboxQuery = queryOptions({
  queryKey: ["inbox"],
  queryFn: ({ signal }) => ask("inbox", "/users/me/inbox", { signal }),
});
export const telegramQuery = queryOptions({
  queryKey: ["telegram"],
  queryFn: ({ signal }) => ask("telegramState", "/users/me/telegram", { signal }),
});
export const announcementsQuery = queryOptions({
  queryKey: ["announcement"],
  queryFn: ({ signal }) => ask("announcementList", "/announcements", { signal }),
});
export const legalQuery = queryOptions({
  queryKey: ["legal"],
  queryFn: ({ signal }) => ask("legalList", "/legal", { signal, anonymous: true }),
});
export const legalTextQuery = (kind: string) =>
  queryOptions({
    queryKey: ["legal", kind],
    queryFn: ({ signal }) => ask("legalText", `/legal/${path(kind)}`, { signal, anonymous: true }),
  });
export const ownLegalQuery = queryOptions({
  queryKey: ["announcement", "legal"],
  queryFn: ({ signal }) => ask("ownLegalList", "/users/me/legal", { signal }),
});
export const mailboxQuery = queryOptions({
  queryKey: ["mailbox"],
  queryFn: ({ signal }) => ask("mailbox", "/mailbox", { signal }),
  refetchInterval: 5_000,
});

export const seriesListQuery = (wanted: SeriesAsk = {}) =>
  queryOptions({
    queryKey: ["series", "list", wanted],
    queryFn: ({ signal }) => ask("seriesPage", "/series", { query: wanted, signal }),
  });
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
export const exchangesQuery = queryOptions({
  queryKey: ["exchanges"],
  queryFn: ({ signal }) => ask("exchanges", "/exchanges", { signal }),
  staleTime: 600_000,
});
/** For operators only. */
export const simulatorQuery = queryOptions({
  queryKey: ["simulator"],
  queryFn: ({ signal }) => ask("simulatorPage", "/simulator", { signal }),
  staleTime: Infinity,
  retry: false,
});
/** Markets quoted in the user's currency come first of those that match equally well. */
export const marketsQuery = (exchange: string, search: string, currency: string) =>
  queryOptions({
    queryKey: ["markets", exchange, search, currency],
    queryFn: ({ signal }) =>
      ask("marketPage", `/exchanges/${path(exchange)}/markets`, {
        query: { search, currency, pageSize: 50 },
        signal,
      }),
    staleTime: 600_000,
    enabled: exchange !== "",
    retry: false,
  });
/** Asked again and again while it is on the screen, and sooner until a worker has read it for the first time. */
const whileLooking =
  (everyMs: number) =>
  ({ state }: { state: { data?: { at: string | null } | undefined } }): number =>
    state.data?.at ? everyMs : 500;
export const pricesQuery = (exchange: string) =>
  queryOptions({
    queryKey: ["prices", exchange],
    queryFn: ({ signal }) => ask("marketPrices", `/exchanges/${path(exchange)}/prices`, { signal }),
    refetchInterval: whileLooking(10_000),
    retry: false,
  });
export const liveCandlesQuery = (exchange: string, symbol: string) =>
  queryOptions({
    queryKey: ["live", exchange, symbol],
    queryFn: ({ signal }) =>
      ask("liveCandles", `/exchanges/${path(exchange)}/live`, { query: { symbol }, signal }),
    refetchInterval: whileLooking(2_000),
    gcTime: 0,
    retry: false,
  });
export const dataTasksQuery = queryOptions({
  queryKey: ["data-tasks"],
  queryFn: ({ signal }) => ask("dataTaskPage", "/data-tasks", { query: { pageSize: 20 }, signal }),
});
export const storageQuery = queryOptions({
  queryKey: ["series", "storage"],
  queryFn: ({ signal }) => ask("storageUse", "/storage", { signal }),
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
