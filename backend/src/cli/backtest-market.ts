import process from "node:process";
import type { Timeframe } from "@trading/contracts/common";
import type { Columns, MarketRules } from "@trading/engine";
import { finerOf, noneFiner } from "../backtests/detail-candles.ts";
import type { LooseConfig } from "../config.ts";
import { createMarketData, type MarketData } from "../market-data/store.ts";
import { openDatabase } from "../platform/postgres.ts";
import { BadInput, requireDatabase } from "./command.ts";

export type MarketCandles = Readonly<{
  columns: Columns;
  timeframe: Timeframe;
  market: MarketRules;
  finer: Readonly<{ columns: Columns; timeframe: Timeframe }> | null;
}>;

type Wanted = Parameters<MarketData["ensureCandles"]>[0];

/** Candles of a market, as many as are stored; what is missing is fetched into the shared series first. */
export async function fromMarket(
  config: LooseConfig,
  wanted: Wanted,
  needsDetail: boolean,
): Promise<MarketCandles> {
  const database = openDatabase(requireDatabase(config), { max: 3 });
  const stop = new AbortController();
  const onInterrupt = () => stop.abort(new BadInput("Interrupted; what was fetched is stored."));
  process.once("SIGINT", onInterrupt);
  try {
    const onError = (error: unknown) => void process.stderr.write(`${String(error)}\n`);
    const marketData = createMarketData({ ...config, database, onError });
    const { exchange, symbol, timeframe } = wanted;
    const watch = {
      signal: stop.signal,
      onProgress: ({ share, step }: Readonly<{ share: number; step: string }>) =>
        void process.stderr.write(`${Math.round(share * 100)} % ${step}\n`),
    };
    const load = async (one: Timeframe) => {
      const { seriesId } = await marketData.ensureCandles({ ...wanted, timeframe: one }, watch);
      return marketData.loadColumns(seriesId, { timeframe: one });
    };
    const finest = finerOf(timeframe);
    if (needsDetail && finest === timeframe) throw noneFiner(timeframe);
    const columns = await load(timeframe);
    const finer = needsDetail ? { columns: await load(finest), timeframe: finest } : null;
    const market = await marketData.markets.find(exchange, symbol);
    const rules = {
      symbol,
      tick: market?.tick ?? null,
      lot: market?.lot ?? null,
      notionalMin: market?.notionalMin ?? null,
    };
    return { columns, timeframe, market: rules, finer };
  } finally {
    process.off("SIGINT", onInterrupt);
    await database.close();
  }
}
