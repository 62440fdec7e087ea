import type { Columns } from "@trading/engine";

/**
 * The part of the candles that the chart holds as bars, and how many candles one bar stands for.
 * `from` and `to` (exclusive) are candle indices; every layer maps candle indices to bars through it.
 */
export type ViewWindow = Readonly<{ from: number; to: number; factor: number }>;

/** Bars as the chart wants them, times in ms. */
export type Bars = Readonly<{
  time: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
}>;

/** More bars than this make loading slow without showing more: a screen has some thousand pixels. */
export const barsMax = 60_000;

/** Everything at the finest factor that fits. */
export function wholeWindow(rows: number, max = barsMax): ViewWindow {
  return { from: 0, to: rows, factor: Math.max(1, Math.ceil(rows / max)) };
}

/**
 * The window for looking at candles `first` to `last`: as much again on both sides for scrolling, as fine as fits.
 * Short series are always held whole.
 */
export function windowAround(rows: number, first: number, last: number, max = barsMax): ViewWindow {
  if (rows <= max) return wholeWindow(rows, max);
  const span = Math.max(1, last - first);
  const factor = Math.max(1, Math.ceil((3 * span) / max));
  const reach = Math.max(span, Math.floor((max * factor - span) / 2));
  const start = Math.max(0, Math.floor((first - reach) / factor) * factor);
  return { from: start, to: Math.min(rows, start + max * factor), factor };
}

/** Whether looking at `first` to `last` asks for other bars than `now` holds: too coarse, or near its edge. */
export function isOutgrown(
  now: ViewWindow,
  rows: number,
  first: number,
  last: number,
  max = barsMax,
): boolean {
  if (rows <= max) return false;
  const span = Math.max(1, last - first);
  const wanted = windowAround(rows, first, last, max);
  if (wanted.factor * 2 <= now.factor || wanted.factor > now.factor) return true;
  const margin = span / 4;
  return (now.from > 0 && first - now.from < margin) || (now.to < rows && now.to - last < margin);
}

/** Where the middle of a candle lies on the bar axis; whole numbers when a bar is one candle. */
export function barOf(window: ViewWindow, index: number): number {
  return (index - window.from + 0.5) / window.factor - 0.5;
}

/** The first candle of the bar nearest to a place on the bar axis, kept inside the window. */
export function candleOf(window: ViewWindow, bar: number): number {
  const index = window.from + Math.round(bar) * window.factor;
  return Math.min(Math.max(index, window.from), window.to - 1);
}

/** Joins every `factor` candles of the window to one bar. */
export function barsOf(candles: Columns, window: ViewWindow): Bars {
  const { from, to, factor } = window;
  if (factor === 1) {
    return {
      time: candles.time.subarray(from, to),
      open: candles.open.subarray(from, to),
      high: candles.high.subarray(from, to),
      low: candles.low.subarray(from, to),
      close: candles.close.subarray(from, to),
    };
  }
  const count = Math.ceil((to - from) / factor);
  const bars = {
    time: new Float64Array(count),
    open: new Float64Array(count),
    high: new Float64Array(count),
    low: new Float64Array(count),
    close: new Float64Array(count),
  };
  for (let bar = 0; bar < count; bar++)
    joinCandles(candles, from + bar * factor, to, factor, bars, bar);
  return bars;
}

function joinCandles(
  candles: Columns,
  first: number,
  end: number,
  factor: number,
  bars: Bars,
  bar: number,
): void {
  const last = Math.min(end, first + factor) - 1;
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  for (let index = first; index <= last; index++) {
    high = Math.max(high, candles.high[index] ?? high);
    low = Math.min(low, candles.low[index] ?? low);
  }
  bars.time[bar] = candles.time[first] ?? Number.NaN;
  bars.open[bar] = candles.open[first] ?? Number.NaN;
  bars.close[bar] = candles.close[last] ?? Number.NaN;
  bars.high[bar] = high;
  bars.low[bar] = low;
}
