import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Columns } from "../../src/index.ts";

/** Reads a gzipped CSV `ts,open,high,low,close,volume` with a header into columns. */
export function readCandleFile(path: string | URL): Columns {
  const rows = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n").slice(1);
  const columns = [0, 1, 2, 3, 4, 5].map((column) =>
    Float64Array.from(rows, (row) => Number(row.split(",")[column])),
  );
  const [time, open, high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { time, open, high, low, close, volume };
}
