import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import type { Trade } from "@trading/contracts/backtests";
import type { Fill } from "@trading/contracts/fills";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

type Later =
  | "stopPrice"
  | "targetPrice"
  | "funding"
  | "market"
  | "liquidationPrice"
  | "liquidationDistance"
  | "entries"
  | "exits";
type StoredTrade = Omit<Trade, Later> & Partial<Trade>;

/** Trades or fills as one compressed document: they are written once and read whole. */
export const compressRows = (rows: readonly Trade[] | readonly Fill[]): Promise<Buffer> =>
  compress(JSON.stringify(rows));

/** The trades of such a document, made in `market`. Those stored before trades had brackets, funding or entries have none. */
export async function readTrades(compressed: Buffer, market: string): Promise<Trade[]> {
  const without = {
    market,
    stopPrice: null,
    targetPrice: null,
    funding: 0,
    liquidationPrice: null,
    liquidationDistance: null,
    entries: null,
    exits: null,
  };
  const stored: StoredTrade[] = JSON.parse(await textOf(compressed));
  return stored.map((trade) => ({ ...without, ...trade }));
}

/** The fills of such a document. */
export const readFills = async (compressed: Buffer): Promise<Fill[]> =>
  JSON.parse(await textOf(compressed));

const textOf = async (compressed: Buffer) => (await decompress(compressed)).toString("utf8");

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
