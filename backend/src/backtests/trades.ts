import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import type { Trade } from "@trading/contracts/backtests";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

type Bracket = Pick<Trade, "stopPrice" | "targetPrice">;
type StoredTrade = Omit<Trade, keyof Bracket> & Partial<Bracket>;

/** Trades as one compressed document: they are written once and read whole. */
export const compressTrades = (trades: readonly Trade[]): Promise<Buffer> =>
  compress(JSON.stringify(trades));

/** The trades of such a document. Those stored before trades had brackets come back without any. */
export async function readTrades(compressed: Buffer): Promise<Trade[]> {
  const stored: StoredTrade[] = JSON.parse((await decompress(compressed)).toString("utf8"));
  return stored.map((trade) => ({ stopPrice: null, targetPrice: null, ...trade }));
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
