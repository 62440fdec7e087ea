import { type Timeframe, timeframeMs, timeframes } from "@trading/contracts/common";
import { usualFeeAsset } from "@trading/contracts/fee-asset";
import { runSettings } from "@trading/contracts/run-settings";
import {
  certify,
  checkParameters,
  type ParameterTable,
  type ParameterValues,
  type RunSettings,
} from "@trading/engine";
import { type Command, Option } from "commander";
import { dataRevision } from "../market-data/data-revision.ts";
import { PlatformError } from "../platform/errors.ts";
import { createStrategyHost, defaultHostLimits } from "../strategies/host-client.ts";
import { type CliCandles, loadCandles, marketNamed } from "./backtest-candles.ts";
import { addFillOptions, type FillOptions, readFills } from "./backtest-fills.ts";
import { documentOf, textOf } from "./backtest-output.ts";
import { type PerpetualOptions, readPerpetual } from "./backtest-perpetual.ts";
import { addRuleOptions, type RuleOptions, withRules } from "./backtest-rules.ts";
import { loadStrategy, presetNamed, readParameters } from "./backtest-strategy.ts";
import { BadInput, cliConfig, print } from "./command.ts";

export type BacktestOptions = Readonly<{
  strategy: string;
  candles: string;
  also: readonly string[];
  timeframe?: Timeframe;
  param: readonly string[];
  preset?: string;
  from?: string;
  to?: string;
  capital: string;
  fee: string;
  makerFee?: string;
  takerFee?: string;
  slippage: string;
  positionsMax?: string;
  exposureMax?: string;
  positionExposureMax?: string;
  explain?: boolean;
  json?: boolean;
}> &
  FillOptions &
  RuleOptions &
  PerpetualOptions;

/** For options that may be given several times. */
export const collect = (one: string, before: readonly string[]): string[] => [...before, one];

/** `backtest`: one run on a file or on a market's candles; a file needs neither server nor database. */
export function registerBacktestCommand(program: Command): void {
  const command = program.command("backtest");
  addRuleOptions(addFillOptions(command))
    .description("Run a strategy over candles and print what it found.")
    .requiredOption("--strategy <strategy>", "its name, or a file such as my-strategy.ts")
    .requiredOption(
      "--candles <candles>",
      "a file (CSV, JSON, feather, zip), or a market such as binance:BTC/USDT",
    )
    .option("--also <candles>", "another market in the same wallet; repeat for more", collect, [])
    .addOption(
      new Option(
        "--timeframe <timeframe>",
        "the file's own when left out; 1h for a market",
      ).choices(timeframes),
    )
    .option("--param <name=value>", "a parameter; repeat it for more", collect, [])
    .option("--preset <title>", "the author's choice of parameters and contract; others given win")
    .option("--from <date>", "ISO date or time, UTC")
    .option("--to <date>", "ISO date or time, UTC; not included")
    .option("--capital <amount>", "in the quote currency", "10000")
    .option("--fee <fraction>", "of the notional, maker and taker alike", "0.001")
    .option("--maker-fee <fraction>", "of what rested; --fee when left out")
    .option("--taker-fee <fraction>", "of what took; --fee when left out")
    .option("--slippage <bps>", "against every market and stop fill", "0")
    .option("--leverage <times>", "trade a linear perpetual with this leverage instead of spot")
    .addOption(
      new Option("--margin <mode>", "of a perpetual; isolated when left out").choices([
        "isolated",
        "cross",
      ]),
    )
    .option("--maintenance <fraction>", "of the notional that a perpetual must keep; 0.01")
    .option("--liquidation-fee <fraction>", "of the notional; 0.0125")
    .option("--funding <rate or file>", "a rate every 8 hours, or a CSV file with time and rate")
    .option("--positions-max <count>", "markets with a position at the same time")
    .option("--exposure-max <times>", "worth of all positions as a multiple of the equity")
    .option("--position-exposure-max <times>", "worth of one position as a multiple of it")
    .option("--explain", "also tell what each cost took, by running the same decisions again")
    .option("--json", "one JSON document on stdout")
    .addHelpText("after", examples)
    .action(runBacktestCommand);
}

const examples = `
Examples:
  backtest --strategy sma-crossover --candles BTCUSDT-1h.csv --param fast=10 --param slow=30
  backtest --strategy ema-crossover --candles BTCUSDT-1h.csv --leverage 5 --funding funding.csv
  backtest --strategy macd-forecast --candles BTCUSDT-15m.csv --preset Original
  backtest --strategy dual-momentum --candles BTCUSDT-1d.csv --also ETHUSDT-1d.csv --also SOLUSDT-1d.csv
  backtest --strategy ./mine.ts --candles binance:BTC/USDT --timeframe 4h --from 2024-01-01 --json`;

async function runBacktestCommand(options: BacktestOptions): Promise<void> {
  const range = { fromMs: instantOf(options.from), toMs: instantOf(options.to) };
  if (range.fromMs !== null && range.toMs !== null && range.fromMs >= range.toMs) {
    throw new BadInput("--from must be earlier than --to.");
  }
  const config = cliConfig();
  const host = createStrategyHost({
    ...defaultHostLimits,
    memoryMbMax: config.backtestMemoryMb,
    budgetMs: config.backtestTimeoutSeconds * 1_000,
  });
  try {
    const { bundle, manifest } = await loadStrategy(host, options.strategy, config.strategiesDir);
    const preset = options.preset === undefined ? null : presetNamed(manifest, options.preset);
    const parameters = checkedParameters(manifest.parameters, options.param, preset?.values);
    const leverage = options.leverage ?? preset?.leverage?.toString();
    const settings = readSettings({ ...options, ...(leverage && { leverage }) });
    const wanted = { timeframe: options.timeframe, needsDetail: settings.fillPolicy === "detail" };
    const loaded = await loadCandles(config, options.candles, wanted, range);
    const candles = { ...loaded, market: withRules(loaded.market, options) };
    if (candles.columns.time.length === 0) {
      throw new PlatformError("no-candles", "There are no candles in this range.");
    }
    const others: CliCandles[] = [];
    for (const also of options.also) others.push(await loadCandles(config, also, wanted, range));
    const { columns, market, timeframe, detail } = candles;
    const { code, version, map } = bundle;
    const common = { version, parameters, market, timeframe, settings };
    const first = { code, candles: columns, dataRevision: dataRevision(columns), detail };
    const order = { ...common, ...first, others: others.map(marketOf) };
    const isExplained = options.explain === true;
    const run = await host.run({ ...order, isExplained }, { map });
    const certificate = certify(columns, timeframeMs[timeframe]);
    const found = { ...common, manifest, run, certificate, candles, others };
    print(options.json === true, documentOf(found), textOf(found));
  } finally {
    host.close();
  }
}

const marketOf = ({ columns, timeframe, market, detail }: CliCandles) => ({
  market,
  timeframe,
  detail,
  candles: columns,
  dataRevision: dataRevision(columns),
});

function readSettings(options: BacktestOptions): RunSettings {
  const { capital, fee, slippage } = options;
  const perpetual = readPerpetual(options);
  const given = {
    capital: numberOf("--capital", capital),
    makerFee: numberOf("--maker-fee", options.makerFee ?? fee),
    takerFee: numberOf("--taker-fee", options.takerFee ?? fee),
    slippageBps: numberOf("--slippage", slippage),
    feeAsset: feeAssetOf(options, perpetual !== undefined),
    ...readFills(options),
    ...(perpetual === undefined ? {} : { perpetual }),
    ...readLimits(options),
  };
  const checked = runSettings.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new BadInput(`${issue?.path.join(".")}: ${issue?.message}`);
}

/** As the exchange of the named market does it; of a file nobody knows where it was traded. */
function feeAssetOf({ candles }: BacktestOptions, isPerpetual: boolean) {
  const named = marketNamed(candles);
  return named === null ? "quote" : usualFeeAsset({ ...named, isPerpetual });
}

/** What positions together may be, where an option says so. */
function readLimits({ positionsMax, exposureMax, positionExposureMax }: BacktestOptions) {
  const given = { positionsMax, exposureMax, positionExposureMax };
  const named = Object.entries(given).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, numberOf(`limits.${name}`, text)] as const],
  );
  return named.length === 0 ? {} : { limits: Object.fromEntries(named) };
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new BadInput(`${option} must be a number, not "${text}".`);
}

/** The strategy's parameters, those not named as in its preset or at their defaults. */
export function checkedParameters(
  table: ParameterTable,
  given: readonly string[],
  preset: ParameterValues = {},
) {
  const checked = checkParameters(table, { ...preset, ...readParameters(table, given) });
  if (checked.kind === "ok") return checked.values;
  throw new PlatformError("parameters-refused", "Some parameters cannot be used.", {
    errors: checked.problems,
  });
}

function instantOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  // Without an offset it is meant in UTC, on every machine.
  const isLocal = /T/.test(text) && !/(Z|[+-]\d\d:?\d\d)$/i.test(text);
  const ms = Date.parse(isLocal ? `${text}Z` : text);
  if (!Number.isNaN(ms) && /^\d{4}-\d\d/.test(text)) return ms;
  throw new BadInput(`"${text}" is not an ISO date such as 2024-01-31 or 2024-01-31T12:00Z.`);
}
