import { useQuery } from "@tanstack/react-query";
import type { BacktestDetail } from "@trading/contracts/backtests";
import { useMemo } from "react";
import { tradesQuery } from "../../api/queries.ts";
import type { Drawing } from "./chart/chart-result.ts";
import { type Shown, shownOfServer, tradesOfServer } from "./result/shown.ts";
import type { ChartedMarket } from "./run/protocol.ts";

type Stored = Readonly<{ shown: Shown | null; drawing: Drawing | null }>;

/**
 * What the server stored of a backtest, as figures at once and as a chart as soon as the candles are here. It stands
 * until the browser has run the same, and for good where the browser cannot.
 */
export function useStored(backtest: BacktestDetail | null, charted: ChartedMarket | null): Stored {
  const result = backtest?.result ?? null;
  const { data } = useQuery({ ...tradesQuery(backtest?.id ?? ""), enabled: result !== null });
  const candles = charted?.candles ?? null;
  const trades = useMemo(
    () => (data ? tradesOfServer(data, candles?.time ?? null) : null),
    [data, candles],
  );
  const shown = useMemo(
    () => (backtest ? shownOfServer(backtest, trades) : null),
    [backtest, trades],
  );
  const drawing = useMemo<Drawing | null>(() => {
    if (!result || !charted || !trades) return null;
    const { markets = [result.data], curve } = result;
    const used = markets.find(({ symbol }) => symbol === charted.market.symbol);
    // Candles may have been added or corrected since: then only a new run knows where anything lies.
    if (charted.dataRevision !== used?.revision) return null;
    return { kind: "stored", curve, trades };
  }, [result, trades, charted]);
  return { shown, drawing };
}
