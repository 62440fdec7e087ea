import type { Columns, Detail } from "../columns.ts";
import { FinerCandles } from "../finer-candles.ts";
import type { Funding } from "../perpetual.ts";
import { type AnyInput, marketsOf, withMarkets } from "../several/any-run.ts";
import type { MarketInput } from "../several/input.ts";
import { timeframeMs } from "../timeframe.ts";
import { numbers, poisoned, startingAt, tail } from "./poison.ts";

const lengthOf = ({ timeframe }: Readonly<{ timeframe: string }>) => timeframeMs(timeframe) ?? 0;

/** How many candles of a market have closed by a moment. */
export const closedBy = (one: Pick<MarketInput, "candles" | "timeframe">, moment: number): number =>
  countUpTo(one.candles.time, moment - lengthOf(one));

/** When candles close, ms since epoch, in order: once for every candle of every market. */
export function closesOf(input: AnyInput): Float64Array {
  const closes = marketsOf(input).map((one) => {
    const lengthMs = lengthOf(one);
    return one.candles.time.map((at) => at + lengthMs);
  });
  return closes.length === 1
    ? (closes[0] as Float64Array)
    : Float64Array.from(closes.flatMap((one) => [...one])).sort();
}

/** The same run in which nothing is as it was after a moment: candles, finer candles and funding are garbage from then on. */
export function poisonedAfter(given: AnyInput, moment: number, seed: number): AnyInput {
  const changed = withMarkets(given, (one, place) => {
    const { detail, funding } = one;
    const own = seed + 7_919 * place;
    const finer = detail && poisonedDetail(detail, lengthOf(one), moment, own + 1);
    const candles = garbageAfter(one, moment, own);
    if (finer) makeUpFrom(finer.candles, candles, one, moment);
    return {
      ...one,
      candles,
      detail: finer,
      ...(funding ? { funding: poisonedFunding(funding, moment, own + 2) } : {}),
    };
  });
  const { perpetual } = changed.settings;
  if (!perpetual?.funding) return changed;
  const funding = poisonedFunding(perpetual.funding, moment, seed + 3);
  return { ...changed, settings: { ...changed.settings, perpetual: { ...perpetual, funding } } };
}

/** Candles that are garbage from a moment on, but for the open of one that is under way then: it may have filled orders. */
function garbageAfter(
  one: Pick<MarketInput, "candles" | "timeframe">,
  moment: number,
  seed: number,
  rest = tail,
): Columns {
  const { time, open } = one.candles;
  const next = closedBy(one, moment);
  const garbage = poisoned(one.candles, next - 1, seed, rest);
  if ((time[next] ?? moment) >= moment) return garbage;
  const known = open[next] as number;
  garbage.open[next] = known;
  garbage.high[next] = Math.max(garbage.high[next] as number, known);
  garbage.low[next] = Math.min(garbage.low[next] as number, known);
  return garbage;
}

function poisonedDetail(detail: Detail, coarseMs: number, moment: number, seed: number): Detail {
  const rest = tail * Math.ceil(coarseMs / lengthOf(detail));
  return { ...detail, candles: garbageAfter(detail, moment, seed, rest) };
}

/**
 * Lets finer garbage make up the coarser one, as real candles do: else none of it would be met. A candle under way stays apart where
 * the real ones do not make it up, because that decides what of it was met already.
 */
function makeUpFrom(finer: Columns, garbage: Columns, one: MarketInput, moment: number): void {
  const lengthMs = lengthOf(one);
  const rows = new FinerCandles(finer);
  const real = one.detail && new FinerCandles(one.detail.candles);
  for (let i = closedBy(one, moment); i < garbage.time.length; i++) {
    const time = garbage.time[i] as number;
    const [from, to] = rows.within(time, time + lengthMs);
    const isUnderWay = time < moment;
    const isApart =
      isUnderWay && !real?.makeUp(...real.within(time, time + lengthMs), one.candles, i);
    if (from === to || isApart) continue;
    if (!isUnderWay) garbage.open[i] = finer.open[from] as number;
    garbage.high[i] = Math.max(...finer.high.subarray(from, to));
    garbage.low[i] = Math.min(...finer.low.subarray(from, to));
    garbage.close[i] = finer.close[to - 1] as number;
    garbage.volume[i] = finer.volume.subarray(from, to).reduce((sum, volume) => sum + volume, 0);
  }
}

/** A rate that never changes is known for all times; of a series only what is past is, and rates of it, either way round, follow. */
function poisonedFunding(funding: Funding, moment: number, seed: number): Funding {
  if (funding.kind === "constant") return funding;
  const random = numbers(seed);
  const rates = funding.points.map(({ rate }) => rate);
  const anyRate = () =>
    (random() < 0.5 ? -1 : 1) * (rates[Math.floor(random() * rates.length)] as number);
  const points = funding.points.map((point) =>
    point.at < moment ? point : { at: point.at, rate: anyRate() },
  );
  return { ...funding, points };
}

/** The same run without the candles that close before a moment; a market that has none left is left out. */
export const beginningAt = (input: AnyInput, moment: number): AnyInput =>
  withMarkets(input, (one) => {
    const { candles } = one;
    const first = countUpTo(candles.time, moment - lengthOf(one) - 1);
    return first === candles.time.length ? null : { ...one, candles: startingAt(candles, first) };
  });

/** The same run over its newest candles, so many of all markets together at most. */
export function newestOf(input: AnyInput, candlesMax: number): AnyInput {
  const closes = closesOf(input);
  if (closes.length <= candlesMax) return input;
  const first = closes[closes.length - candlesMax] as number;
  // Of candles that close together all stay or none: those of the moment before are one too many.
  const isCut = closes[closes.length - candlesMax - 1] === first;
  const later = isCut ? closes.find((at) => at > first) : first;
  return later === undefined ? input : beginningAt(input, later);
}

/** How many times are not later than `ms`. */
function countUpTo(time: Float64Array, ms: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] as number) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
