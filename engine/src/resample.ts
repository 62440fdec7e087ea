import type { Columns } from "./columns.ts";

const day = 86_400_000;
const week = 7 * day;
/** 1970-01-05, the first Monday: weeks begin there, every other timeframe at the epoch. */
const firstMonday = 4 * day;

/** The open time of the candle of `timeframeMs` that holds the instant `ms`. */
export function candleStart(ms: number, timeframeMs: number): number {
  const origin = timeframeMs === week ? firstMonday : 0;
  return Math.floor((ms - origin) / timeframeMs) * timeframeMs + origin;
}

/**
 * Makes coarser candles of finer ones; `toMs` is a multiple of `fromMs`. Only closed candles come out:
 * one whose span begins at or after the first candle and has ended when the last known candle closes.
 * A span without any candle stays absent. Bounds are UTC; a week begins on Monday.
 */
export function resample(columns: Columns, fromMs: number, toMs: number): Columns {
  if (!(fromMs > 0) || toMs % fromMs !== 0) {
    throw new RangeError(`candles of ${fromMs} ms cannot be joined to candles of ${toMs} ms`);
  }
  if (fromMs === toMs || columns.time.length === 0) return columns;

  const { time } = columns;
  const knownFrom = at(time, 0);
  const knownUntil = at(time, time.length - 1) + fromMs;
  const out = emptyColumns(Math.min(time.length, Math.ceil((knownUntil - knownFrom) / toMs) + 1));
  let rows = 0;
  for (let i = 0; i < time.length; ) {
    const start = candleStart(at(time, i), toMs);
    const first = i;
    while (i < time.length && at(time, i) < start + toMs) i++;
    if (start < knownFrom || start + toMs > knownUntil) continue;
    joinInto(out, rows++, start, columns, first, i);
  }
  return cut(out, rows);
}

/** Writes one candle over source rows `first` to `end` (exclusive). */
export function joinInto(
  out: Columns,
  row: number,
  start: number,
  source: Columns,
  first: number,
  end: number,
): void {
  let high = at(source.high, first);
  let low = at(source.low, first);
  let volume = 0;
  for (let i = first; i < end; i++) {
    if (at(source.high, i) > high) high = at(source.high, i);
    if (at(source.low, i) < low) low = at(source.low, i);
    volume += at(source.volume, i);
  }
  out.time[row] = start;
  out.open[row] = at(source.open, first);
  out.high[row] = high;
  out.low[row] = low;
  out.close[row] = at(source.close, end - 1);
  out.volume[row] = volume;
}

function emptyColumns(rows: number): Columns {
  return {
    time: new Float64Array(rows),
    open: new Float64Array(rows),
    high: new Float64Array(rows),
    low: new Float64Array(rows),
    close: new Float64Array(rows),
    volume: new Float64Array(rows),
  };
}

function cut(columns: Columns, rows: number): Columns {
  return {
    time: columns.time.slice(0, rows),
    open: columns.open.slice(0, rows),
    high: columns.high.slice(0, rows),
    low: columns.low.slice(0, rows),
    close: columns.close.slice(0, rows),
    volume: columns.volume.slice(0, rows),
  };
}

const at = (column: Float64Array, index: number): number => column[index] as number;
