import { useQuery } from "@tanstack/react-query";
import type { StrategyVersion } from "@trading/contracts/strategies";
import { type Timeframe, timeframeMs } from "@trading/contracts/timeframes";
import type { Detail } from "@trading/engine";
import { useMemo } from "react";
import { candlesQuery, seriesQuery, strategyScriptQuery } from "../../api/queries.ts";
import { rangeOf, rulesOf } from "./market-inputs.ts";
import type { CandleSet, Script } from "./run/protocol.ts";
import type { WorkbenchState } from "./state.ts";

export type Inputs = Readonly<{
  /** Null while they are on their way. */
  candles: CandleSet | null;
  script: Script | null;
  error: unknown;
  retry: () => void;
}>;

/** Candles and script for what is set. */
export function useInputs(state: WorkbenchState, strategy: StrategyVersion): Inputs {
  const { seriesId, timeframe } = state;
  const series = useQuery(seriesQuery(seriesId));
  const candles = useQuery(candlesQuery(seriesId, rangeOf(state, timeframe)));
  const script = useQuery(strategyScriptQuery(strategy.name, strategy.version));
  const others = useOthers(state);
  const finer = useDetail(state, series.data?.timeframe, isDetailed(state));
  const isWaiting = finer.isWaiting || others.isWaiting;
  const market = series.data?.market;
  const symbol = series.data?.symbol;
  const set = useMemo<CandleSet | null>(() => {
    if (!candles.data || symbol === undefined || market === undefined) return null;
    if (isWaiting) return null;
    return {
      candles: candles.data.columns,
      dataRevision: candles.data.revision,
      market: rulesOf(symbol, market),
      timeframe,
      ...(finer.detail && { detail: finer.detail }),
      ...(others.markets && { others: others.markets }),
    };
  }, [candles.data, symbol, market, timeframe, finer.detail, others.markets, isWaiting]);
  const failed = [series, candles, script, finer.query, others.query].find(
    (query) => query.isError,
  );
  return {
    candles: set,
    script: script.data ?? null,
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  };
}

/** Whether a run reads finer candles. */
const isDetailed = ({ settings }: WorkbenchState) => settings.fillPolicy === "detail";

/** The further markets of the wallet, where there are any. */
function useOthers(state: WorkbenchState) {
  const { others = [], timeframe, from, to } = state;
  const isWanted = others.length > 0;
  const isFine = isDetailed(state);
  const query = useQuery({
    queryKey: ["other-markets", others, timeframe, from, to, isFine],
    queryFn: async ({ client }) =>
      (await import("./load-others.ts")).loadOthers(client, state, isFine),
    enabled: isWanted,
    staleTime: 300_000,
    gcTime: 300_000,
  });
  const markets = isWanted ? query.data : undefined;
  return { markets, query, isWaiting: isWanted && !markets };
}

/** The finer candles that coarser ones are made of, where they are wanted and there are any. */
export function useDetail(state: WorkbenchState, finest: Timeframe | undefined, isWanted: boolean) {
  const isFiner = finest !== undefined && timeframeMs[finest] < timeframeMs[state.timeframe];
  const timeframe = finest ?? state.timeframe;
  const query = useQuery({
    ...candlesQuery(state.seriesId, rangeOf(state, timeframe)),
    enabled: isWanted && isFiner,
  });
  const candles = isWanted && isFiner ? query.data : undefined;
  const detail = useMemo<Detail | null>(
    () =>
      candles ? { candles: candles.columns, timeframe, dataRevision: candles.revision } : null,
    [candles, timeframe],
  );
  return { detail, query, isWaiting: isWanted && isFiner && !query.data };
}
