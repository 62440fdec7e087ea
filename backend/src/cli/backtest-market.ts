import process from "node:process";
import type { LooseConfig } from "../config.ts";
import { createMarketData, type MarketData } from "../market-data/store.ts";
import { openDatabase } from "../platform/postgres.ts";
import type { CliCandles } from "./backtest-candles.ts";
import { BadInput, requireDatabase } from "./command.ts";

type Wanted = Parameters<MarketData["ensureCandles"]>[0];

/** Candles of a market, as many as are stored; what is missing is fetched into the shared series first. */
export async function fromMarket(config: LooseConfig, wanted: Wanted): Promise<CliCandles> {
  const database = openDatabase(requireDatabase(config), { max: 3 });
  const stop = new AbortController();
  const onInterrupt = () => stop.abort(new BadInput("Interrupted; what was fetched is stored."));
  process.once("SIGINT", onInterrupt);
  try {
    const onError = (error: unknown) => void process.stderr.write(`${String(error)}\n`);
    const marketData = createMarketData({ ...config, database, onError });
    const { exchange, symbol, timeframe } = wanted;
    const { seriesId } = await marketData.ensureCandles(wanted, {
      signal: stop.signal,
      onProgress: ({ share, step }) =>
        process.stderr.write(`${Math.round(share * 100)} % ${step}\n`),
    });
    const columns = await marketData.loadColumns(seriesId, { timeframe });
    const market = await marketData.markets.find(exchange, symbol);
    const rules = {
      symbol,
      tick: market?.tick ?? null,
      lot: market?.lot ?? null,
      notionalMin: market?.notionalMin ?? null,
    };
    return { columns, timeframe, market: rules };
  } finally {
    process.off("SIGINT", onInterrupt);
    await database.close();
  }
}
