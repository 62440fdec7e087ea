import type { Columns } from "./columns.ts";
import { daysOf, daysReason } from "./daily-equity.ts";
import { countUpTo, type TradedSeries } from "./described-trade.ts";
import { isStillOpen } from "./end-of-data.ts";
import type { Measures } from "./measures.ts";
import { pieceLength } from "./piece.ts";
import type { NamedFill } from "./report/fill-trades.ts";
import type { EngineTrade, Fill, RunResult } from "./result.ts";
import { quantileAmong, sumOf } from "./statistics.ts";

const dayMs = 86_400_000;

/** What a run went over; of several markets the candles are the moments, and those that were traded are apart. */
type Over = Readonly<{
  candles: Columns;
  traded: readonly TradedSeries[];
  timeframeMs: number;
}>;

/** What trading cost, what became of orders, and how much of the time and the equity was in the market. */
export function measureActivity(
  result: RunResult,
  { candles, traded, timeframeMs }: Over,
  measures: Measures,
): void {
  const days = daysOf({ time: candles.time, timeframeMs });
  measureCosts(result, measures);
  measureOrders(result, traded, measures);
  measureTurnover(result, days, measures);
  measureExposure(result, candles.close, measures);
  measureIdle(result.trades, candles.time, timeframeMs, measures);
  measures.setUnless(
    "tradesPerDay",
    daysReason(days),
    () => (measures.metrics.closedTrades ?? 0) / days,
  );
}

const notionalOf = (fill: Fill) => fill.quantity * fill.price;
const noFills = "nothing was filled";

function measureCosts({ fills, fundingPayments }: RunResult, measures: Measures): void {
  const fees = sumOf(fills.map((fill) => fill.fee));
  const slippage = sumOf(fills.map((fill) => fill.slippage));
  const funding = sumOf(fundingPayments.map(({ amount }) => amount));
  const net = measures.metrics.netProfit ?? 0;
  const gross = net + fees + slippage - funding;
  measures.set("fees", fees);
  measures.set("slippage", slippage);
  measures.set("funding", funding);
  measures.setUnless(
    "costsShareOfGross",
    gross > 0 ? null : "there was no profit before costs",
    () => (fees + slippage - funding) / gross,
  );
  measures.setUnless(
    "breakEvenFee",
    fills.length > 0 ? null : noFills,
    () => (net + fees) / sumOf(fills.map(notionalOf)),
  );
}

function measureOrders(
  { fills, rejectedOrders, orderCounts }: RunResult,
  traded: readonly TradedSeries[],
  measures: Measures,
): void {
  const makers = fills.filter((fill) => fill.liquidity === "maker");
  const shares = sharesOfVolume(fills, traded);
  measures.set("fills", fills.length);
  measures.set("liquidations", fills.filter((fill) => fill.orderId === 0).length);
  measures.set("rejectedOrders", sumOf(Object.values(rejectedOrders)));
  measures.set("belowMinimumOrders", rejectedOrders["below-minimum"] ?? 0);
  measures.set("partlyFilledOrders", orderCounts.filledInPart);
  measures.set("cancelledOrders", orderCounts.cancelledEntries + orderCounts.cancelledExits);
  measures.set("expiredOrders", orderCounts.expiredEntries + orderCounts.expiredExits);
  measures.set("openOrders", orderCounts.openEntries + orderCounts.openExits);
  measures.set("amendedOrders", orderCounts.amendedEntries + orderCounts.amendedExits);
  measures.setUnless(
    "makerShare",
    fills.length > 0 ? null : noFills,
    () => sumOf(makers.map(notionalOf)) / sumOf(fills.map(notionalOf)),
  );
  measures.setUnless(
    "capacity",
    shares.length > 0 ? null : "no fill lies in a candle with volume",
    () => quantileAmong(shares, 0.95),
  );
}

/** How much every fill was of what its market traded in its candle; without those in candles without volume. */
function sharesOfVolume(fills: readonly NamedFill[], traded: readonly TradedSeries[]): number[] {
  const series = new Map(traded.map(({ symbol, candles }) => [symbol, candles]));
  const only = traded[0]?.candles;
  const shares: number[] = [];
  for (const { market, quantity, index, at } of fills) {
    const candles = market === undefined ? only : series.get(market);
    if (candles === undefined) continue;
    // Fills of several markets count moments, not candles.
    const place = market === undefined ? index : countUpTo(candles.time, at) - 1;
    const volume = candles.volume[place] ?? 0;
    if (volume > 0) shares.push(quantity / volume);
  }
  return shares;
}

function measureTurnover({ fills, equity }: RunResult, days: number, measures: Measures): void {
  const mean = equity.length === 0 ? 0 : plainSum(equity) / equity.length;
  const noEquity = mean > 0 ? null : "the mean equity is not above zero";
  measures.setUnless(
    "turnover",
    daysReason(days) ?? noEquity,
    () => sumOf(fills.map(notionalOf)) / mean / (days / 365),
  );
}

/** Good enough for a mean that only scales another figure, and it passes over every candle. */
function plainSum(values: Float64Array): number {
  let sum = 0;
  for (let from = 0; from < values.length; from += pieceLength)
    sum = sumOnto(sum, values, from, Math.min(from + pieceLength, values.length));
  return sum;
}

function sumOnto(start: number, values: Float64Array, from: number, to: number): number {
  let sum = start;
  for (let i = from; i < to; i++) sum += values[i] as number;
  return sum;
}

function measureExposure(
  { fills, trades, equity, exposure }: RunResult,
  close: Float64Array,
  measures: Measures,
): void {
  const none = equity.length > 0 ? null : "there are no candles";
  if (exposure) {
    measureKnownExposure(exposure, none, measures);
    return;
  }
  const held = trades.reduce((sum, trade) => sum + closesHeld(trade), 0);
  measures.setUnless("exposure", none, () => held / equity.length);
  const { sum, highest } = grossExposure(fills, equity, close);
  measures.setUnless("grossExposure", none, () => sum / equity.length);
  measures.setUnless("grossExposureMax", none, () => highest);
  measureLeverage(sum, held, measures);
}

/** While something was held; candles without a position would only thin it. */
function measureLeverage(sum: number, held: number, measures: Measures): void {
  measures.setUnless("leverage", held > 0 ? null : "nothing was held", () => sum / held);
}

/** Of several markets it was taken down on the way. */
function measureKnownExposure(
  exposure: Float64Array,
  none: string | null,
  measures: Measures,
): void {
  const held = exposure.reduce((count, one) => count + (one > 0 ? 1 : 0), 0);
  const highest = exposure.reduce((most, one) => Math.max(most, one), 0);
  measures.setUnless("exposure", none, () => held / exposure.length);
  const sum = plainSum(exposure);
  measures.setUnless("grossExposure", none, () => sum / exposure.length);
  measures.setUnless("grossExposureMax", none, () => highest);
  measureLeverage(sum, held, measures);
}

const closesHeld = (trade: EngineTrade) => trade.candles + (isStillOpen(trade) ? 1 : 0);

/** Value of the position over equity at every close: between two fills the quantity stands still. */
function grossExposure(fills: readonly Fill[], equity: Float64Array, close: Float64Array) {
  const shares = new Shares(equity, close);
  let held = 0;
  for (const [i, { side, quantity, index }] of fills.entries()) {
    held += side === "buy" ? quantity : -quantity;
    const to = fills[i + 1]?.index ?? equity.length;
    // What only rounding left of a position is none.
    if (Math.abs(held) <= 1e-12 * quantity) held = 0;
    if (held !== 0) shares.add(Math.abs(held), index, to);
  }
  return shares;
}

class Shares {
  sum = 0;
  highest = 0;
  readonly #equity: Float64Array;
  readonly #close: Float64Array;

  constructor(equity: Float64Array, close: Float64Array) {
    this.#equity = equity;
    this.#close = close;
  }

  /** Takes in the candles `from` to before `to`, over which this much is held. */
  add(size: number, from: number, to: number): void {
    const equity = this.#equity;
    const close = this.#close;
    let sum = this.sum;
    let highest = this.highest;
    for (let at = from; at < to; at++) {
      const share = (size * (close[at] as number)) / (equity[at] as number);
      sum += share;
      if (share > highest) highest = share;
    }
    this.sum = sum;
    this.highest = highest;
  }
}

function measureIdle(
  trades: readonly EngineTrade[],
  time: Float64Array,
  timeframeMs: number,
  measures: Measures,
): void {
  let idleSince = time[0] ?? 0;
  let longest = 0;
  for (const { entryAt, exitAt } of trades) {
    longest = Math.max(longest, entryAt - idleSince);
    idleSince = Math.max(idleSince, exitAt);
  }
  if (!trades.some(isStillOpen)) {
    longest = Math.max(longest, (time.at(-1) ?? 0) + timeframeMs - idleSince);
  }
  measures.setUnless(
    "longestIdleDays",
    time.length > 0 ? null : "there are no candles",
    () => longest / dayMs,
  );
}
