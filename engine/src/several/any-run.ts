import { runBacktest } from "../backtest.ts";
import type { RunResult } from "../result.ts";
import type { RunInput } from "../run.ts";
import { timeframeMs } from "../timeframe.ts";
import type { MarketInput, MarketsInput } from "./input.ts";
import { runMarkets } from "./run-markets.ts";

/** A run over one market, or over several in one wallet. */
export type AnyInput = RunInput | MarketsInput;

/** Runs what it is given, in one market or in several; throws what `runBacktest` throws. */
export const runAny = (input: AnyInput): RunResult =>
  "markets" in input ? runMarkets(input) : runBacktest(input);

export const marketsOf = (input: AnyInput): readonly MarketInput[] =>
  "markets" in input ? input.markets : [input];

/** The same run with every market changed, and without those that the change leaves out. */
export function withMarkets(
  input: AnyInput,
  change: (market: MarketInput, place: number) => MarketInput | null,
): AnyInput {
  if ("markets" in input) {
    const markets = input.markets.flatMap((market, place) => change(market, place) ?? []);
    return { ...input, markets };
  }
  const { market, timeframe, candles, dataRevision, detail } = change(input, 0) ?? input;
  return { ...input, market, timeframe, candles, dataRevision, detail };
}

/** How long the candles of each market are, by its symbol; 0 where that is not known. */
export function lengthsOf(input: AnyInput): (symbol: string) => number {
  const lengths = new Map(
    marketsOf(input).map(({ market, timeframe }) => [market.symbol, timeframeMs(timeframe) ?? 0]),
  );
  return (symbol) => lengths.get(symbol) ?? 0;
}

/** A strategy that decides over a whole wallet does so in one market too. */
export const settled = (input: AnyInput): AnyInput =>
  "markets" in input || !input.strategy.onCandles ? input : { ...input, markets: [input] };
