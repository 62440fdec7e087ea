import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { bytesOf, type Columns, columnNames, firstAtOrAfter, newColumns } from "./columns.ts";

/**
 * Candles in the form in which they travel, as contracts/market-data.ts describes it: 16 bytes of header
 * (`TPC1`, uint32 rows, zeros), then six float64 columns. Files of the cache and answers of the API alike.
 */
const magic = "TPC1";
const headerBytes = 16;

export function candleHeader(rows: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, "latin1");
  header.writeUInt32LE(rows, 4);
  return header;
}

/** Blocks of candles in time order. */
export type Blocks = AsyncIterable<Columns> | Iterable<Columns>;

/** Writes `rows` candles; the file appears whole or not at all. */
export async function writeCandleFile(path: string, rows: number, blocks: Blocks): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.write(candleHeader(rows), 0, headerBytes, 0);
      await writeBlocks(file, rows, blocks);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeBlocks(file: FileHandle, rows: number, blocks: Blocks): Promise<void> {
  let row = 0;
  for await (const block of blocks) {
    const at = (index: number) => headerBytes + (index * rows + row) * 8;
    await Promise.all(
      columnNames.map((name, index) => writeAll(file, bytesOf(block[name]), at(index))),
    );
    row += block.time.length;
  }
  if (row !== rows) throw new Error(`${rows} candles were announced, ${row} came`);
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const left = bytes.length - written;
    written += (await file.write(bytes, written, left, position + written)).bytesWritten;
  }
}

/** The candles with `fromMs <= time < toMs`; only their part of the file is read. */
export async function readCandleRange(
  path: string,
  fromMs: number,
  toMs: number,
): Promise<Columns> {
  const file = await open(path, "r");
  try {
    const rows = await readRowCount(file, path);
    const start = await findRow(file, rows, fromMs);
    const end = await findRow(file, rows, toMs);
    const columns = newColumns(Math.max(0, end - start));
    const at = (index: number) => headerBytes + (index * rows + start) * 8;
    await Promise.all(
      columnNames.map((name, index) => readAll(file, bytesOf(columns[name]), at(index))),
    );
    return columns;
  } finally {
    await file.close();
  }
}

async function readRowCount(file: FileHandle, path: string): Promise<number> {
  const header = Buffer.alloc(headerBytes);
  await readAll(file, header, 0);
  const rows = header.readUInt32LE(4);
  const { size } = await file.stat();
  if (header.toString("latin1", 0, 4) !== magic || size !== headerBytes + rows * 48) {
    throw new Error(`${path} is not a file of candles`);
  }
  return rows;
}

/** The first row that is not before `ms`: a binary search that reads a few times of the column only. */
async function findRow(file: FileHandle, rows: number, ms: number): Promise<number> {
  if (ms === Number.NEGATIVE_INFINITY) return 0;
  if (ms === Number.POSITIVE_INFINITY) return rows;
  let low = 0;
  let high = rows;
  const block = new Float64Array(512);
  while (high - low > block.length) {
    const middle = (low + high) >>> 1;
    await readAll(file, bytesOf(block.subarray(0, 1)), headerBytes + middle * 8);
    if ((block[0] as number) < ms) low = middle + 1;
    else high = middle;
  }
  const times = block.subarray(0, high - low);
  await readAll(file, bytesOf(times), headerBytes + low * 8);
  return low + firstAtOrAfter(times.length, (row) => times[row] as number, ms);
}

async function readAll(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  let read = 0;
  while (read < into.length) {
    const { bytesRead } = await file.read(into, read, into.length - read, position + read);
    if (bytesRead === 0) throw new Error("a file of candles is cut short");
    read += bytesRead;
  }
}
