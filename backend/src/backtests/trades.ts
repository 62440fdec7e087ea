import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import type { Trade } from "@trading/contracts/backtests";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

type Later =
  | "stopPrice"
  | "targetPrice"
  | "funding"
  | "market"
  | "liquidationPrice"
  | "liquidationDistance";
type StoredTrade = Omit<Trade, Later> & Partial<Trade>;

/** Trades as one compressed document: they are written once and read whole. */
export const compressTrades = (trades: readonly Trade[]): Promise<Buffer> =>
  compress(JSON.stringify(trades));

/** The trades of such a document, made in `market`. Those stored before trades had brackets or funding have none. */
export async function readTrades(compressed: Buffer, market: string): Promise<Trade[]> {
  const without = {
    market,
    stopPrice: null,
    targetPrice: null,
    funding: 0,
    liquidationPrice: null,
    liquidationDistance: null,
  };
  const stored: StoredTrade[] = JSON.parse((await decompress(compressed)).toString("utf8"));
  return stored.map((trade) => ({ ...without, ...trade }));
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
