import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

// What is read of exchanges and their markets.

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
      ask("marketPage", `/exchanges/${encodeURIComponent(exchange)}/markets`, {
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
    queryFn: ({ signal }) =>
      ask("marketPrices", `/exchanges/${encodeURIComponent(exchange)}/prices`, { signal }),
    refetchInterval: whileLooking(10_000),
    retry: false,
  });
export const liveCandlesQuery = (exchange: string, symbol: string) =>
  queryOptions({
    queryKey: ["live", exchange, symbol],
    queryFn: ({ signal }) =>
      ask("liveCandles", `/exchanges/${encodeURIComponent(exchange)}/live`, {
        query: { symbol },
        signal,
      }),
    refetchInterval: whileLooking(2_000),
    gcTime: 0,
    retry: false,
  });
