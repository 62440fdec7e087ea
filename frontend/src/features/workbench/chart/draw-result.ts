import { type ChartTheme, plotColours, withAlpha } from "../../../ui/chart-theme.ts";
import type { Gap } from "./curves.ts";
import { drawArea, drawLine } from "./draw-lines.ts";
import type { ChartTrade } from "./draw-trades.ts";
import type { Canvas } from "./layer.ts";
import { extent } from "./pixel-columns.ts";

/** One line that the strategy draws: a value per candle, not-a-number where it has none yet. */
export type ChartPlot = Readonly<{ name: string; values: Float64Array }>;

/** What the chart draws of a run; every line has one value per candle. */
export type ChartResult = Readonly<{
  trades: readonly ChartTrade[];
  plots: readonly ChartPlot[];
  equity: Float64Array;
  /** Equity of buy and hold. */
  hold: Float64Array;
  /** Fraction below the highest equity so far, at most 0. */
  drawdown: Float64Array;
}>;

export function plotColour(theme: ChartTheme, order: number): string {
  const colours = plotColours(theme);
  return colours[order % colours.length] ?? theme.accent;
}

/** The strategy's own lines, over the price. */
export function drawPlots(canvas: Canvas, { plots }: ChartResult, theme: ChartTheme): void {
  for (const [order, plot] of plots.entries()) {
    drawLine(canvas, plot.values, { colour: plotColour(theme, order), width: 1.25 });
  }
}

/** Equity over what holding would have been. */
export function drawEquity(canvas: Canvas, { equity, hold }: ChartResult, theme: ChartTheme): void {
  const { accent, muted } = theme;
  drawArea(canvas, equity, "bottom", [withAlpha(accent, 0.25), withAlpha(accent, 0)]);
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
