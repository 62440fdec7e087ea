import { z } from "zod";
import { id, instant, pageOf, pageQuery, progress, timeframe } from "./common.ts";
import { problem } from "./problems.ts";

/** Where the simulator shows its markets, books, orders and ledger; null where there is none. */
export const simulatorPage = z
  .object({ address: z.url().nullable() })
  .meta({ id: "SimulatorPage" });

export const exchange = z
  .object({
    id: z.string().describe("as ccxt names it, such as `binance`"),
    name: z.string(),
    markets: z.number().int(),
    /** When its list of markets was last read; null: never, or never with success. */
    marketsAt: instant.nullable(),
    /** Why the last read failed, in one sentence. */
    problem: z.string().nullable(),
  })
  .meta({ id: "Exchange" });
export type Exchange = z.infer<typeof exchange>;
export const exchangeList = z.object({ items: z.array(exchange) }).meta({ id: "ExchangeList" });

/** A symbol on an exchange with its rules; null where the exchange does not tell. */
export const market = z
  .object({
    exchange: z.string(),
    symbol: z.string(),
    base: z.string(),
    quote: z.string(),
    contract: z.enum(["spot", "linear-perpetual"]),
    tick: z.number().nullable(),
    lot: z.number().nullable(),
    notionalMin: z.number().nullable(),
    makerFee: z.number().nullable(),
    takerFee: z.number().nullable(),
    feeAsset: z.string().nullable().describe("what a buy's fee is paid in: quote or received"),
    active: z.boolean(),
    timeframes: z.array(timeframe),
  })
  .meta({ id: "Market" });
export type Market = z.infer<typeof market>;
export const marketQuery = pageQuery.extend({
  search: z.string().max(60).default(""),
  currency: z
    .string()
    .max(12)
    .default("")
    .describe("quote currency whose markets come first of those that match equally well"),
});
export const marketPage = pageOf(market);

const stretch = z.object({ from: instant, to: instant, candles: z.number().int() });

/** What can be said about the quality of a series. Lists are cut at 500 entries, counts are whole. */
export const certificate = z
  .object({
    rows: z.number().int(),
    first: instant.nullable(),
    last: instant.nullable(),
    gaps: z.number().int(),
    missing: z.number().int().describe("candles that the gaps lack"),
    duplicates: z
      .number()
      .int()
      .describe("rows dropped on import because their time was there already"),
    impossible: z
      .number()
      .int()
      .describe("candles whose high, low, open and close contradict each other"),
    zeroVolumeStretches: z.number().int().describe("runs of at least 10 candles without volume"),
    jumps: z
      .number()
      .int()
      .describe("closes more than 20 robust standard deviations from the one before"),
    gapList: z.array(stretch),
    impossibleList: z.array(z.object({ at: instant, why: z.string() })),
    zeroVolumeList: z.array(stretch),
    jumpList: z.array(z.object({ at: instant, change: z.number().describe("fraction") })),
  })
  .meta({ id: "Certificate" });
export type Certificate = z.infer<typeof certificate>;

export const seriesSource = z.enum(["exchange", "upload", "synthetic"]);

export const series = z
  .object({
    id,
    source: seriesSource,
    exchange: z.string().nullable(),
    symbol: z.string(),
    base: z.string(),
    quote: z.string(),
    timeframe: timeframe.describe("the finest one stored; coarser ones are resampled from it"),
    timeframes: z.array(timeframe).describe("stored and resampled"),
    title: z.string(),
    revision: z.number().int(),
    rows: z.number().int(),
    first: instant.nullable(),
    last: instant.nullable(),
    gaps: z.number().int(),
    missing: z.number().int(),
    warnings: z.number().int(),
    bytes: z.number().int().describe("stored"),
    updatedAt: instant,
    /** 96 numbers from 0 to 1: how full each part of first–last is. */
    coverage: z.array(z.number()),
    mine: z.boolean(),
  })
  .meta({ id: "Series" });
export type Series = z.infer<typeof series>;

export const seriesQuery = pageQuery.extend({
  search: z.string().max(60).default(""),
  source: seriesSource.optional(),
  sort: z.enum(["symbol", "rows", "first", "last", "updatedAt", "bytes"]).default("symbol"),
  order: z.enum(["asc", "desc"]).default("asc"),
});
export const seriesPage = pageOf(series);
export const seriesDetail = series
  .extend({ certificate, market: market.nullable() })
  .meta({ id: "SeriesDetail" });
export type SeriesDetail = z.infer<typeof seriesDetail>;

/**
 * Candles travel as binary columns, little endian: a header of 16 bytes (`TPC1`, uint32 rows, 8 bytes zero), then six
 * Float64 columns of `rows` each: time (ms since epoch, open time), open, high, low, close, volume.
 */
export const candlesQuery = z.object({
  timeframe: timeframe.optional(),
  from: instant.optional(),
  to: instant.optional(),
});

/** Fields that go with an uploaded file. */
export const importOptions = z
  .object({
    symbol: z
      .string()
      .max(40)
      .regex(
        /^\s*[A-Za-z0-9.]{1,20}([/_-][A-Za-z0-9.]{1,20}(:[A-Za-z0-9.]{1,20})?)?\s*$/,
        "must be like BTC/USDT",
      )
      .describe("such as BTC/USDT"),
    timeframe: timeframe.optional().describe("found out from the times when left out"),
    /** `refuse`: one bad line refuses the whole file. `skip`: bad lines are left out and listed. */
    badLines: z.enum(["refuse", "skip"]).default("refuse"),
  })
  .strict();
/** The whole form, as the documentation shows it. */
export const importForm = importOptions.extend({
  file: z.string().meta({ format: "binary", description: "the candles; after the other fields" }),
});
export type ImportOptions = z.infer<typeof importOptions>;

export const downloadRequest = z
  .object({
    exchange: z.string().max(40),
    symbol: z.string().max(40),
    timeframe,
    from: instant,
    to: instant.optional(),
  })
  .strict()
  .meta({
    id: "DownloadRequest",
    examples: [
      {
        exchange: "simulator",
        symbol: "ETH/USDT",
        timeframe: "1h",
        from: "2026-01-01T00:00:00.000Z",
      },
    ],
  });

export const taskStatus = z.enum(["queued", "running", "done", "failed", "cancelled"]);

/** An import or a download on its way into a series. */
export const dataTask = z
  .object({
    id,
    kind: z.enum(["import", "download"]),
    title: z.string(),
    status: taskStatus,
    progress,
    rows: z.number().int(),
    skippedLines: z.array(z.object({ line: z.number().int(), message: z.string() })),
    seriesId: id.nullable(),
    problem: problem.nullable(),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: "DataTask" });
export type DataTask = z.infer<typeof dataTask>;
export const dataTaskPage = pageOf(dataTask);

export const storageUse = z
  .object({
    uploadBytes: z.number().int(),
    uploadBytesMax: z.number().int(),
    fileBytesMax: z.number().int(),
  })
  .meta({ id: "StorageUse" });

/** Generated example series; all symbols of one hour each where nothing is named. */
export const exampleRequest = z
  .object({
    symbol: z.enum(["BTC/USDT", "ETH/USDT", "SOL/USDT"]).optional(),
    timeframe: z.enum(["1h", "1m"]).default("1h"),
  })
  .strict()
  .meta({ id: "ExampleRequest" });
export const exampleSeries = z.object({ items: z.array(series) }).meta({ id: "ExampleSeries" });
