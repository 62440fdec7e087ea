import { CandlesError, RunInputError } from "./errors.ts";
import type { Columns, MarketRules, RunInput, RunSettings } from "./run.ts";
import { timeframeMs } from "./timeframe.ts";

/** Throws `CandlesError` or `RunInputError` for anything a run cannot be computed with. */
export function checkInput({ candles, settings, market, timeframe }: RunInput): void {
  if (timeframeMs(timeframe) === null)
    throw new RunInputError(`"${timeframe}" is not a timeframe such as 1m, 4h or 1d.`);
  checkSettings(settings);
  checkMarket(market);
  checkCandles(candles);
}

function checkSettings({ capital, makerFee, takerFee, slippageBps }: RunSettings): void {
  if (!(Number.isFinite(capital) && capital > 0))
    throw new RunInputError("capital must be above 0.");
  for (const fee of [makerFee, takerFee]) {
    if (!(fee >= 0 && fee < 1))
      throw new RunInputError("fees must be fractions from 0 to below 1.");
  }
  if (!(slippageBps >= 0 && slippageBps < 10_000))
    throw new RunInputError("slippageBps must be from 0 to below 10000.");
}

function checkMarket({ tick, lot, notionalMin }: MarketRules): void {
  const isStep = (step: number | null) => step === null || (Number.isFinite(step) && step > 0);
  if (!isStep(tick) || !isStep(lot))
    throw new RunInputError("tick and lot must be above 0, or null where unknown.");
  if (notionalMin !== null && !(notionalMin >= 0)) {
    throw new RunInputError("notionalMin must be 0 or more, or null where unknown.");
  }
}

function checkCandles(candles: Columns): void {
  const { time, open, high, low, close, volume } = candles;
  const rows = time.length;
  for (const column of [open, high, low, close, volume]) {
    if (column.length !== rows)
      throw new CandlesError("the columns of the candles differ in length.", 0);
  }
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < rows; i++) {
    const at = time[i] as number;
    // NaN fails every comparison. A candle whose prices contradict each other is the certificate's matter.
    const isSound =
      at > before &&
      isPrice(open[i] as number) &&
      isPrice(high[i] as number) &&
      isPrice(low[i] as number) &&
      isPrice(close[i] as number) &&
      (volume[i] as number) >= 0;
    if (!isSound) throw new CandlesError(candleProblem(candles, i), i);
    before = at;
  }
}

function candleProblem({ time, open, high, low, close, volume }: Columns, i: number): string {
  const at = time[i] as number;
  if (!Number.isFinite(at)) return `candle ${i} has no time.`;
  if (i > 0 && at <= (time[i - 1] as number))
    return `candle ${i} is not later than the one before it.`;
  const prices = [open[i] as number, high[i] as number, low[i] as number, close[i] as number];
  if (prices.some((price) => !Number.isFinite(price)))
    return `candle ${i} has a price that is not a finite number.`;
  if (prices.some((price) => price <= 0)) return `candle ${i} has a price that is not above 0.`;
  return `candle ${i} has a volume of ${volume[i]}; it must be 0 or more.`;
}

const isPrice = (price: number) => price > 0 && price < Number.POSITIVE_INFINITY;
