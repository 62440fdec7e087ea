import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCcxtExchanges } from "../exchanges/ccxt-exchange.ts";
import type { Exchanges } from "../exchanges/exchange.ts";
import type { Job } from "../platform/jobs.ts";
import type { Database } from "../platform/postgres.ts";
import { openCandleCache } from "./candle-cache.ts";
import { type CandleRange, readCandles } from "./candle-store.ts";
import type { Columns } from "./columns.ts";
import { downloadCandlesJob } from "./download-candles.job.ts";
import { type CandlesWanted, ensureCandles, type FetchNeeds } from "./fetch-candles.ts";
import { followMarkets } from "./follow-markets.ts";
import { importCandlesJob } from "./import-candles.job.ts";
import { createMarketStore } from "./market-store.ts";
import { refreshMarketsJob } from "./refresh-markets.job.ts";
import { createSeriesStore } from "./series-store.ts";
import { sweepMarketDataJob } from "./sweep-market-data.job.ts";
import { createTaskQueue } from "./task-queue.ts";
import { createTaskStore } from "./task-store.ts";
import { openUploads } from "./uploads.ts";
import { createWatchStore } from "./watch-store.ts";

type Needs = Readonly<{
  database: Database;
  dataDir: string;
  uploadFileBytesMax: number;
  uploadQuotaBytes: number;
  simulatorUrl: string | null;
  onError(error: unknown, job: string): void;
  /** Another provider of exchanges, and another clock, for tests. */
  exchanges?: Exchanges;
  now?: () => number;
}>;

export type MarketData = ReturnType<typeof createMarketData>;

/** Everything of this slice over one database and one data directory. */
export function createMarketData(needs: Needs) {
  const { database, dataDir, onError, now = Date.now } = needs;
  const { uploadFileBytesMax, uploadQuotaBytes, simulatorUrl } = needs;
  const cache = openCandleCache(join(dataDir, "cache/candles"));
  const markets = createMarketStore({ database, simulatorUrl });
  const taskQueue = createTaskQueue({ database });
  const uploads = openUploads(dataDir);
  const fetching: FetchNeeds = {
    database,
    cache,
    markets,
    exchanges: needs.exchanges ?? createCcxtExchanges({ simulatorUrl }),
    now,
    wait: (ms, signal) => sleep(ms, undefined, { signal }),
  };
  const watches = createWatchStore({ database });
  return {
    database,
    cache,
    markets,
    tasks: createTaskStore({ database }),
    watches,
    uploads,
    uploadFileBytesMax,
    uploadQuotaBytes,
    series: createSeriesStore({ database, cache, markets }),

    /** The candles of a series that was checked to be its asker's before, for work in the background. */
    loadColumns: async (seriesId: string, range: CandleRange): Promise<Columns> =>
      (await readCandles({ database, cache }, seriesId, range)).columns,

    /** Fetches what is missing of a market; see `ensureCandles` in fetch-candles.ts. */
    ensureCandles: (wanted: CandlesWanted, watch: Parameters<typeof ensureCandles>[2]) =>
      ensureCandles(fetching, wanted, watch),

    /** Keeps the markets that people look at moving, until it is closed. */
    followMarkets: () => followMarkets({ ...fetching, watches, onError }),

    /** What the worker runs. */
    jobs: (): Job[] => [
      importCandlesJob({
        database,
        cache,
        tasks: taskQueue,
        uploads,
        uploadFileBytesMax,
        uploadQuotaBytes,
        now,
        onError,
      }),
      downloadCandlesJob({ ...fetching, tasks: taskQueue, onError }),
      refreshMarketsJob(fetching),
      sweepMarketDataJob({ tasks: taskQueue, uploads, now }),
    ],
  };
}
