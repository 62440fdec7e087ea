import type { Series } from "@trading/contracts/market-data";
import { writeCandles } from "./candle-store.ts";
import { certifySeries, findOrMakeSeries } from "./series-store.ts";
import type { MarketData } from "./store.ts";
import { readSymbol } from "./symbol.ts";
import { type SyntheticSymbol, synthesize, syntheticSymbols } from "./synthetic.ts";

/** Stores the generated series that were asked for; those that are there stay as they are. */
export async function makeExamples(
  { database, cache, series }: Pick<MarketData, "database" | "cache" | "series">,
  userId: string,
  { symbol, timeframe }: { symbol?: SyntheticSymbol | undefined; timeframe: "1h" | "1m" },
): Promise<Series[]> {
  const made: Series[] = [];
  for (const name of symbol === undefined ? syntheticSymbols : [symbol]) {
    const identity = { ...readSymbol(name), source: "synthetic" as const, timeframe };
    const id = await database.db.transaction(async (transaction) => {
      const seriesId = await findOrMakeSeries(transaction, identity);
      await writeCandles(transaction, seriesId, synthesize(name, timeframe));
      return seriesId;
    });
    await certifySeries({ database, cache }, id);
    const found = await series.find(userId, id);
    if (found !== null) made.push(found);
  }
  return made;
}
