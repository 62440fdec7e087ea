import type { QueryClient } from "@tanstack/react-query";
import type { OtherSeries } from "@trading/contracts/backtests";
import { type Timeframe, timeframeMs } from "@trading/contracts/timeframes";
import type { MarketInput } from "@trading/engine";
import { local, ProblemError } from "../../api/problem.ts";
import { candlesQuery, seriesQuery } from "../../api/queries.ts";
import { rangeOf, rulesOf } from "./market-inputs.ts";
import type { WorkbenchState } from "./state.ts";
import { texts } from "./texts.ts";

/** Candles and rules of the further markets of a wallet. Throws ProblemError. */
export const loadOthers = (
  client: QueryClient,
  state: WorkbenchState,
  isDetailed: boolean,
): Promise<MarketInput[]> =>
  Promise.all((state.others ?? []).map((other) => load(client, state, other, isDetailed)));

async function load(
  client: QueryClient,
  state: WorkbenchState,
  { seriesId, timeframe = state.timeframe, funding }: OtherSeries,
  isDetailed: boolean,
): Promise<MarketInput> {
  const candlesOf = (wanted: Timeframe) =>
    client.fetchQuery(candlesQuery(seriesId, rangeOf(state, wanted)));
  const [series, candles] = await Promise.all([
    client.fetchQuery({ ...seriesQuery(seriesId), staleTime: 60_000 }),
    candlesOf(timeframe),
  ]);
  if (candles.columns.time.length === 0) throw withoutCandles(series.symbol);
  const hasFiner = timeframeMs[series.timeframe] < timeframeMs[timeframe];
  const finer = isDetailed && hasFiner ? await candlesOf(series.timeframe) : null;
  return {
    market: rulesOf(series.symbol, series.market),
    timeframe,
    candles: candles.columns,
    dataRevision: candles.revision,
    quote: series.quote,
    ...(finer && {
      detail: {
        candles: finer.columns,
        timeframe: series.timeframe,
        dataRevision: finer.revision,
      },
    }),
    ...(funding !== undefined && { funding }),
  };
}

const withoutCandles = (symbol: string) =>
  new ProblemError(
    local("no-candles", 0, texts.several.noCandles(symbol), texts.several.noCandlesHelp),
  );
