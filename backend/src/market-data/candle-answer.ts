import { promisify } from "node:util";
import { constants, gzip, zstdCompress } from "node:zlib";
import { candleHeader } from "./candle-file.ts";
import { bytesOf, type Columns, columnNames } from "./columns.ts";

const compressedFrom = 64 * 1024;
const linesAtOnce = 2_000;

/** Candles as they travel, packed the way the asker understands and where it is worth it. */
export async function candleAnswer(
  columns: Columns,
  acceptEncoding: string,
): Promise<{ body: Buffer; encoding: "zstd" | "gzip" | null }> {
  const parts = columnNames.map((name) => bytesOf(columns[name]));
  const body = Buffer.concat([candleHeader(columns.time.length), ...parts]);
  if (body.length < compressedFrom) return { body, encoding: null };
  if (/\bzstd\b/.test(acceptEncoding)) {
    const params = { [constants.ZSTD_c_compressionLevel]: 1 };
    return { body: await promisify(zstdCompress)(body, { params }), encoding: "zstd" };
  }
  if (!/\bgzip\b/.test(acceptEncoding)) return { body, encoding: null };
  return { body: await promisify(gzip)(body, { level: 1 }), encoding: "gzip" };
}

/** The same candles as CSV, a few thousand lines at a time. */
export function* candleLines(columns: Columns): Generator<string> {
  yield "timestamp,open,high,low,close,volume\n";
  const { time, open, high, low, close, volume } = columns;
  for (let start = 0; start < time.length; start += linesAtOnce) {
    let text = "";
    const end = Math.min(time.length, start + linesAtOnce);
    for (let i = start; i < end; i++) {
      text += `${time[i]},${open[i]},${high[i]},${low[i]},${close[i]},${volume[i]}\n`;
    }
    yield text;
  }
}
