import { useQuery } from "@tanstack/react-query";
import type { BacktestDetail } from "@trading/contracts/backtests";
import { timeframeMs } from "@trading/contracts/timeframes";
import { useMemo } from "react";
import { tradesQuery } from "../../api/queries.ts";
import { chartResultOfServer } from "./chart/chart-result.ts";
import type { ChartResult } from "./chart/draw-result.ts";
import { type Shown, shownOfServer, tradesOfServer } from "./result/shown.ts";
import type { CandleSet } from "./run/protocol.ts";

type Stored = Readonly<{ shown: Shown | null; chartResult: ChartResult | null }>;

/**
 * What the server stored of a backtest, as figures at once and as a chart as soon as the candles are here. It stands
 * until the browser has run the same, and for good where the browser cannot.
 */
export function useStored(backtest: BacktestDetail | null, set: CandleSet | null): Stored {
  const result = backtest?.result ?? null;
  const { data } = useQuery({ ...tradesQuery(backtest?.id ?? ""), enabled: result !== null });
  const candles = set?.candles ?? null;
  const trades = useMemo(
    () => (data ? tradesOfServer(data, candles?.time ?? null) : null),
    [data, candles],
  );
  const shown = useMemo(
    () => (backtest ? shownOfServer(backtest, trades) : null),
    [backtest, trades],
  );
  const chartResult = useMemo(() => {
    if (!result || !candles || !trades) return null;
    // Candles may have been added or corrected since: then only a new run knows where anything lies.
    if (set?.dataRevision !== result.data.revision) return null;
    const { symbol, timeframe } = result.data;
    const own = trades.filter(({ market }) => market === symbol);
    return chartResultOfServer(result.curve, own, candles, timeframeMs[timeframe]);
  }, [result, candles, trades, set]);
  return { shown, chartResult };
}
