import { timeframeMs } from "@trading/contracts/timeframes";
import type { Columns, MarketInput } from "@trading/engine";
import { lastAtOrBefore, type RunTrade } from "../result/shown.ts";
import type { BrowserResult } from "../run/protocol.ts";
import { drawdownOf, holdOf } from "./curves.ts";
import type { ChartResult } from "./draw-result.ts";
import type { ChartTrade } from "./draw-trades.ts";
import { placePlots } from "./place-plots.ts";

/** What the chart draws of a run. */
export function chartResultOf(result: BrowserResult, candles: Columns): ChartResult {
  const { description, equity, plots } = result;
  return {
    equity,
    band: null,
    plots: placePlots(plots, candles.close),
    trades: description.trades.map(chartTradeOf),
    hold: holdOf(candles, description.benchmark.finalEquity ?? Number.NaN),
    drawdown: drawdownOf(equity),
  };
}

type Curve = Readonly<Record<"time" | "equity" | "drawdown" | "benchmark", readonly number[]>>;
type Described = Readonly<{ curve: Curve; trades: readonly RunTrade[] }>;

/**
 * The same over the candles of one market, of a run over several or of a stored result: the curve has fewer points than
 * there are candles, so each stands until the next; the strategy's own lines are not known.
 */
export function chartResultOfMarket(
  { curve, trades }: Described,
  { market, candles, timeframe }: Pick<MarketInput, "market" | "candles" | "timeframe">,
): ChartResult {
  const { time } = candles;
  const lengthMs = timeframeMs[timeframe as keyof typeof timeframeMs];
  // Points of the curve stand at the close of their candle.
  const points = Int32Array.from(time, (at) => lastAtOrBefore(curve.time, at + lengthMs));
  const spread = (values: readonly number[]) =>
    Float64Array.from(points, (point) => values[point] ?? Number.NaN);
  return {
    equity: spread(curve.equity),
    hold: spread(curve.benchmark),
    drawdown: spread(curve.drawdown),
    band: null,
    plots: [],
    trades: trades
      .filter((trade) => trade.market === market.symbol)
      .map((trade) => ({
        ...chartTradeOf(trade),
        entryIndex: lastAtOrBefore(time, trade.entryAt),
        exitIndex: lastAtOrBefore(time, trade.exitAt),
      })),
  };
}

function chartTradeOf(trade: RunTrade): ChartTrade {
  const { number, side, entryIndex, exitIndex, entryPrice, exitPrice, exitReason, pnl } = trade;
  const { stopPrice, targetPrice } = trade;
  return {
    number,
    side,
    entryIndex,
    exitIndex,
    entryPrice,
    exitPrice,
    won: pnl > 0,
    open: exitReason === "end-of-data",
    stopPrice,
    targetPrice,
  };
}
