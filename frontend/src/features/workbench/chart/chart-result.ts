import { timeframeMs } from "@trading/contracts/timeframes";
import type { Columns, FillTable, MarketInput } from "@trading/engine";
import { lastAtOrBefore, type RunTrade } from "../result/shown.ts";
import { hiddenFills } from "../result/trade-fills.ts";
import type { BrowserExplanation, BrowserResult } from "../run/protocol.ts";
import { drawdownOf, holdOf } from "./curves.ts";
import type { Band, ChartResult } from "./draw-result.ts";
import type { ChartTrade } from "./draw-trades.ts";
import { placePlots } from "./place-plots.ts";

/** What there is to draw: a run in this browser, over one market or several, or what the server stored of one. */
export type Drawing =
  | Readonly<{ kind: "run"; result: BrowserResult; isOfSeveral: boolean }>
  | Readonly<{ kind: "stored"; curve: Curve; trades: readonly RunTrade[] }>;

/** What the chart of a market draws. */
export function chartResultOf(drawing: Drawing, charted: Charted): ChartResult {
  if (drawing.kind === "stored") return ofMarket({ ...drawing, fills: null }, charted);
  const { result, isOfSeveral } = drawing;
  return isOfSeveral ? ofWallet(result, charted) : ofOne(result, charted.candles);
}

function ofOne(result: BrowserResult, candles: Columns): ChartResult {
  const { description, equity, plots } = result;
  return {
    equity,
    band: null,
    plots: placePlots(plots, result.plotsBelow, candles.close),
    trades: chartTradesOf(description.trades, description.fills, candles.time),
    hold: holdOf(candles, description.benchmark.finalEquity ?? Number.NaN),
    drawdown: drawdownOf(equity),
  };
}

/**
 * The same over the candles of one market, of a run over several in this browser: equity is known at every moment, and of the
 * strategy's lines those of this market are drawn.
 */
function ofWallet(
  { description, equity, moments, plots, plotsBelow }: BrowserResult,
  charted: Charted,
): ChartResult {
  const { market, candles } = charted;
  const over = moments === null ? equity : overCandles(charted, moments, equity);
  const lines = plots.filter((plot) => plot.market === market.symbol);
  return {
    ...ofMarket(description, charted),
    equity: over,
    drawdown: drawdownOf(over),
    plots: placePlots(lines, plotsBelow, candles.close),
  };
}

/** What the fill policies make of the equity, over the candles of one market. */
export function bandOver({ band, moments }: BrowserExplanation, charted: Charted): Band | null {
  if (band === null || moments === null) return band;
  const over = (values: Float64Array) => overCandles(charted, moments, values);
  return { low: over(band.low), high: over(band.high) };
}

/** Values at moments at which candles close, for each candle of a market. */
function overCandles(
  { candles, timeframe }: Pick<Charted, "candles" | "timeframe">,
  moments: ArrayLike<number>,
  values: ArrayLike<number>,
): Float64Array {
  const lengthMs = timeframeMs[timeframe as keyof typeof timeframeMs];
  return candles.time.map((at) => values[lastAtOrBefore(moments, at + lengthMs)] ?? Number.NaN);
}

type Charted = Pick<MarketInput, "market" | "candles" | "timeframe">;
type Curve = Readonly<Record<"time" | "equity" | "drawdown" | "benchmark", readonly number[]>>;
type Described = Readonly<{
  curve: Curve;
  trades: readonly RunTrade[];
  /** Null where only averages are known. */
  fills: FillTable | null;
}>;

/**
 * The same over the candles of one market, of a stored result: the curve has fewer points than there are candles, so each
 * stands until the next; the strategy's own lines are not known.
 */
function ofMarket(described: Described, charted: Charted): ChartResult {
  const { curve, trades, fills } = described;
  const { market, candles } = charted;
  const { time } = candles;
  // Points of the curve stand at the close of their candle.
  const spread = (values: readonly number[]) => overCandles(charted, curve.time, values);
  return {
    equity: spread(curve.equity),
    hold: spread(curve.benchmark),
    drawdown: spread(curve.drawdown),
    band: null,
    plots: [],
    trades: chartTradesOf(
      trades.filter((trade) => trade.market === market.symbol),
      fills,
      time,
    ),
  };
}

/** Trades by their places among the candles of their market. */
function chartTradesOf(
  trades: readonly RunTrade[],
  fills: FillTable | null,
  time: Float64Array,
): ChartTrade[] {
  const hidden = hiddenFills(trades, fills);
  return trades.map(
    ({
      number,
      side,
      entryPrice,
      exitPrice,
      exitReason,
      pnl,
      stopPrice,
      targetPrice,
      ...trade
    }) => ({
      number,
      side,
      entryIndex: lastAtOrBefore(time, trade.entryAt),
      exitIndex: lastAtOrBefore(time, trade.exitAt),
      entryPrice,
      exitPrice,
      won: pnl > 0,
      open: exitReason === "end-of-data",
      stopPrice,
      targetPrice,
      fills: hidden.get(number)?.map((fill) => ({
        index: lastAtOrBefore(time, fill.at),
        price: fill.price,
        buys: fill.side === "buy",
      })),
    }),
  );
}
