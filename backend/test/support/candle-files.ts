import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync, zstdCompressSync } from "node:zlib";
import {
  CompressionType,
  compressionRegistry,
  Table,
  TimestampMillisecond,
  tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import { afterAll } from "vitest";
import {
  type CandleFile,
  type ReadOptions,
  readCandleFile,
} from "../../src/market-data/import/read-candle-file.ts";
import { PlatformError } from "../../src/platform/errors.ts";

/** Candle files for tests: made, written to a folder of the test's own, and read as an import reads them. */

export const nowMs = Date.UTC(2026, 0, 1);
export const start = Date.UTC(2024, 0, 1);
export const hour = 3_600_000;

export type Row = readonly [number, number, number, number, number, number];
export const candles = (count: number, step = hour): Row[] =>
  Array.from({ length: count }, (_, i) => [start + i * step, 10 + i, 12 + i, 9 + i, 11 + i, i % 3]);
export const header = "timestamp,open,high,low,close,volume";
export const csv = (rows: readonly (readonly unknown[])[], first: string | null = header) =>
  `${[...(first === null ? [] : [first]), ...rows.map((row) => row.join(","))].join("\n")}\n`;

/** As they stand in a file, line by line. */
export const rowsOf = ({ columns }: CandleFile) =>
  Array.from(columns.time, (time, i) => [
    time,
    columns.open[i],
    columns.high[i],
    columns.low[i],
    columns.close[i],
    columns.volume[i],
  ]);

/** Reads what it is given from a folder that is gone after the file's last test. */
export function candleFileReader() {
  const dir = mkdtempSync(join(tmpdir(), "trading-import-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const write = (content: string | Uint8Array): string => {
    const path = join(dir, randomBytes(6).toString("hex"));
    writeFileSync(path, content);
    return path;
  };
  const read = (
    content: string | Uint8Array,
    options: Partial<ReadOptions> = {},
  ): Promise<CandleFile> => readCandleFile(write(content), { nowMs, ...options });
  const refusal = async (content: string | Uint8Array, options: Partial<ReadOptions> = {}) => {
    const error = await read(content, options).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof PlatformError)) throw new Error(`not refused: ${String(error)}`);
    return error;
  };
  return { dir, read, refusal };
}

/** An archive with deflated entries, made by hand: no test needs a zip writer. */
export function zip(files: Record<string, string>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([
      Buffer.from("504b0304", "hex"),
      common,
      Buffer.from(name),
      packed,
    ]);
    const entry = Buffer.concat([
      Buffer.from("504b01021400", "hex"),
      common,
      Buffer.alloc(14),
      Buffer.from(name),
    ]);
    entry.writeUInt32LE(offset, 42);
    locals.push(local);
    central.push(entry);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

export function feather(rows: readonly Row[], packing?: "zstd"): Uint8Array {
  const column = (index: number) =>
    vectorFromArray(Float64Array.from(rows, (row) => row[index] ?? 0));
  const table = new Table({
    date: vectorFromArray(
      rows.map(([time]) => new Date(time)),
      new TimestampMillisecond("UTC"),
    ),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  });
  if (packing === undefined) return tableToIPC(table, "file");
  compressionRegistry.set(CompressionType.ZSTD, { encode: (bytes) => zstdCompressSync(bytes) });
  return tableToIPC(table, "file", CompressionType.ZSTD);
}
