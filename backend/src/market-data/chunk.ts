import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { bytesOf, type Columns, columnNames, newColumns } from "./columns.ts";

/**
 * A chunk is an immutable block of candles in as few bytes as are needed, bit-exact. Prices and volumes
 * that lie on a decimal grid become integers; prices are then written as distances (open from the close
 * before, close from the open, high and low from the body), times as differences of steps. Integers are
 * split into byte planes, which zstd packs well. A column off every grid is kept as float64 planes.
 *
 * Layout, before zstd: version (1 byte), price decimals, volume decimals (255: off every grid), zero,
 * rows (uint32), step (float64, ms), first time (float64), then the columns in their order, each: width
 * in bytes per row (1 byte), then that many planes of `rows` bytes.
 */
const version = 1;
const headerBytes = 24;
const offGrid = 255;
const decimalsMax = 12;
/** Sums of two such integers and their zigzag forms stay exact in a float64. */
const integerMax = 2 ** 50;
const expandedBytesMax = 64 * 1024 * 1024;

/** Packs ordered candles whose usual distance is `timeframeMs`. */
export function encodeChunk(columns: Columns, timeframeMs: number): Uint8Array {
  const rows = columns.time.length;
  const priceDecimals = sharedDecimals([columns.open, columns.high, columns.low, columns.close]);
  const volumeDecimals = sharedDecimals([columns.volume]);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(version, 0);
  header.writeUInt8(priceDecimals ?? offGrid, 1);
  header.writeUInt8(volumeDecimals ?? offGrid, 2);
  header.writeUInt32LE(rows, 4);
  header.writeDoubleLE(timeframeMs, 8);
  header.writeDoubleLE(columns.time[0] ?? 0, 16);

  const planes = [
    integerPlanes(timeSteps(columns.time, timeframeMs)),
    ...(priceDecimals === null ? floatPrices(columns) : gridPrices(columns, priceDecimals)),
    volumeDecimals === null
      ? floatPlanes(columns.volume)
      : integerPlanes(scaled(columns.volume, volumeDecimals)),
  ];
  const options = { params: { [constants.ZSTD_c_compressionLevel]: 6 } };
  return zstdCompressSync(Buffer.concat([header, ...planes]), options);
}

/** Unpacks a chunk; a damaged one is an error, never other candles. */
export function decodeChunk(chunk: Uint8Array): Columns {
  const bytes = zstdDecompressSync(chunk, { maxOutputLength: expandedBytesMax });
  if (bytes.readUInt8(0) !== version) throw new Error("this candle chunk has an unknown format");
  const rows = bytes.readUInt32LE(4);
  const reader = new PlaneReader(bytes, headerBytes, rows);
  const columns = newColumns(rows);
  readTimes(columns.time, reader, bytes.readDoubleLE(8), bytes.readDoubleLE(16));
  readPrices(columns, reader, bytes.readUInt8(1));
  const volumeDecimals = bytes.readUInt8(2);
  if (volumeDecimals === offGrid) reader.floats(columns.volume);
  else unscale(reader.integers(columns.volume), volumeDecimals);
  return columns;
}

/** The fewest decimals with which every value is an integer over a power of ten, exactly; else null. */
function sharedDecimals(columns: readonly Float64Array[]): number | null {
  let decimals = 0;
  for (const column of columns) {
    for (const value of column) {
      while (!isOnGrid(value, decimals)) {
        decimals++;
        if (decimals > decimalsMax) return null;
      }
    }
  }
  return columns.every((column) => column.every((value) => isOnGrid(value, decimals)))
    ? decimals
    : null;
}

function isOnGrid(value: number, decimals: number): boolean {
  const scale = 10 ** decimals;
  // Adding zero makes minus zero plus zero, so that a minus zero is off the grid and kept as it is.
  const integer = Math.round(value * scale) + 0;
  return Math.abs(integer) <= integerMax && Object.is(integer / scale, value);
}

function scaled(column: Float64Array, decimals: number): Float64Array {
  const scale = 10 ** decimals;
  return column.map((value) => Math.round(value * scale));
}

function unscale(column: Float64Array, decimals: number): void {
  const scale = 10 ** decimals;
  for (let i = 0; i < column.length; i++) column[i] = at(column, i) / scale;
}

function timeSteps(time: Float64Array, step: number): Float64Array {
  const steps = new Float64Array(time.length);
  for (let i = 1; i < time.length; i++) steps[i] = at(time, i) - at(time, i - 1) - step;
  if (!steps.every(Number.isSafeInteger))
    throw new Error("candle times must be whole milliseconds");
  return steps;
}

function readTimes(time: Float64Array, reader: PlaneReader, step: number, first: number): void {
  reader.integers(time);
  if (time.length > 0) time[0] = first;
  for (let i = 1; i < time.length; i++) time[i] = at(time, i) + at(time, i - 1) + step;
}

const floatPrices = (columns: Columns): Uint8Array[] =>
  columnNames.slice(1, 5).map((name) => floatPlanes(columns[name]));

function gridPrices(columns: Columns, decimals: number): Uint8Array[] {
  const open = scaled(columns.open, decimals);
  const high = scaled(columns.high, decimals);
  const low = scaled(columns.low, decimals);
  const close = scaled(columns.close, decimals);
  for (let i = open.length - 1; i >= 0; i--) {
    const body = [at(open, i), at(close, i)] as const;
    high[i] = at(high, i) - Math.max(...body);
    low[i] = Math.min(...body) - at(low, i);
    open[i] = body[0] - (i > 0 ? at(close, i - 1) : 0);
  }
  for (let i = 0, previous = 0; i < open.length; i++) {
    const absolute = at(open, i) + previous;
    previous = at(close, i);
    close[i] = previous - absolute;
  }
  return [open, high, low, close].map(integerPlanes);
}

function readPrices(columns: Columns, reader: PlaneReader, decimals: number): void {
  const { open, high, low, close } = columns;
  if (decimals === offGrid) {
    for (const column of [open, high, low, close]) reader.floats(column);
    return;
  }
  for (const column of [open, high, low, close]) reader.integers(column);
  let previous = 0;
  for (let i = 0; i < open.length; i++) {
    const opened = at(open, i) + previous;
    const closed = at(close, i) + opened;
    open[i] = opened;
    close[i] = closed;
    high[i] = at(high, i) + Math.max(opened, closed);
    low[i] = Math.min(opened, closed) - at(low, i);
    previous = closed;
  }
  for (const column of [open, high, low, close]) unscale(column, decimals);
}

/** Zigzag (the sign goes to the lowest bit), then as many byte planes as the largest value needs. */
function integerPlanes(values: Float64Array): Uint8Array {
  const rows = values.length;
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    const value = at(values, i);
    const zigzag = value < 0 ? -2 * value - 1 : 2 * value;
    values[i] = zigzag;
    if (zigzag > largest) largest = zigzag;
  }
  let width = 0;
  while (largest >= 256 ** width) width++;
  const planes = new Uint8Array(1 + width * rows);
  planes[0] = width;
  for (let plane = 0; plane < width; plane++) {
    const unit = 256 ** plane;
    const offset = 1 + plane * rows;
    for (let i = 0; i < rows; i++) planes[offset + i] = Math.floor(at(values, i) / unit) % 256;
  }
  return planes;
}

function floatPlanes(values: Float64Array): Uint8Array {
  const rows = values.length;
  const bytes = bytesOf(values);
  const planes = new Uint8Array(1 + 8 * rows);
  planes[0] = 8;
  for (let i = 0; i < rows; i++) {
    for (let plane = 0; plane < 8; plane++) {
      planes[1 + plane * rows + i] = bytes[i * 8 + plane] as number;
    }
  }
  return planes;
}

class PlaneReader {
  readonly #bytes: Uint8Array;
  readonly #rows: number;
  #offset: number;

  constructor(bytes: Uint8Array, offset: number, rows: number) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#rows = rows;
  }

  integers(into: Float64Array): Float64Array {
    const width = this.#width();
    if (width <= 4) this.#smallIntegers(into, width);
    else this.#largeIntegers(into, width);
    return into;
  }

  /** Up to 32 bits, where whole-number instructions do; nearly every column of a market is. */
  #smallIntegers(into: Float64Array, width: number): void {
    const none = new Uint8Array(width < 4 ? this.#rows : 0);
    const plane = (index: number) => (index < width ? this.#plane() : none);
    const planes = [plane(0), plane(1), plane(2), plane(3)] as const;
    const [first, second, third, fourth] = planes;
    for (let i = 0; i < into.length; i++) {
      const low = (first[i] as number) | ((second[i] as number) << 8);
      const zigzag = low | ((third[i] as number) << 16) | ((fourth[i] as number) << 24);
      into[i] = (zigzag >>> 1) ^ -(zigzag & 1);
    }
  }

  #largeIntegers(into: Float64Array, width: number): void {
    for (let plane = 0; plane < width; plane++) {
      const unit = 256 ** plane;
      const bytes = this.#plane();
      for (let i = 0; i < bytes.length; i++) into[i] = at(into, i) + (bytes[i] as number) * unit;
    }
    for (let i = 0; i < into.length; i++) {
      const zigzag = at(into, i);
      into[i] = zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
    }
  }

  floats(into: Float64Array): void {
    this.#width();
    const target = bytesOf(into);
    for (let plane = 0; plane < 8; plane++) {
      const bytes = this.#plane();
      for (let i = 0; i < bytes.length; i++) target[i * 8 + plane] = bytes[i] as number;
    }
  }

  #width(): number {
    return this.#bytes[this.#offset++] as number;
  }

  #plane(): Uint8Array {
    const plane = this.#bytes.subarray(this.#offset, this.#offset + this.#rows);
    if (plane.length !== this.#rows) throw new Error("this candle chunk is damaged");
    this.#offset += this.#rows;
    return plane;
  }
}

const at = (column: Float64Array, index: number): number => column[index] as number;
