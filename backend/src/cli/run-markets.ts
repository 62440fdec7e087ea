import type { MarketInput, RunSettings } from "@trading/engine";
import type { LooseConfig } from "../config.ts";
import { dataRevision } from "../market-data/data-revision.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Bundle } from "../strategies/bundle.ts";
import type { RunOrder } from "../strategies/host-protocol.ts";
import { type CliCandles, loadCandles } from "./backtest-candles.ts";
import { withRules } from "./backtest-rules.ts";
import type { RunChoice, RunOptions, readRange } from "./run-options.ts";

/** The markets of a wallet; there is always a first. */
export type CliMarkets = readonly [CliCandles, ...CliCandles[]];

/** Candles of the first market and of those that options name besides, in one wallet. */
export async function loadMarkets(
  config: LooseConfig,
  first: string,
  options: RunOptions,
  { fillPolicy }: RunSettings,
  range: ReturnType<typeof readRange>,
): Promise<CliMarkets> {
  const wanted = { timeframe: options.timeframe, needsDetail: fillPolicy === "detail" };
  const loaded = await loadCandles(config, first, wanted, range);
  if (loaded.columns.time.length === 0)
    throw new PlatformError("no-candles", "There are no candles in this range.");
  const others: CliCandles[] = [];
  for (const also of options.also) others.push(await loadCandles(config, also, wanted, range));
  return [{ ...loaded, market: withRules(loaded.market, options) }, ...others];
}

/** What a strategy host is asked to run. */
export function orderOf(
  { code, version }: Pick<Bundle, "code" | "version">,
  { parameters, settings }: RunChoice,
  [first, ...others]: CliMarkets,
): RunOrder {
  const choice = { code, version, parameters, settings };
  return { ...choice, ...marketOf(first), others: others.map(marketOf) };
}

const marketOf = ({ columns, timeframe, market, detail }: CliCandles): MarketInput => ({
  market,
  timeframe,
  detail,
  candles: columns,
  dataRevision: dataRevision(columns),
});
