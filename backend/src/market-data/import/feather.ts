import { readFile } from "node:fs/promises";
import { zstdDecompressSync } from "node:zlib";
import { CompressionType, compressionRegistry, type Table, tableFromIPC } from "apache-arrow";
import { PlatformError } from "../../platform/errors.ts";
import type { CandleRows } from "./candle-rows.ts";
import { type FieldMap, findFields } from "./fields.ts";
import type { ImportLimits } from "./limits.ts";
import { unpackLz4Frame } from "./lz4.ts";
import { refuseFile } from "./refusal.ts";

/** Reads a feather file (Arrow IPC, plain, LZ4 or zstd) as freqtrade writes it; `line` is the number of the row. */
export async function readFeather(
  path: string,
  rows: CandleRows,
  limits: ImportLimits,
): Promise<void> {
  const table = await loadTable(path, limits);
  if (table.numRows > limits.rowsMax) {
    throw refuseFile(`The file has more than ${limits.rowsMax} candles; split it.`);
  }
  const names = table.schema.fields.map((field) => field.name);
  const fields = findFields(names);
  if ("missing" in fields) {
    throw refuseFile(
      `The file has no column for ${fields.missing.join(", ")}; it has ${names.join(", ").slice(0, 300)}.`,
    );
  }
  try {
    addAll(table, fields, rows);
  } catch (error) {
    throw damaged(error);
  }
}

function addAll(table: Table, fields: FieldMap<number>, rows: CandleRows): void {
  let row = 0;
  for (const batch of table.batches) {
    const column = (index: number) => batch.getChildAt(index);
    const [time, open, high, low, close, volume] = [
      ...[column(fields.time), column(fields.open), column(fields.high)],
      ...[column(fields.low), column(fields.close), column(fields.volume)],
    ];
    for (let i = 0; i < batch.numRows; i++) {
      rows.add(++row, {
        time: time?.get(i),
        open: open?.get(i),
        high: high?.get(i),
        low: low?.get(i),
        close: close?.get(i),
        volume: volume?.get(i),
      });
    }
  }
}

async function loadTable(path: string, limits: ImportLimits): Promise<Table> {
  let left = limits.expandedBytesMax;
  const within = (unpack: (packed: Uint8Array, bytesMax: number) => Uint8Array) => ({
    decode: (packed: Uint8Array) => {
      const bytes = unpack(packed, left);
      left -= bytes.length;
      return bytes;
    },
  });
  compressionRegistry.set(CompressionType.LZ4_FRAME, within(unpackLz4Frame));
  compressionRegistry.set(
    CompressionType.ZSTD,
    within((packed, bytesMax) => zstdDecompressSync(packed, { maxOutputLength: bytesMax })),
  );
  try {
    return tableFromIPC(await readFile(path));
  } catch (error) {
    throw damaged(error);
  }
}

/** Arrow meets the end of a cut file with errors of its own making, early or late. */
const damaged = (error: unknown): PlatformError =>
  error instanceof PlatformError
    ? error
    : refuseFile("The feather file is damaged or cut short: fetch or export it again.");
