import { describeRun, type RunDescription } from "../describe-run.ts";
import { marketsDataRevision } from "../fingerprint.ts";
import { comparePolicies } from "../policy-range.ts";
import type { RunInput } from "../run.ts";
import { timeframeMs } from "../timeframe.ts";
import type { MarketsInput } from "./input.ts";
import type { MarketsResult } from "./run-markets.ts";

/**
 * Measures a run over several markets with the figures of one: its candles are the moments, its market is what equal parts
 * of all markets were worth.
 */
export function describeMarkets(input: MarketsInput, result: MarketsResult): RunDescription {
  const timeframes = input.markets.map(({ timeframe }) => timeframe);
  const timeframe = timeframes.reduce((a, b) => (lengthOf(a) <= lengthOf(b) ? a : b));
  const { index, moments } = result;
  const time = moments.map((at) => at - lengthOf(timeframe));
  const open = index.slice();
  if (open.length > 0) open[0] = 1;
  // What was traded together is no figure: each market has a volume of its own.
  const volume = new Float64Array(index.length);
  const market = { symbol: symbolOf(input), tick: null, lot: null, notionalMin: null };
  const whole: RunInput = {
    ...input,
    // Compared below, over all markets.
    settings: { ...input.settings, policyRange: false },
    market,
    timeframe,
    candles: { time, open, high: index, low: index, close: index, volume },
    dataRevision: marketsDataRevision(input),
    onProgress: () => undefined,
  };
  const traded = input.markets.map((one) => ({
    symbol: one.market.symbol,
    candles: one.candles,
    lengthMs: lengthOf(one.timeframe),
  }));
  const description = describeRun(whole, result, traded);
  const { policyRange } = input.settings;
  return policyRange === true
    ? { ...description, policyRange: comparePolicies(input, result) }
    : description;
}

const lengthOf = (timeframe: string) => timeframeMs(timeframe) ?? 0;

const symbolOf = ({ markets }: MarketsInput) =>
  markets
    .map(({ market }) => market.symbol)
    .sort()
    .join(", ");
