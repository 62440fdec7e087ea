import type { Columns, Detail } from "../columns.ts";
import { RunInputError } from "../errors.ts";
import { checkFillSettings } from "../fill-settings.ts";
import type { IndicatorMemory } from "../indicator-memory.ts";
import {
  checkDetail,
  checkLengths,
  checkMarket,
  checkSettings,
  checkTimeframe,
} from "../input-checks.ts";
import type { ParameterValues } from "../parameters.ts";
import { checkFunding, type Funding } from "../perpetual.ts";
import type { MarketRules, RunSettings } from "../run-settings.ts";
import type { Strategy } from "../strategy.ts";
import { timeframeMs } from "../timeframe.ts";

/** One of the markets of a wallet, with its own candles. */
export type MarketInput = Readonly<{
  market: MarketRules;
  timeframe: string;
  candles: Columns;
  /** SHA-256 (hex) of the columns used. */
  dataRevision: string;
  /** Finer candles for the fill policy `detail`. */
  detail?: Detail | undefined;
  /** What it is priced in; the same for all markets of a wallet. Left out: not known. */
  quote?: string | undefined;
  /** In place of what the settings say; left out: that. */
  funding?: Funding | null | undefined;
}>;

/** A run over several markets in one wallet; in what order they are listed makes no difference. */
export type MarketsInput = Readonly<{
  strategy: Strategy;
  strategyVersion: string;
  parameters: ParameterValues;
  settings: RunSettings;
  markets: readonly MarketInput[];
  /** Whether the lines that the strategy draws are kept; left out: they are. */
  isPlotted?: boolean;
  /** Indicators that other runs over these candles computed; what this one computes is left there. */
  indicatorMemory?: IndicatorMemory | undefined;
  /** Called now and then with the share done, 0 to 1. Must not throw. */
  onProgress?: ((share: number) => void) | undefined;
}>;

const marketsMax = 50;

/** Throws `CandlesError` or `RunInputError` for anything a run cannot be computed with, but for single candles. */
export function checkMarkets({ markets, settings }: MarketsInput): void {
  if (markets.length === 0 || markets.length > marketsMax)
    throw new RunInputError(`a run takes 1 to ${marketsMax} markets, not ${markets.length}.`);
  checkSettings(settings);
  if (settings.fillOn === "signal-close")
    throw new RunInputError(
      "fillOn signal-close is for a strategy that decides over one market, by onCandle: in a wallet orders fill from the next candle on.",
    );
  const symbols = new Set<string>();
  for (const { market, timeframe, candles, funding, detail } of markets) {
    if (symbols.has(market.symbol))
      throw new RunInputError(`the market ${market.symbol} is there twice.`);
    symbols.add(market.symbol);
    checkTimeframe(timeframe);
    checkMarket(market);
    checkLengths(candles);
    if (funding) checkFunding(funding);
    checkFillSettings({ settings, timeframe, detail });
    if (detail) checkDetail(detail);
  }
  checkSharedMargin(
    settings,
    markets.map(({ timeframe }) => timeframe),
  );
  if (isMarginShared(settings, markets.length)) checkInStep(settings, markets);
  const quotes = new Set(markets.flatMap(({ quote }) => quote ?? []));
  if (quotes.size > 1)
    throw new RunInputError(`one wallet holds one currency, not ${[...quotes].join(" and ")}.`);
}

/**
 * Throws `RunInputError` where positions share their margin and one is only known when its longer candle closes: what it loses
 * meanwhile would be lent to the others.
 */
export function checkSharedMargin(settings: RunSettings, timeframes: readonly string[]): void {
  if (settings.fillPolicy === "detail" || !isMarginMixed(settings, timeframes)) return;
  throw new RunInputError(
    "cross margin over markets of different timeframes needs the fill policy detail, or isolated margin: nobody knows what a position has lost while its longer candle is under way.",
  );
}

/** Throws `RunInputError` where what positions that share their margin are worth becomes known at different times. */
function checkInStep({ fillPolicy }: RunSettings, markets: readonly MarketInput[]): void {
  const steps = markets.map(({ timeframe, detail, candles }) => {
    const known = fillPolicy === "detail" && detail ? detail.timeframe : timeframe;
    const lengthMs = timeframeMs(known) ?? Number.NaN;
    return { known, phaseMs: (candles.time[0] ?? 0) % lengthMs };
  });
  if (new Set(steps.map(({ known }) => known)).size > 1)
    throw new RunInputError(
      "cross margin over several markets under the fill policy detail needs finer candles of one timeframe for all of them.",
    );
  if (new Set(steps.map(({ phaseMs }) => phaseMs)).size > 1)
    throw new RunInputError(
      "cross margin over several markets needs candles that open at the same times; these are shifted against each other.",
    );
}

export const isMarginMixed = (settings: RunSettings, timeframes: readonly string[]): boolean =>
  isMarginShared(settings, timeframes.length) && new Set(timeframes).size > 1;

/** Whether what one market loses is missing from the margin of another. */
export const isMarginShared = ({ perpetual }: RunSettings, markets: number): boolean =>
  perpetual?.marginMode === "cross" && perpetual.leverage > 1 && markets > 1;
