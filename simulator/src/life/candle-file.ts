import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { toUnits } from "../core/decimal.ts";
import type { MarketSettings } from "../core/market-settings.ts";
import type { SourceCandle } from "./prints.ts";

/** Candles of a file, on their market's grid, and the length of one. */
export type CandleFile = Readonly<{ candles: readonly SourceCandle[]; lengthMs: number }>;

/**
 * Reads a CSV (also gzipped) of time, open, high, low, close, volume; other columns are ignored, times may
 * be ms, seconds or ISO dates. Throws a sentence that names the file and the line.
 */
export function readCandleFile(path: string, settings: MarketSettings): CandleFile {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const columns = headings(lines[0] ?? "");
  const grid = {
    tick: Number(toUnits(settings.tick)) / 1e8,
    lot: Number(toUnits(settings.lot)) / 1e8,
  };
  const candles: SourceCandle[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 && !/^[0-9]/.test(line)) continue;
    candles.push(readCandle(line.split(","), columns, grid, `${path}, line ${index + 1}`));
  }
  candles.sort((a, b) => a.time - b.time);
  if (candles.length < 2) throw new RangeError(`${path}: needs at least two candles`);
  return { candles, lengthMs: shortestGap(candles) };
}

type Columns = Readonly<{
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}>;

function headings(line: string): Columns {
  const plain = { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 };
  if (/^[0-9]/.test(line)) return plain;
  const names = line
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const find = (fallback: number, ...wanted: string[]): number => {
    const index = names.findIndex((name) => wanted.includes(name));
    return index < 0 ? fallback : index;
  };
  return {
    time: find(0, "time", "timestamp", "date", "open_time", "time_ms"),
    open: find(1, "open"),
    high: find(2, "high"),
    low: find(3, "low"),
    close: find(4, "close"),
    volume: find(5, "volume"),
  };
}

function readCandle(
  cells: readonly string[],
  columns: Columns,
  grid: Readonly<{ tick: number; lot: number }>,
  where: string,
): SourceCandle {
  const number = (name: keyof Columns): number => {
    const value = Number(cells[columns[name]]);
    if (!(Number.isFinite(value) && value >= 0))
      throw new RangeError(`${where}: ${name} is not a number`);
    return value;
  };
  const ticks = (name: "open" | "high" | "low" | "close"): number =>
    Math.max(1, Math.round(number(name) / grid.tick));
  const open = ticks("open");
  const close = ticks("close");
  return {
    time: readTime(cells[columns.time] ?? "", where),
    open,
    high: Math.max(ticks("high"), open, close),
    low: Math.min(ticks("low"), open, close),
    close,
    lots: Math.round(number("volume") / grid.lot),
  };
}

function readTime(text: string, where: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && text !== "") return number < 1e11 ? number * 1000 : number;
  const time = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(time)) throw new RangeError(`${where}: ${text} is not a time`);
  return time;
}

function shortestGap(candles: readonly SourceCandle[]): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < candles.length; index += 1) {
    const gap = (candles[index]?.time ?? 0) - (candles[index - 1]?.time ?? 0);
    if (gap > 0 && gap < shortest) shortest = gap;
  }
  return shortest;
}
