import { endianness } from "node:os";
import type { Columns } from "@trading/engine";

export type { Columns };

/** The order of columns wherever they are written: files, chunks, the wire, hashes. */
export const columnNames = ["time", "open", "high", "low", "close", "volume"] as const;

if (endianness() !== "LE") {
  throw new Error("candles are stored in little-endian order; this processor is not");
}

/** Columns over one buffer, all zero. */
export function newColumns(rows: number): Columns {
  const buffer = new ArrayBuffer(rows * 8 * columnNames.length);
  return columnsOver(buffer, 0, rows);
}

/** Views of six columns that lie one behind the other in `buffer`; `offset` is a multiple of 8. */
export function columnsOver(buffer: ArrayBuffer, offset: number, rows: number): Columns {
  const column = (index: number) => new Float64Array(buffer, offset + index * rows * 8, rows);
  return {
    time: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}

/** Rows `start` to `end` (exclusive) as views: nothing is copied. */
export function rowsOf(columns: Columns, start: number, end: number): Columns {
  return {
    time: columns.time.subarray(start, end),
    open: columns.open.subarray(start, end),
    high: columns.high.subarray(start, end),
    low: columns.low.subarray(start, end),
    close: columns.close.subarray(start, end),
    volume: columns.volume.subarray(start, end),
  };
}

/** The rows with `fromMs <= time < toMs`, as views. */
export function rowsBetween(columns: Columns, fromMs: number, toMs: number): Columns {
  const { time } = columns;
  const start = firstAtOrAfter(time.length, (row) => time[row] as number, fromMs);
  const end = firstAtOrAfter(time.length, (row) => time[row] as number, toMs);
  return rowsOf(columns, start, Math.max(start, end));
}

/** The first of `rows` ordered times that is not before `ms`; `rows` when all are. */
export function firstAtOrAfter(rows: number, timeAt: (row: number) => number, ms: number): number {
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeAt(middle) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bytes of a column, not copied. */
export const bytesOf = (column: Float64Array): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

/** Writes one row. */
export function setRow(columns: Columns, row: number, source: Columns, sourceRow: number): void {
  for (const name of columnNames) columns[name][row] = source[name][sourceRow] as number;
}

/** Columns made of `[time, open, high, low, close, volume]` rows. */
export function columnsFromRows(rows: readonly (readonly number[])[]): Columns {
  const columns = newColumns(rows.length);
  rows.forEach((row, index) => {
    columnNames.forEach((name, field) => {
      columns[name][index] = row[field] as number;
    });
  });
  return columns;
}

export type Merge = Readonly<{
  columns: Columns;
  /** Rows whose time was not stored before. */
  added: number;
  /** Rows stored before with other values. */
  corrected: number;
}>;

/** Joins two ordered blocks by time; where both have a time, the incoming row wins. */
export function mergeColumns(stored: Columns, incoming: Columns): Merge {
  const out = newColumns(stored.time.length + incoming.time.length);
  let rows = 0;
  let corrected = 0;
  let left = 0;
  let right = 0;
  while (left < stored.time.length || right < incoming.time.length) {
    const leftTime = stored.time[left] ?? Number.POSITIVE_INFINITY;
    const rightTime = incoming.time[right] ?? Number.POSITIVE_INFINITY;
    if (leftTime < rightTime) {
      setRow(out, rows++, stored, left++);
      continue;
    }
    if (leftTime === rightTime && !sameRow(stored, left++, incoming, right)) corrected++;
    setRow(out, rows++, incoming, right++);
  }
  return { columns: rowsOf(out, 0, rows), added: rows - stored.time.length, corrected };
}

export function sameRow(a: Columns, rowA: number, b: Columns, rowB: number): boolean {
  return columnNames.every((name) => a[name][rowA] === b[name][rowB]);
}
