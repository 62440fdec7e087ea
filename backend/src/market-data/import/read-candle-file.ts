import { basename } from "node:path";
import type { Timeframe } from "@trading/contracts/common";
import { timeframeMs } from "@trading/contracts/common";
import { type CandleCertificate, certify } from "@trading/engine";
import type { Columns } from "../columns.ts";
import { CandleRows } from "./candle-rows.ts";
import { readCsv } from "./csv.ts";
import { readJson } from "./json-rows.ts";
import { type ImportLimits, importLimits } from "./limits.ts";
import { type OpenedFile, openCandleFile } from "./open-file.ts";
import { type BadLine, refuseFile } from "./refusal.ts";
import { settleRows } from "./settle-rows.ts";
import { guessSymbol } from "./symbol-guess.ts";
import type { Bytes } from "./unpacking.ts";

export type ReadOptions = Readonly<{
  /** Found out from the times when left out. */
  timeframe?: Timeframe | undefined;
  /** `refuse` (default): one bad line refuses the file. `skip`: bad lines are left out and listed. */
  badLines?: "refuse" | "skip";
  /** Candles that have not closed by then are not taken. */
  nowMs: number;
  /** The name the file had where it came from, for guessing the symbol. */
  name?: string;
  limits?: ImportLimits;
  onProgress?: (share: number) => void;
}>;

export type CandleFile = Readonly<{
  columns: Columns;
  timeframe: Timeframe;
  /** As the file's name suggests, such as `BTC/USDT`; null when it suggests none. */
  symbol: string | null;
  certificate: CandleCertificate;
  duplicates: number;
  /** Lines left out, at most 50; `skipped` counts all. */
  skippedLines: readonly BadLine[];
  skipped: number;
}>;

/**
 * Reads candles from a CSV (plain, gzip or zip, with or without header), JSON rows or a feather file, told
 * by content. Throws a `PlatformError` (`file-refused`, `bad-lines`, `too-large`) that says in one sentence what is
 * wrong, with the lines to blame; a file never takes more memory than the limits allow.
 */
export async function readCandleFile(path: string, options: ReadOptions): Promise<CandleFile> {
  const limits = options.limits ?? importLimits;
  const { onProgress } = options;
  const opened = await openCandleFile(path, { limits, ...(onProgress ? { onProgress } : {}) });
  const rows = new CandleRows(limits);
  await readRows(opened, rows, limits);
  const settled = settleRows(rows, {
    timeframe: options.timeframe,
    badLines: options.badLines ?? "refuse",
    nowMs: options.nowMs,
  });
  return {
    ...settled,
    symbol: guessSymbol(options.name ?? basename(path)),
    certificate: certify(settled.columns, timeframeMs[settled.timeframe], settled.duplicates),
  };
}

async function readRows(opened: OpenedFile, rows: CandleRows, limits: ImportLimits): Promise<void> {
  if (opened.kind === "feather") {
    // Its library takes longer to load than most files take to read.
    const { readFeather } = await import("./feather.ts");
    return readFeather(opened.path, rows, limits);
  }
  const blocks = opened.bytes[Symbol.asyncIterator]();
  const first = await firstText(blocks);
  const bytes = joined(first, blocks);
  const sign = first
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart()[0];
  return sign === "[" || sign === "{"
    ? readJson(bytes, rows, limits)
    : readCsv(bytes, rows, limits);
}

async function firstText(blocks: AsyncIterator<Buffer>): Promise<Buffer> {
  for (;;) {
    const next = await blocks.next();
    if (next.done === true) throw refuseFile("The file is empty.");
    if (next.value.toString("latin1").trim() !== "") return next.value;
  }
}

async function* joined(first: Buffer, rest: AsyncIterator<Buffer>): Bytes {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
