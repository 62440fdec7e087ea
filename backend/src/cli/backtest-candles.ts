import { existsSync } from "node:fs";
import { basename } from "node:path";
import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import { type Columns, type Detail, resample } from "@trading/engine";
import { noneFiner } from "../backtests/detail-candles.ts";
import type { LooseConfig } from "../config.ts";
import { rowsBetween } from "../market-data/columns.ts";
import { dataRevision } from "../market-data/data-revision.ts";
import { importLimits } from "../market-data/import/limits.ts";
import { readCandleFile } from "../market-data/import/read-candle-file.ts";
import { synthesize, syntheticSymbols } from "../market-data/synthetic.ts";
import type { MarketCandles } from "./backtest-market.ts";
import { BadInput } from "./command.ts";

export type CliCandles = Omit<MarketCandles, "finer"> &
  Readonly<{
    /** Candles of a file that it holds more than once, and that were left out. */
    duplicates: number;
    /** Further lines of the file that were left out, such as a last candle that had not closed. */
    skipped: number;
    /** The finer candles that these are made of, or that were asked for besides. */
    detail?: Detail | undefined;
  }>;

/** The candles' timeframe, and whether finer ones are needed too. */
export type CandlesAsked = Readonly<{ timeframe: Timeframe | undefined; needsDetail: boolean }>;

type Range = Readonly<{ fromMs: number | null; toMs: number | null }>;

/** Candles of a file, of a generated market, or of `exchange:symbol` by way of the database. */
export async function loadCandles(
  config: LooseConfig,
  asked: string,
  asks: CandlesAsked,
  range: Range,
): Promise<CliCandles> {
  const { timeframe, needsDetail } = asks;
  if (existsSync(asked)) return fromFile(asked, asks, range);
  const named = marketNamed(asked);
  if (named === null) {
    throw new BadInput(
      `There is no file ${asked}. Name a file, or a market such as binance:BTC/USDT or generated:BTC/USDT.`,
    );
  }
  if (named.exchange === "generated") return generated(named.symbol, asks, range);
  // A file needs nothing of a database, and starts sooner without it.
  const { fromMarket } = await import("./backtest-market.ts");
  const wanted = { ...named, timeframe: timeframe ?? "1h", ...range };
  const found = await fromMarket(config, wanted, needsDetail);
  const { finer, columns, ...rest } = found;
  const detail = finer === null ? undefined : detailOf(finer.columns, finer.timeframe, range);
  return { ...rest, columns: cut(columns, range), detail, duplicates: 0, skipped: 0 };
}

/** The market that `exchange:symbol` names; null for a file and for anything else. */
export function marketNamed(asked: string): Readonly<{ exchange: string; symbol: string }> | null {
  const found = existsSync(asked) ? null : /^([a-z0-9]+):(.+\/.+)$/i.exec(asked);
  if (found === null) return null;
  const [, exchange = "", symbol = ""] = found;
  return { exchange: exchange.toLowerCase(), symbol: symbol.toUpperCase() };
}

async function fromFile(path: string, asks: CandlesAsked, range: Range): Promise<CliCandles> {
  const found = await readCandleFile(path, {
    nowMs: Date.now(),
    // A file of the person at the keyboard may be as large as the machine can take.
    limits: { ...importLimits, fileBytesMax: importLimits.expandedBytesMax },
  });
  const symbol = found.symbol ?? basename(path);
  return storedCandles({ ...found, symbol }, asks, range);
}

/** Two years of hours, or sixty days of minutes where finer candles are needed; the same on every machine. */
function generated(symbol: string, asks: CandlesAsked, range: Range): CliCandles {
  const known = syntheticSymbols.find((one) => one === symbol);
  if (known === undefined)
    throw new BadInput(`${symbol} is not generated; there are ${syntheticSymbols.join(", ")}.`);
  const { timeframe = "1h", needsDetail } = asks;
  const isFine = needsDetail || timeframeMs[timeframe] % timeframeMs["1h"] !== 0;
  const stored = isFine ? "1m" : "1h";
  const found = { symbol, timeframe: stored, columns: synthesize(known, stored) } as const;
  const whole = { ...found, duplicates: 0, skipped: 0 };
  return storedCandles(whole, { timeframe, needsDetail }, range);
}

type Stored = Readonly<{ symbol: string; timeframe: Timeframe; columns: Columns }> &
  Pick<CliCandles, "duplicates" | "skipped">;

/** Candles of the timeframe that is asked for, with those that they are made of. */
function storedCandles(
  { symbol, timeframe: stored, columns, duplicates, skipped }: Stored,
  { timeframe = stored, needsDetail }: CandlesAsked,
  range: Range,
): CliCandles {
  const isFiner = stored !== timeframe;
  if (needsDetail && !isFiner) throw noneFiner(timeframe);
  return {
    columns: cut(coarser(columns, stored, timeframe), range),
    timeframe,
    market: { symbol, tick: null, lot: null, notionalMin: null },
    detail: isFiner ? detailOf(columns, stored, range) : undefined,
    duplicates,
    skipped,
  };
}

function detailOf(columns: Columns, timeframe: Timeframe, range: Range): Detail {
  const candles = cut(columns, range);
  return { candles, timeframe, dataRevision: dataRevision(candles) };
}

function coarser(columns: Columns, stored: Timeframe, wanted: Timeframe): Columns {
  if (stored === wanted) return columns;
  if (timeframeMs[wanted] % timeframeMs[stored] === 0) {
    return resample(columns, timeframeMs[stored], timeframeMs[wanted]);
  }
  throw new BadInput(`These are candles of ${stored}; ${wanted} cannot be made of them.`);
}

const cut = (columns: Columns, { fromMs, toMs }: Range): Columns =>
  rowsBetween(columns, fromMs ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY);
