import type { Timeframe } from "@trading/contracts/common";
import { writeCandles } from "../../src/market-data/candle-store.ts";
import { findOrMakeSeries } from "../../src/market-data/series-store.ts";
import { inTransaction } from "../../src/platform/postgres.ts";
import type { TestDatabase } from "./database.ts";
import { wanderingCandles } from "./strategy-files.ts";

type Wanted = Readonly<{ rows?: number; ownerId?: string; symbol?: string; timeframe?: Timeframe }>;

/** A series of wandering hourly candles: shared, or an upload of its owner. Returns its id. */
export function testSeries(
  { db }: TestDatabase,
  { rows = 500, ownerId, symbol = "BTC/USDT", timeframe = "1h" }: Wanted = {},
): Promise<string> {
  const [base = "", quote = ""] = symbol.split("/");
  const name = { symbol, base, quote, timeframe };
  return inTransaction(db, async (sql) => {
    const id = await findOrMakeSeries(
      sql,
      ownerId === undefined
        ? { ...name, source: "synthetic" }
        : { ...name, source: "upload", ownerId },
    );
    await writeCandles(sql, id, wanderingCandles(rows));
    return id;
  });
}
