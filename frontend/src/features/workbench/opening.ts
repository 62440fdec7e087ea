import { useQuery } from "@tanstack/react-query";
import type { UserSettings } from "@trading/contracts/accounts";
import type { BacktestDetail } from "@trading/contracts/backtests";
import { usualFeeAsset } from "@trading/contracts/fee-asset";
import type { Series } from "@trading/contracts/market-data";
import type { StrategyVersion, StrategyView } from "@trading/contracts/strategies";
import { useRef } from "react";
import { problemOf } from "../../api/problem.ts";
import {
  backtestQuery,
  backtestsQuery,
  meQuery,
  seriesListQuery,
  seriesQuery,
  strategiesQuery,
  strategyVersionQuery,
} from "../../api/queries.ts";
import { useSettings } from "../../api/settings.ts";
import { defaultSettings } from "../../ui/run-settings.ts";
import type { WorkbenchSearch } from "./search.ts";
import {
  fitted,
  freshState,
  stateOfBacktest,
  type WorkbenchState,
  withFittedOthers,
} from "./state.ts";

export type Opening =
  | { kind: "loading" }
  | { kind: "problem"; error: unknown; retry: () => void }
  | { kind: "no-series" }
  | { kind: "no-strategies" }
  /** The series that the address or its backtest names was deleted. */
  | { kind: "series-gone"; backtest: string | null }
  | { kind: "strategy-gone"; name: string }
  /** The backtest of the address never got its candles. */
  | { kind: "never-fetched"; backtest: BacktestDetail }
  | {
      kind: "ready";
      /** Changes when another thing is opened, so that the workbench starts anew. */
      key: string;
      state: WorkbenchState;
      /** The stored backtest that is shown until the browser has computed it itself. */
      backtest: BacktestDetail | null;
      strategies: readonly StrategyView[];
      /** The version it was made with, where that is not the newest one. */
      older: StrategyVersion | null;
      series: readonly Series[];
    };

type Ready = Extract<Opening, { kind: "ready" }>;

/**
 * What the workbench opens with: the backtest of the address, else a fresh start on the strategy or series it names,
 * else what the user left, else their last backtest, else the first strategy over the first series. Once open it
 * stays, whatever is read anew; only the lists follow.
 */
export function useOpening(search: WorkbenchSearch): Opening {
  const strategies = useQuery(strategiesQuery);
  const series = useQuery(seriesListQuery({ pageSize: 200 }));
  const left = useLeft(search);
  const wanted = left.kind === "ready" ? left.wanted : null;
  const older = useOlder(wanted, search);
  const named = useNamed(wanted, search);
  const open = useRef<Ready | null>(null);
  const [liked] = useSettings();
  const failed = [strategies, series].find((query) => query.isError && !query.data);
  if (failed) return { kind: "problem", error: failed.error, retry: () => void failed.refetch() };
  if (!strategies.data || !series.data) return { kind: "loading" };
  const lists = {
    strategies: strategies.data.items,
    series: withNamed(series.data.items, named),
  };
  const key = `${search.backtest ?? ""}/${search.series ?? ""}/${search.strategy ?? ""}`;
  if (open.current?.key === key) return { ...open.current, ...lists };
  if (left.kind !== "ready") return left;
  if (named.kind !== "ready") return named;
  if (older.kind !== "ready") return older;
  const { version } = older;
  const nothing = withoutStrategy(lists.strategies, version, search);
  if (nothing) return nothing;
  const state = openingState({ ...lists, older: version }, search, left.wanted, liked);
  if (!state) return { kind: "no-series" };
  const backtest = isOf(state, left.wanted) ? left.backtest : null;
  open.current = { kind: "ready", key, state, backtest, older: version, ...lists };
  return open.current;
}

/** Another strategy in the place of the one that the address names would be a lie. */
function withoutStrategy(
  strategies: readonly StrategyView[],
  older: StrategyVersion | null,
  { strategy: name }: WorkbenchSearch,
): Opening | null {
  if (strategies.length === 0 && !older) return { kind: "no-strategies" };
  if (name === undefined || strategies.some((one) => one.name === name)) return null;
  return { kind: "strategy-gone", name };
}

type Left =
  | Extract<Opening, { kind: "loading" | "problem" | "never-fetched" }>
  | { kind: "ready"; wanted: WorkbenchState | null; backtest: BacktestDetail | null };

/** What there was before: the stored backtest, or what the user left. */
function useLeft(search: WorkbenchSearch): Left {
  const remembered = useQuery({ ...meQuery, enabled: false }).data?.settings.workbench;
  const isFresh = search.series !== undefined || search.strategy !== undefined;
  const wantsLast = search.backtest === undefined && !isFresh && remembered === undefined;
  const last = useQuery({ ...backtestsQuery({ pageSize: 1, status: "done" }), enabled: wantsLast });
  const id = search.backtest ?? (wantsLast ? last.data?.items[0]?.id : undefined);
  const opened = useQuery({ ...backtestQuery(id ?? ""), enabled: id !== undefined });
  const failed = [last, opened].find((query) => query.isError && !query.data);
  if (failed) return { kind: "problem", error: failed.error, retry: () => void failed.refetch() };
  const isWaiting = (wantsLast && last.isPending) || (id !== undefined && opened.isPending);
  if (isWaiting) return { kind: "loading" };
  if (opened.data) return leftBy(opened.data);
  return { kind: "ready", backtest: null, wanted: isFresh ? null : (remembered ?? null) };
}

function leftBy(backtest: BacktestDetail): Left {
  const wanted = stateOfBacktest(backtest);
  return wanted ? { kind: "ready", backtest, wanted } : { kind: "never-fetched", backtest };
}

type Named =
  | Extract<Opening, { kind: "loading" | "problem" | "series-gone" }>
  | { kind: "ready"; series: Series | null };

/** The series that the address or its backtest names, where the list does not hold it. */
function useNamed(wanted: WorkbenchState | null, search: WorkbenchSearch): Named {
  const listed = useQuery(seriesListQuery({ pageSize: 200 })).data?.items;
  const id = search.series ?? (search.backtest && wanted?.seriesId);
  const isElsewhere = id !== undefined && listed?.some((one) => one.id === id) === false;
  const asked = useQuery({ ...seriesQuery(id ?? ""), enabled: isElsewhere });
  if (!isElsewhere) return { kind: "ready", series: null };
  if (asked.data) return { kind: "ready", series: asked.data };
  if (asked.isPending) return { kind: "loading" };
  return problemOf(asked.error).status === 404
    ? { kind: "series-gone", backtest: search.backtest ?? null }
    : { kind: "problem", error: asked.error, retry: () => void asked.refetch() };
}

const withNamed = (listed: readonly Series[], named: Named): readonly Series[] =>
  named.kind === "ready" && named.series ? [...listed, named.series] : listed;

type Older =
  | Extract<Opening, { kind: "loading" | "problem" }>
  | { kind: "ready"; version: StrategyVersion | null };

/** The version that is wanted, where it is not the newest one of its strategy. */
function useOlder(wanted: WorkbenchState | null, search: WorkbenchSearch): Older {
  const strategies = useQuery(strategiesQuery).data?.items;
  const { strategy = "", version = "" } = wanted ?? {};
  const isOther = search.strategy !== undefined && search.strategy !== strategy;
  const newest = strategies?.find(({ name }) => name === strategy)?.version;
  const isOlder = strategies !== undefined && !isOther && version !== "" && version !== newest;
  const asked = useQuery({ ...strategyVersionQuery(strategy, version), enabled: isOlder });
  if (!isOlder) return { kind: "ready", version: null };
  if (asked.data) return { kind: "ready", version: asked.data };
  if (asked.isPending) return { kind: "loading" };
  return { kind: "problem", error: asked.error, retry: () => void asked.refetch() };
}

type Pair = Pick<WorkbenchState, "strategy" | "seriesId">;
const isOf = (one: Pair, other: Pair | null): boolean =>
  one.strategy === other?.strategy && one.seriesId === other.seriesId;

type Lists = Readonly<{
  strategies: readonly StrategyView[];
  older: StrategyVersion | null;
  series: readonly Series[];
}>;

type Liked = Pick<UserSettings, "currency" | "capital">;

/** What is wanted as far as it still exists; for the rest what the user likes, or the first of each kind. */
export function openingState(
  { strategies, older, series }: Lists,
  search: WorkbenchSearch,
  wanted: WorkbenchState | null,
  { currency, capital }: Liked,
): WorkbenchState | null {
  const strategyName = search.strategy ?? wanted?.strategy;
  const newest = strategies.find(({ name }) => name === strategyName);
  const first = strategies.find(({ parameters }) => Object.keys(parameters).length > 0);
  const strategy =
    older && older.name === strategyName ? older : (newest ?? first ?? strategies[0]);
  const seriesId = search.series ?? wanted?.seriesId;
  const chosen =
    series.find(({ id }) => id === seriesId) ??
    series.find(({ quote }) => quote === currency) ??
    series[0];
  if (!strategy || !chosen) return null;
  if (!wanted || !isOf({ strategy: strategy.name, seriesId: chosen.id }, wanted))
    return freshState(strategy, chosen, {
      settings: wanted?.settings ?? {
        ...defaultSettings,
        capital,
        feeAsset: usualFeeAsset({ ...chosen, isPerpetual: false }),
      },
    });
  const { version: _, ...rest } = wanted;
  const parameters = fitted(strategy.parameters, wanted.parameters);
  // What was left before there was a setting has it as usual.
  const settings = { ...defaultSettings, ...wanted.settings };
  const state = {
    ...rest,
    parameters,
    settings,
    ...(strategy === older && { version: strategy.version }),
  };
  // A stored backtest stays as it was; what was left goes on with the markets that are still there.
  return search.backtest === undefined ? withFittedOthers(state, series) : state;
}
