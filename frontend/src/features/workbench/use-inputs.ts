import { useQuery } from "@tanstack/react-query";
import type { SeriesDetail } from "@trading/contracts/market-data";
import type { StrategyVersion } from "@trading/contracts/strategies";
import { type Timeframe, timeframeMs } from "@trading/contracts/timeframes";
import type { Detail } from "@trading/engine";
import { useMemo } from "react";
import { candlesQuery, seriesQuery, strategyScriptQuery } from "../../api/queries.ts";
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
  const { seriesId, timeframe, settings } = state;
  const series = useQuery(seriesQuery(seriesId));
  const candles = useQuery(candlesQuery(seriesId, rangeOf(state, timeframe)));
  const script = useQuery(strategyScriptQuery(strategy.name, strategy.version));
  const finer = useDetail(state, series.data?.timeframe, settings.fillPolicy === "detail");
  const market = series.data?.market;
  const symbol = series.data?.symbol;
  const set = useMemo<CandleSet | null>(() => {
    if (!candles.data || symbol === undefined || market === undefined || finer.isWaiting)
      return null;
    return {
      candles: candles.data.columns,
      dataRevision: candles.data.revision,
      market: rulesOf(symbol, market),
      timeframe,
      ...(finer.detail && { detail: finer.detail }),
    };
  }, [candles.data, symbol, market, timeframe, finer.detail, finer.isWaiting]);
  const failed = [series, candles, script, finer.query].find((query) => query.isError);
  return {
    candles: set,
    script: script.data ?? null,
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  };
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

const rangeOf = ({ from, to }: WorkbenchState, timeframe: Timeframe) => ({
  timeframe,
  from: from ?? undefined,
  to: to ?? undefined,
});

/** The rules a run rounds by; a series without a known market rounds nothing. */
function rulesOf(symbol: string, market: SeriesDetail["market"]): CandleSet["market"] {
  const { tick = null, lot = null, notionalMin = null } = market ?? {};
  return { symbol, tick, lot, notionalMin };
}
