import { type ChartTheme, plotColours, withAlpha } from "../../../ui/chart-theme.ts";
import type { Gap } from "./curves.ts";
import { drawArea, drawBand, drawLine } from "./draw-lines.ts";
import type { ChartTrade } from "./draw-trades.ts";
import type { Canvas } from "./layer.ts";
import { extent } from "./pixel-columns.ts";

/**
 * One line that the strategy draws: a value per candle, not-a-number where it has none yet. Pane 0 is the price, those
 * above have scales of their own.
 */
export type ChartPlot = Readonly<{ name: string; values: Float64Array; pane: number }>;

/** What the chart draws of a run; every line has one value per candle. */
export type ChartResult = Readonly<{
  trades: readonly ChartTrade[];
  plots: readonly ChartPlot[];
  equity: Float64Array;
  /** Equity of buy and hold. */
  hold: Float64Array;
  /** Lowest and highest equity under any way to read the candles; null where it is not known. */
  band: Band | null;
  /** Fraction below the highest equity so far, at most 0. */
  drawdown: Float64Array;
}>;

export type Band = Readonly<{ low: Float64Array; high: Float64Array }>;

/** From one candle to another, by their places. */
export type CandleStretch = Readonly<{ from: number; to: number }>;

export function plotColour(theme: ChartTheme, order: number): string {
  const colours = plotColours(theme);
  return colours[order % colours.length] ?? theme.accent;
}

/** Draws the strategy's own lines of one pane. */
export const drawPlots =
  (pane: number) =>
  (canvas: Canvas, { plots }: ChartResult, theme: ChartTheme): void => {
    for (const [order, plot] of plots.entries()) {
      if (plot.pane !== pane) continue;
      drawLine(canvas, plot.values, { colour: plotColour(theme, order), width: 1.25 });
    }
  };

/** Equity over what holding would have been, and between what it could have been. */
export function drawEquity(canvas: Canvas, result: ChartResult, theme: ChartTheme): void {
  const { equity, hold, band } = result;
  const { accent, amber, muted } = theme;
  drawArea(canvas, equity, "bottom", [withAlpha(accent, 0.25), withAlpha(accent, 0)]);
  if (band) drawBand(canvas, band.low, band.high, withAlpha(amber, 0.4));
  drawLine(canvas, hold, { colour: muted });
  drawLine(canvas, equity, { colour: accent, width: 1.5 });
}

export function drawDrawdown(canvas: Canvas, { drawdown }: ChartResult, theme: ChartTheme): void {
  const { down } = theme;
  drawArea(canvas, drawdown, 0, [withAlpha(down, 0.3), withAlpha(down, 0.08)]);
  drawLine(canvas, drawdown, { colour: down });
}

/** Shades where candles are missing, all at once: gaps that share pixels are no darker for it. */
export function drawGaps(canvas: Canvas, gaps: readonly Gap[], theme: ChartTheme): void {
  const { context, x, ratio, from, to, height } = canvas;
  context.beginPath();
  for (const gap of gaps) {
    if (gap.after < from || gap.before >= to) continue;
    const width = Math.max(2 * ratio, x(gap.after) - x(gap.before));
    context.rect((x(gap.before) + x(gap.after) - width) / 2, 0, width, height);
  }
  context.fillStyle = withAlpha(theme.amber, 0.16);
  context.fill();
}

/** Shades the candles that are looked at. */
export function drawStretch(
  { context, x, height, spacing, ratio }: Canvas,
  stretch: CandleStretch,
  theme: ChartTheme,
): void {
  const left = x(stretch.from) - spacing / 2;
  const width = Math.max(2 * ratio, x(stretch.to) + spacing / 2 - left);
  context.fillStyle = withAlpha(theme.accent, 0.14);
  context.fillRect(left, 0, width, height);
}

type PriceRange = { minValue: number; maxValue: number };

/** The scale that holds all lines between two candles and, where wanted, zero; null where they have no values. */
export function scaleOver(
  lines: readonly Float64Array[],
  first: number,
  last: number,
  withZero: boolean,
): { priceRange: PriceRange } | null {
  const spans = lines.map((line) => extent(line, first, last)).filter((span) => span !== null);
  if (spans.length === 0) return null;
  const values = spans.flatMap(({ min, max }) => [min, max]);
  const minValue = Math.min(...values, ...(withZero ? [0] : []));
  const maxValue = Math.max(...values, ...(withZero ? [0] : []));
  if (minValue < maxValue) return { priceRange: { minValue, maxValue } };
  const margin = Math.abs(maxValue) * 0.01 || 0.01;
  return {
    priceRange: { minValue: minValue - margin, maxValue: withZero ? maxValue : maxValue + margin },
  };
}
