import process from "node:process";
import { id } from "@trading/contracts/common";
import {
  type Columns,
  type Detail,
  judgeResult,
  type MarketInput,
  type MarketRules,
  type Verdict,
} from "@trading/engine";
import type { Command } from "commander";
import type { CandleSource } from "../backtests/candle-source.ts";
import { detailOf } from "../backtests/detail-candles.ts";
import type { LooseConfig } from "../config.ts";
import { dataRevision } from "../market-data/data-revision.ts";
import { createMarketData } from "../market-data/store.ts";
import { NotFound } from "../platform/errors.ts";
import { openDatabase } from "../platform/postgres.ts";
import {
  createStrategyHost,
  defaultHostLimits,
  type StrategyHost,
} from "../strategies/host-client.ts";
import type { RunOrder } from "../strategies/host-protocol.ts";
import { createStrategyStore } from "../strategies/store.ts";
import { loadCandles } from "./backtest-candles.ts";
import { loadStrategy } from "./backtest-strategy.ts";
import { BadInput, cliConfig, print, requireDatabase } from "./command.ts";
import { findKeptResult, type KeptMarket, type KeptResult, readKeptFile } from "./kept-result.ts";
import { collect } from "./run-options.ts";

type Options = Readonly<{
  candles?: string;
  also: readonly string[];
  strategy?: string;
  json?: boolean;
}>;

const exitCodes: Readonly<Record<Verdict, number>> = {
  same: 0,
  "data-changed": 3,
  "strategy-changed": 4,
  "other-engine": 5,
  "inputs-changed": 6,
  different: 7,
};

/** `fingerprint verify`: makes a kept result again and says whether it is the same, and if not, why. */
export function registerFingerprintCommands(program: Command): void {
  program
    .command("fingerprint")
    .description("hold results against fresh runs")
    .command("verify <result>")
    .description("make a result again: the id of a backtest, or a file with a result")
    .option("--candles <candles>", "a file, or a market; those of the result when left out")
    .option("--also <candles>", "of the further markets, in order; repeat for more", collect, [])
    .option("--strategy <strategy>", "its name, or a file; that of the result when left out")
    .option("--json", "one JSON document on stdout")
    .addHelpText("after", help)
    .action(verify);
}

const help = `
Exit codes: 0 same, 1 it could not be made again, 2 bad input, 3 data changed, 4 strategy changed,
5 made by another engine, 6 inputs changed, 7 different with everything the same.

Examples:
  fingerprint verify 0198c7b2-8f1e-7c3a-9a54-5d0f6b1f2e77
  fingerprint verify backtest.json --candles BTCUSDT-1h.csv
  fingerprint verify wallet.json --candles BTCUSDT-1d.csv --also ETHUSDT-1d.csv`;

async function verify(asked: string, options: Options): Promise<void> {
  const config = cliConfig();
  const host = createStrategyHost({ ...defaultHostLimits, memoryMbMax: config.backtestMemoryMb });
  try {
    const isStored = id.safeParse(asked).success;
    const [kept, order] = isStored
      ? await fromDatabase(config, asked)
      : await fromFile(config, host, asked, options);
    const run = await host.run(order);
    const { receipt } = run.report;
    const told = kept.retell(run, [order, ...(order.others ?? [])]);
    const { verdict, sentence } = judgeResult(kept, { receipt, told });
    const document = { verdict, sentence, before: kept.receipt, now: receipt };
    print(options.json === true, document, sentence);
    process.exitCode = exitCodes[verdict];
  } finally {
    host.close();
  }
}

/** Candles that are missing are fetched for so long. */
const fetchMsMax = 600_000;

type Found = readonly [kept: KeptResult, order: RunOrder];

/** With the version and the series that the backtest was made from. */
async function fromDatabase(config: LooseConfig, backtestId: string): Promise<Found> {
  const database = openDatabase(requireDatabase(config), { max: 2 });
  try {
    const kept = await findKeptResult(database.db, backtestId);
    const { strategy, version } = kept;
    const code = await createStrategyStore(database.db).findVersion(strategy, version);
    if (code === null) throw new NotFound("strategy version", version);
    const onError = (error: unknown) => void process.stderr.write(`${String(error)}\n`);
    const marketData = createMarketData({ ...config, database, onError });
    const candles: CandleSource = {
      ensureCandles: marketData.ensureCandles,
      findMarket: marketData.markets.find,
      load: marketData.series.loadFor,
      revisionOf: dataRevision,
    };
    const markets: MarketInput[] = [];
    for (const one of kept.markets) markets.push(await storedMarket(candles, kept, one));
    return [kept, orderOf(kept, code, markets)];
  } finally {
    await database.close();
  }
}

/** A market with the candles of the series that it was run over. */
async function storedMarket(
  candles: CandleSource,
  { settings }: KeptResult,
  kept: KeptMarket,
): Promise<MarketInput> {
  const { stored, exchange, symbol, timeframe, range } = kept;
  if (stored === null) throw new NotFound("series of", symbol);
  const { userId, seriesId } = stored;
  const { series, columns } = await candles.load(userId, seriesId, { timeframe, ...range });
  const [fromAt, toAt] = [new Date(range.fromMs), new Date(range.toMs)];
  const watch = { signal: AbortSignal.timeout(fetchMsMax), onProgress: () => {} };
  const asked = { ...stored, settings, timeframe, fromAt, toAt };
  const detail = await detailOf({ candles }, asked, series, watch);
  const found = exchange === null ? null : await candles.findMarket(exchange, symbol);
  const { tick = null, lot = null, notionalMin = null } = found ?? {};
  return marketOf(kept, { columns, detail, rules: { tick, lot, notionalMin } });
}

/** With the strategy and the candles that are at hand here. */
async function fromFile(
  config: LooseConfig,
  host: StrategyHost,
  path: string,
  options: Options,
): Promise<Found> {
  const kept = readKeptFile(path);
  const strategy = options.strategy ?? kept.strategy;
  const { bundle } = await loadStrategy(host, strategy, config.strategiesDir);
  const needsDetail = kept.settings.fillPolicy === "detail";
  const named = [options.candles, ...options.also];
  if (named.length > kept.markets.length)
    throw new BadInput(`The result is over fewer markets than --candles and --also name.`);
  const markets: MarketInput[] = [];
  for (const [i, one] of kept.markets.entries()) {
    const { timeframe, range } = one;
    const where = named[i] ?? exchangeMarketOf(one, i);
    const { columns, detail, market } = await loadCandles(
      config,
      where,
      { timeframe, needsDetail },
      range,
    );
    markets.push(marketOf(one, { columns, detail, rules: market }));
  }
  return [kept, orderOf(kept, bundle, markets)];
}

/** The market at the exchange that it was traded at. */
function exchangeMarketOf({ exchange, symbol }: KeptMarket, place: number): string {
  if (exchange !== null) return `${exchange}:${symbol}`;
  const option = place === 0 ? "--candles" : "--also, in the order of the result";
  throw new BadInput(`Name the candles of ${symbol} with ${option}: the result has no exchange.`);
}

type Loaded = Readonly<{
  columns: Columns;
  detail: Detail | undefined;
  rules: Omit<MarketRules, "symbol">;
}>;

/** A market as it was run: by its old name, with the rules that were kept where they were. */
function marketOf(kept: KeptMarket, { columns, detail, rules }: Loaded): MarketInput {
  const { symbol, timeframe, funding } = kept;
  return {
    market: { ...(kept.rules ?? rules), symbol },
    timeframe,
    candles: columns,
    dataRevision: dataRevision(columns),
    detail,
    ...(funding === undefined ? {} : { funding }),
  };
}

function orderOf(
  { parameters, settings, told }: KeptResult,
  { code, version }: Readonly<{ code: string; version: string }>,
  markets: readonly MarketInput[],
): RunOrder {
  const [first, ...others] = markets as [MarketInput, ...MarketInput[]];
  const isExplained = told.explanation !== undefined;
  return { code, version, parameters, settings, ...first, others, isExplained };
}
