import { useCallback, useMemo } from "react";
import type { Sort } from "../../../ui/table.tsx";
import { workbenchAddress } from "../address.ts";
import type { RunTrade } from "../result/shown.ts";
import { type TradeFilter, type TradeSort, tradeSorts } from "../search.ts";

/** Trades as they are listed: which of them, in which order. The address keeps both. */
export type TradeList = Readonly<{
  /** In the order they happened; null while there are none yet. */
  matching: readonly RunTrade[] | null;
  /** The same in the order asked for. */
  sorted: readonly RunTrade[] | null;
  sort: Sort;
  setSort: (sort: Sort) => void;
  filter: TradeFilter;
  setFilter: (filter: TradeFilter) => void;
}>;

const usual = { sort: "number", order: "desc" } as const;

export function useTradeList(trades: readonly RunTrade[] | null): TradeList {
  const { sort: by = usual.sort, order = usual.order, ...rest } = workbenchAddress.useSearch();
  const { side, result, exit, market } = rest;
  const setSearch = workbenchAddress.useSetSearch();
  const filter = useMemo(() => known({ side, result, exit, market }), [side, result, exit, market]);
  const matching = useMemo(
    () => trades?.filter((trade) => matches(trade, filter)) ?? null,
    [trades, filter],
  );
  const sort = useMemo(() => ({ by, order }), [by, order]);
  const sorted = useMemo(() => matching && sortTrades(matching, sort), [matching, sort]);
  const setSort = useCallback(
    (next: Sort) =>
      setSearch({
        search: ({ sort: _, order: __, ...old }) => ({ ...old, ...sortOf(next) }),
        replace: true,
      }),
    [setSearch],
  );
  const setFilter = useCallback(
    (next: TradeFilter) =>
      setSearch({
        search: ({ side: _, result: __, exit: ___, market: ____, ...old }) => ({ ...old, ...next }),
        replace: true,
      }),
    [setSearch],
  );
  return { matching, sorted, sort, setSort, filter, setFilter };
}

type Said = { [Name in keyof TradeFilter]: TradeFilter[Name] | undefined };

/** What a filter says, without what it leaves open. */
export const known = (filter: Said): TradeFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));

/** What the address needs to say: nothing where it is as usual. */
function sortOf({ by, order }: Sort): { sort?: TradeSort; order?: Sort["order"] } {
  const sort = keyOf(by);
  return sort === usual.sort && order === usual.order ? {} : { sort, order };
}

/** Whether a trade agrees with all that a filter says. One that earned nothing did not win. */
export const matches = (trade: RunTrade, { side, result, exit, market }: TradeFilter): boolean =>
  (side === undefined || trade.side === side) &&
  (result === undefined || trade.pnl > 0 === (result === "won")) &&
  (exit === undefined || trade.exitReason === exit) &&
  (market === undefined || trade.market === market);

const keyOf = (by: string): TradeSort => tradeSorts.find((one) => one === by) ?? usual.sort;

/** The trades in the order asked for; equal ones in the order they happened. */
export function sortTrades(trades: readonly RunTrade[], { by, order }: Sort): readonly RunTrade[] {
  const key = keyOf(by);
  const sign = order === "asc" ? 1 : -1;
  return trades.toSorted((a, b) => sign * (a[key] - b[key]) || a.number - b.number);
}
