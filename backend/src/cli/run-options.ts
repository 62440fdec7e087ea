import { type Timeframe, timeframes } from "@trading/contracts/common";
import { usualFeeAsset } from "@trading/contracts/fee-asset";
import { runSettings } from "@trading/contracts/run-settings";
import {
  checkParameters,
  type ParameterTable,
  type ParameterValues,
  type RunSettings,
} from "@trading/engine";
import { type Command, Option } from "commander";
import { PlatformError } from "../platform/errors.ts";
import { marketNamed } from "./backtest-candles.ts";
import { addFillOptions, type FillOptions, readFills } from "./backtest-fills.ts";
import { type PerpetualOptions, readPerpetual } from "./backtest-perpetual.ts";
import { addRuleOptions, type RuleOptions } from "./backtest-rules.ts";
import { presetNamed, readParameters } from "./backtest-strategy.ts";
import { BadInput } from "./command.ts";

/** What a run is made of besides its strategy: the same for all commands that run one. */
export type RunOptions = Readonly<{
  candles?: string;
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
}> &
  FillOptions &
  RuleOptions &
  PerpetualOptions;

/** For options that may be given several times. */
export const collect = (one: string, before: readonly string[]): string[] => [...before, one];

/** Adds every option of a run but the candles of its first market. */
export const addRunOptions = (command: Command): Command =>
  addRuleOptions(addFillOptions(command))
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
    .option("--position-exposure-max <times>", "worth of one position as a multiple of it");

export type RunChoice = Readonly<{ parameters: ParameterValues; settings: RunSettings }>;

type Manifest = Parameters<typeof presetNamed>[0] & Readonly<{ parameters: ParameterTable }>;

/** Parameters and settings that options ask for; what the preset says goes where no option does. */
export function readChoice(manifest: Manifest, options: RunOptions): RunChoice {
  const preset = options.preset === undefined ? null : presetNamed(manifest, options.preset);
  const leverage = options.leverage ?? preset?.leverage?.toString();
  return {
    parameters: checkedParameters(manifest.parameters, options.param, preset?.values),
    settings: readSettings({ ...options, ...(leverage && { leverage }) }),
  };
}

function readSettings(options: RunOptions): RunSettings {
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
function feeAssetOf({ candles = "" }: RunOptions, isPerpetual: boolean) {
  const named = marketNamed(candles);
  return named === null ? "quote" : usualFeeAsset({ ...named, isPerpetual });
}

/** What positions together may be, where an option says so. */
function readLimits({ positionsMax, exposureMax, positionExposureMax }: RunOptions) {
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
function checkedParameters(
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

/** The stretch of candles that options ask for; null where they leave an end open. */
export function readRange(options: RunOptions) {
  const range = { fromMs: instantOf(options.from), toMs: instantOf(options.to) };
  if (range.fromMs !== null && range.toMs !== null && range.fromMs >= range.toMs)
    throw new BadInput("--from must be earlier than --to.");
  return range;
}

function instantOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  // Without an offset it is meant in UTC, on every machine.
  const isLocal = /T/.test(text) && !/(Z|[+-]\d\d:?\d\d)$/i.test(text);
  const ms = Date.parse(isLocal ? `${text}Z` : text);
  if (!Number.isNaN(ms) && /^\d{4}-\d\d/.test(text)) return ms;
  throw new BadInput(`"${text}" is not an ISO date such as 2024-01-31 or 2024-01-31T12:00Z.`);
}
