import type { Columns, Detail } from "./columns.ts";
import { CandlesError, RunInputError } from "./errors.ts";
import { checkFillSettings } from "./fill-settings.ts";
import { checkPerpetual } from "./perpetual.ts";
import type { RunInput } from "./run.ts";
import type { MarketRules, RunSettings } from "./run-settings.ts";
import { timeframeMs } from "./timeframe.ts";

/** Throws `CandlesError` or `RunInputError` for anything a run cannot be computed with, but for single candles. */
export function checkInput(input: RunInput): void {
  const { candles, settings, market, timeframe, detail } = input;
  checkTimeframe(timeframe);
  checkSettings(settings);
  checkMarket(market);
  checkLengths(candles);
  checkFillSettings(input);
  if (detail) checkDetail(detail);
}

export function checkDetail({ candles, timeframe }: Detail): void {
  checkLengths(candles);
  checkAllCandles(candles, timeframeMs(timeframe) ?? 0);
}

/** Throws `CandlesError` for the first candle that no run can be computed with, unless a run has read them all before. */
export function checkAllCandles(candles: Columns, lengthMs: number): void {
  if (candles.time.length === 0 || areKnownSound(candles, lengthMs)) return;
  checkCandles(candles, lengthMs, 0, candles.time.length);
  rememberSound(candles, lengthMs);
}

export function checkTimeframe(timeframe: string): void {
  if (timeframeMs(timeframe) === null)
    throw new RunInputError(`"${timeframe}" is not a timeframe such as 1m, 4h or 1d.`);
}

/** Throws `RunInputError` for money and costs that no run can be computed with. */
export function checkSettings({
  capital,
  makerFee,
  takerFee,
  slippageBps,
  perpetual,
  limits,
  borrowRate,
}: RunSettings): void {
  if (!(Number.isFinite(capital) && capital > 0))
    throw new RunInputError("capital must be above 0.");
  for (const fee of [makerFee, takerFee]) {
    if (!(fee >= 0 && fee < 1))
      throw new RunInputError("fees must be fractions from 0 to below 1.");
  }
  if (!(slippageBps >= 0 && slippageBps < 10_000))
    throw new RunInputError("slippageBps must be from 0 to below 10000.");
  if (perpetual) checkPerpetual(perpetual);
  checkBorrowRate(borrowRate);
  for (const [name, most] of Object.entries(limits ?? {})) {
    if (most !== undefined && !(most > 0))
      throw new RunInputError(`limits.${name} must be above 0.`);
  }
}

function checkBorrowRate(rate = 0): void {
  if (!(rate >= 0 && rate <= 100))
    throw new RunInputError("borrowRate must be a fraction a year from 0 to 100.");
}

export function checkMarket({ tick, lot, notionalMin }: MarketRules): void {
  const isStep = (step: number | null) => step === null || (Number.isFinite(step) && step > 0);
  if (!isStep(tick) || !isStep(lot))
    throw new RunInputError("tick and lot must be above 0, or null where unknown.");
  if (notionalMin !== null && !(notionalMin >= 0)) {
    throw new RunInputError("notionalMin must be 0 or more, or null where unknown.");
  }
}

export function checkLengths({ time, open, high, low, close, volume }: Columns): void {
  for (const column of [open, high, low, close, volume]) {
    if (column.length !== time.length)
      throw new CandlesError("the columns of the candles differ in length.", 0);
  }
}

/** How far apart the candles of columns were found to begin at the least. */
const sound = new WeakMap<Columns, number>();

/**
 * Whether a run went through these very columns before: then they are not checked again. Columns never change; whoever
 * corrects a candle makes new ones.
 */
export const areKnownSound = (candles: Columns, lengthMs: number): boolean =>
  (sound.get(candles) ?? Number.NaN) >= lengthMs;

/** Remembers columns in which every candle was checked. */
export function rememberSound(candles: Columns, lengthMs: number): void {
  sound.set(candles, lengthMs);
}

/** Throws `CandlesError` with the first candle from `from` to before `to` that no run can be computed with. */
export function checkCandles(candles: Columns, lengthMs: number, from: number, to: number): void {
  const { time, open, high, low, close, volume } = candles;
  const isSound =
    isRising(time, lengthMs, from, to) &&
    arePrices(open, from, to) &&
    arePrices(high, from, to) &&
    arePrices(low, from, to) &&
    arePrices(close, from, to) &&
    areAmounts(volume, from, to);
  if (!isSound) refuseFirst(candles, lengthMs, from, to);
}

/** ms since epoch: about the years 1653 to 2286. Beyond them, counting days would never end. */
const timeMax = 1e13;

function isRising(time: Float64Array, lengthMs: number, from: number, to: number): boolean {
  const least = Math.max(lengthMs, 1);
  let before = from > 0 ? (time[from - 1] as number) : Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const at = time[i] as number;
    // Asked this way round, NaN fails.
    if (!(at >= before + least)) return false;
    before = at;
  }
  return before <= timeMax && (time[from] as number) >= -timeMax;
}

function arePrices(column: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const price = column[i] as number;
    if (!(price > 0 && price < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}

function areAmounts(column: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const amount = column[i] as number;
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}

function refuseFirst(candles: Columns, lengthMs: number, from: number, to: number): never {
  for (let i = from; i < to; i++) {
    const problem = candleProblem(candles, lengthMs, i);
    if (problem !== null) throw new CandlesError(problem, i);
  }
  throw new CandlesError("the candles are not sound.", from);
}

/** What is wrong with one candle; null when nothing is. Prices that contradict each other are the certificate's matter. */
function candleProblem(
  { time, open, high, low, close, volume }: Columns,
  lengthMs: number,
  i: number,
): string | null {
  const at = time[i] as number;
  if (Number.isNaN(at)) return `candle ${i} has no time.`;
  if (Math.abs(at) > timeMax) return `candle ${i} has a time that is not in ms since 1970.`;
  if (i > 0 && at <= (time[i - 1] as number))
    return `candle ${i} is not later than the one before it.`;
  if (i > 0 && at < (time[i - 1] as number) + lengthMs)
    return `candle ${i} begins ${(at - (time[i - 1] as number)) / 60_000} minutes after the one before it, which is ${lengthMs / 60_000} long.`;
  const prices = [open[i] as number, high[i] as number, low[i] as number, close[i] as number];
  if (prices.some((price) => !Number.isFinite(price)))
    return `candle ${i} has a price that is not a finite number.`;
  if (prices.some((price) => price <= 0)) return `candle ${i} has a price that is not above 0.`;
  const amount = volume[i] as number;
  return amount >= 0 && Number.isFinite(amount)
    ? null
    : `candle ${i} has a volume of ${amount}; it must be 0 or more.`;
}
