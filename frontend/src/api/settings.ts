import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import type { UserSettings } from "@trading/contracts/accounts";
import { useCallback } from "react";
import { ask } from "./client.ts";
import { meQuery } from "./queries.ts";

const defaults: UserSettings = {
  theme: "dark",
  colours: "teal-red",
  timeZone: "UTC",
  currency: "USDT",
  capital: 10_000,
  layout: {},
  hiddenColumns: {},
};

type Change = (patch: Partial<UserSettings>) => void;

/** The user's settings and a way to change them: at once on the screen, half a second later on the server. */
export function useSettings(): readonly [UserSettings, Change] {
  const client = useQueryClient();
  const settings = useQuery({ ...meQuery, enabled: false }).data?.settings ?? defaults;
  const change = useCallback<Change>(
    (patch) => {
      client.setQueryData(meQuery.queryKey, (me) =>
        me === undefined ? me : { ...me, settings: { ...me.settings, ...patch } },
      );
      saveSoon(client, patch);
    },
    [client],
  );
  return [settings, change];
}

let waiting: Partial<UserSettings> = {};
let timer: ReturnType<typeof setTimeout> | undefined;

function saveSoon(client: QueryClient, patch: Partial<UserSettings>): void {
  waiting = { ...waiting, ...patch };
  clearTimeout(timer);
  timer = setTimeout(() => {
    const body = waiting;
    waiting = {};
    // What could not be saved is read back, so that the screen does not pretend.
    ask("nothing", "/users/me/settings", { method: "PATCH", body }).catch(() =>
      client.invalidateQueries({ queryKey: meQuery.queryKey }),
    );
  }, 500);
}

const none: readonly string[] = [];

/** The columns a user has hidden in one table, for DataTable's `hidden` and `onHidden`. */
export function useHiddenColumns(
  table: string,
): readonly [readonly string[], (hidden: readonly string[]) => void] {
  const [settings, change] = useSettings();
  return [
    settings.hiddenColumns[table] ?? none,
    (hidden) => change({ hiddenColumns: { ...settings.hiddenColumns, [table]: [...hidden] } }),
  ];
}

/** The remembered size of a split, as a share. */
export function useSplit(
  name: string,
  initial: number,
): readonly [number, (share: number) => void] {
  const [settings, change] = useSettings();
  return [
    settings.layout[name] ?? initial,
    (share) => change({ layout: { ...settings.layout, [name]: share } }),
  ];
}
