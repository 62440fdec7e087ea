import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import type { Trade } from "@trading/contracts/backtests";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Trades as one compressed document: they are written once and read whole. */
export const compressTrades = (trades: readonly Trade[]): Promise<Buffer> =>
  compress(JSON.stringify(trades));

export async function readTrades(compressed: Buffer): Promise<Trade[]> {
  return JSON.parse((await decompress(compressed)).toString("utf8"));
}

export type TradeSort = "number" | "entryAt" | "exitAt" | "pnl" | "pnlShare" | "quantity";

/** A sorted copy; trades that compare equal stay in the order they happened. */
export function sortTrades(
  trades: readonly Trade[],
  by: TradeSort,
  order: "asc" | "desc",
): Trade[] {
  const sign = order === "asc" ? 1 : -1;
  return trades.toSorted((a, b) => {
    const [left, right] = [a[by], b[by]];
    return left < right ? -sign : left > right ? sign : a.number - b.number;
  });
}
