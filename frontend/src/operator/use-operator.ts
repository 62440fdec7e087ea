import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { ask } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import type { Shapes } from "../api/shapes.ts";
import { readAddress, searchText } from "../router/address.ts";
import { goTo, useAddress } from "../router/router.tsx";

type Query = Readonly<Record<string, string | number | undefined>>;

/** Asks the operator's part of the API; what is on the screen is read again every few seconds. */
export const useAdmin = <Name extends keyof Shapes>(name: Name, path: string, query: Query = {}) =>
  useQuery({
    queryKey: ["admin", path, query],
    queryFn: ({ signal }) => ask(name, `/admin${path}`, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

/** Whether whoever is here changes things; supporters look, and are offered nothing else. */
export const useMayOperate = (): boolean =>
  useQuery(meQuery).data?.may.includes("operate") ?? false;

type Search = Readonly<Record<string, string | undefined>>;

/**
 * What the address says beside the page, and how to change it; what else changes leads back to the first page. The
 * panel of a row is `open`ed, so that going back closes it.
 */
export function useSearch(): readonly [
  search: Search,
  set: (change: Search) => void,
  open: (change: Search) => void,
] {
  const { search } = useAddress();
  const set = useCallback((change: Search) => changeSearch({ page: undefined, ...change }), []);
  return [search, set, openInSearch];
}

function changeSearch(change: Search, replace = true): void {
  const { path, search } = readAddress(location.hash);
  goTo(`#${path}${searchText({ ...search, ...change })}`, { replace });
}

/** From one open row to the next takes no step of the history. */
const openInSearch = (change: Search): void => {
  const { search } = readAddress(location.hash);
  changeSearch(
    change,
    Object.keys(change).some((name) => name in search),
  );
};
