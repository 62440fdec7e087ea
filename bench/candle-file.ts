import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import type { Columns } from "@trading/engine";

const names = ["time", "open", "high", "low", "close", "volume"] as const;

/** Writes candles as float64 columns, one after the other: what programs in other languages read. */
export function writeCandles(path: string, candles: Columns): void {
  writeFileSync(path, Buffer.concat(names.map((name) => bytesOf(candles[name]))));
}

/** The first `rows` of a file that holds `stored` candles. */
export function readCandles(path: string, stored: number, rows: number): Columns {
  const file = openSync(path, "r");
  const column = (index: number) => {
    const values = new Float64Array(new SharedArrayBuffer(rows * 8));
    readSync(file, bytesOf(values), { position: index * stored * 8 });
    return values;
  };
  const columns: Columns = {
    time: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
  closeSync(file);
  return columns;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
