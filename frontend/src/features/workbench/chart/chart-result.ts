import type { Columns } from "@trading/engine";
import type { RunTrade } from "../result/shown.ts";
import type { BrowserResult } from "../run/protocol.ts";
import { drawdownOf, holdOf } from "./curves.ts";
import type { ChartResult } from "./draw-result.ts";
import type { ChartTrade } from "./draw-trades.ts";

/** What the chart draws of a run. */
export function chartResultOf(result: BrowserResult, candles: Columns): ChartResult {
  const { description, equity, plots } = result;
  return {
    equity,
    plots,
    trades: description.trades.map(chartTradeOf),
    hold: holdOf(candles, description.benchmark.finalEquity ?? Number.NaN),
    drawdown: drawdownOf(equity),
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
