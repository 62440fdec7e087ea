import { useQuery } from "@tanstack/react-query";
import type { BacktestDetail } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import type { StrategyView } from "@trading/contracts/strategies";
import {
  backtestQuery,
  backtestsQuery,
  meQuery,
  seriesListQuery,
  strategiesQuery,
} from "../../api/queries.ts";
import type { WorkbenchSearch } from "./search.ts";
import { fitted, freshState, stateOfBacktest, type WorkbenchState } from "./state.ts";

export type Opening =
  | { kind: "loading" }
  | { kind: "problem"; error: unknown; retry: () => void }
  | { kind: "no-series" }
  | { kind: "no-strategies" }
  | {
      kind: "ready";
      /** Changes when another thing is opened, so that the workbench starts anew. */
      key: string;
      state: WorkbenchState;
      /** The stored backtest that is shown until the browser has computed it itself. */
      backtest: BacktestDetail | null;
      strategies: readonly StrategyView[];
      series: readonly Series[];
    };

/**
 * What the workbench opens with: the backtest of the address, else a fresh start on the strategy or series it names,
 * else what the user left, else their last backtest, else the first strategy over the first series.
 */
export function useOpening(search: WorkbenchSearch): Opening {
  const strategies = useQuery(strategiesQuery);
  const series = useQuery(seriesListQuery({ pageSize: 200 }));
  const left = useLeft(search);
  const failed = [strategies, series].find((query) => query.isError && !query.data);
  if (failed) return { kind: "problem", error: failed.error, retry: () => void failed.refetch() };
  if (left.kind === "problem") return left;
  if (!strategies.data || !series.data || left.kind === "loading") return { kind: "loading" };
  const lists = { strategies: strategies.data.items, series: series.data.items };
  if (lists.strategies.length === 0) return { kind: "no-strategies" };
  const state = openingState(lists, search, left.wanted);
  if (!state) return { kind: "no-series" };
  const key = `${search.backtest ?? ""}/${search.series ?? ""}/${search.strategy ?? ""}`;
  return { kind: "ready", key, state, backtest: left.backtest, ...lists };
}

type Left =
  | Extract<Opening, { kind: "loading" | "problem" }>
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
  const backtest = opened.data ?? null;
  if (backtest) return { kind: "ready", backtest, wanted: stateOfBacktest(backtest) };
  return { kind: "ready", backtest: null, wanted: isFresh ? null : (remembered ?? null) };
}

type Lists = Readonly<{ strategies: readonly StrategyView[]; series: readonly Series[] }>;

/** What is wanted as far as it still exists; the first of each kind for the rest. */
export function openingState(
  { strategies, series }: Lists,
  search: WorkbenchSearch,
  wanted: WorkbenchState | null,
): WorkbenchState | null {
  const strategyName = search.strategy ?? wanted?.strategy;
  const strategy = strategies.find(({ name }) => name === strategyName) ?? strategies[0];
  const seriesId = search.series ?? wanted?.seriesId;
  const chosen = series.find(({ id }) => id === seriesId) ?? series[0];
  if (!strategy || !chosen) return null;
  const isSame = wanted?.strategy === strategy.name && wanted.seriesId === chosen.id;
  if (!wanted || !isSame)
    return freshState(strategy, chosen, wanted ? { settings: wanted.settings } : {});
  return { ...wanted, parameters: fitted(strategy.parameters, wanted.parameters) };
}
