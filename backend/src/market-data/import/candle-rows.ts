import { type Columns, columnNames, newColumns, rowsOf } from "../columns.ts";
import { numberOf, timeOf } from "./fields.ts";
import type { ImportLimits } from "./limits.ts";
import { type BadLine, refuseFile } from "./refusal.ts";

export type RawRow = Readonly<{
  time: unknown;
  open: unknown;
  high: unknown;
  low: unknown;
  close: unknown;
  volume: unknown;
}>;

const priceNames = ["open", "high", "low", "close"] as const;
const earliestMs = Date.UTC(2000, 0, 1);
const latestMs = Date.UTC(2200, 0, 1);

/**
 * Gathers the rows of one file as they are read, each with its line. What a single row can be wrong in
 * is checked here; what rows are wrong in together (order, repeats, steps) is checked by `settleRows`.
 */
export class CandleRows {
  readonly #limits: ImportLimits;
  readonly badLines: BadLine[] = [];
  badCount = 0;
  rows = 0;
  #columns: Columns = newColumns(4_096);
  #lines = new Float64Array(4_096);

  constructor(limits: ImportLimits) {
    this.#limits = limits;
  }

  /** The good rows, in the order of the file, as views. */
  get columns(): Columns {
    return rowsOf(this.#columns, 0, this.rows);
  }

  /** The line of each good row. */
  get lines(): Float64Array {
    return this.#lines.subarray(0, this.rows);
  }

  add(line: number, raw: RawRow): void {
    const time = timeOf(raw.time);
    const values = priceNames.map((name) => numberOf(raw[name]));
    const [open, high, low, close] = values as [number, number, number, number];
    const volume = numberOf(raw.volume);
    const wrong =
      wrongTime(time, raw.time) ??
      wrongPrice(values, raw) ??
      wrongVolume(volume, raw.volume) ??
      (high < low ? `high ${high} is below low ${low}` : null);
    if (wrong !== null) {
      this.bad(line, wrong);
      return;
    }
    if (this.rows >= this.#limits.rowsMax) {
      throw refuseFile(`The file has more than ${this.#limits.rowsMax} candles; split it.`);
    }
    if (this.rows === this.#lines.length) this.#grow();
    const row = this.rows++;
    const columns = this.#columns;
    columns.time[row] = time;
    columns.open[row] = open;
    columns.high[row] = high;
    columns.low[row] = low;
    columns.close[row] = close;
    columns.volume[row] = volume;
    this.#lines[row] = line;
  }

  bad(line: number, message: string): void {
    this.badCount++;
    if (this.badLines.length < this.#limits.badLinesListed) this.badLines.push({ line, message });
  }

  #grow(): void {
    const size = this.#lines.length * 2;
    const columns = newColumns(size);
    for (const name of columnNames) columns[name].set(this.#columns[name]);
    const lines = new Float64Array(size);
    lines.set(this.#lines);
    this.#columns = columns;
    this.#lines = lines;
  }
}

function wrongTime(time: number, raw: unknown): string | null {
  if (Number.isNaN(time)) return `the time ${shown(raw)} is not a number or an ISO 8601 time`;
  if (time < earliestMs || time > latestMs) return `the time ${shown(raw)} is not in this century`;
  return Number.isInteger(time) ? null : `the time ${shown(raw)} is not a whole millisecond`;
}

function wrongPrice(values: readonly number[], raw: RawRow): string | null {
  const index = values.findIndex((value) => !(value > 0 && value < Number.POSITIVE_INFINITY));
  const name = priceNames[index];
  if (name === undefined) return null;
  const value = values[index] as number;
  return Number.isFinite(value)
    ? `${name} is ${value}; a price must be above zero`
    : `${name} is ${shown(raw[name])}, not a number`;
}

function wrongVolume(volume: number, raw: unknown): string | null {
  if (!Number.isFinite(volume)) return `volume is ${shown(raw)}, not a number`;
  return volume < 0 ? `volume is ${volume}; it must be zero or more` : null;
}

const shown = (value: unknown): string =>
  value === undefined || value === null || value === ""
    ? "missing"
    : `“${String(value).slice(0, 40)}”`;
