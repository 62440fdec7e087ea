import type { EquityCurve } from "../daily-equity.ts";
import { pieceLength } from "../piece.ts";

const dayMs = 86_400_000;
const listMax = 20;

/** One fall from a peak to its recovery; times in ms since epoch. */
export type Drawdown = Readonly<{
  /** When the peak was reached. */
  startAt: number;
  troughAt: number;
  /** Null where it lasts at the end. */
  recoveredAt: number | null;
  /** Fraction of the peak, above 0. */
  depth: number;
  money: number;
  /** From the peak to the recovery, or to the end. */
  days: number;
  daysToTrough: number;
}>;

/** All falls of an equity curve. */
export type Falls = Readonly<{
  /** The deepest, deepest first. */
  deepest: readonly Drawdown[];
  count: number;
  /** Sum of all depths. */
  depths: number;
  depthMax: number;
  /** Of any fall, so perhaps another one than the deepest share. */
  moneyMax: number;
  longestMs: number;
  /** Candles that closed below an earlier peak. */
  candlesUnder: number;
  /** Sum of the squared falls over all candles. */
  squares: number;
}>;

/** Every fall from an earlier peak at candle closes, in one pass. */
export function fallsOf(curve: EquityCurve): Falls {
  const { length } = curve.equity;
  const reader = new FallReader(curve);
  // Piece by piece: V8 enters a loop over a whole year in its middle, where it keeps every number in a box.
  for (let from = 0; from < length; from += pieceLength)
    reader.read(from, Math.min(from + pieceLength, length));
  return reader.end();
}

class FallReader {
  readonly #list = new DeepestFalls();
  readonly #curve: EquityCurve;
  #peak: number;
  #peakAt: number;
  #squares = 0;
  #candlesUnder = 0;
  /** How far below the peak it was, and where. */
  #money = 0;
  #troughIndex = 0;

  constructor(curve: EquityCurve) {
    this.#curve = curve;
    this.#peak = curve.capital;
    this.#peakAt = curve.time[0] ?? 0;
  }

  read(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      at = this.#fall(at, to);
      if (at < to) this.#rise(at);
    }
  }

  /** Reads the candles that close below the peak; the index of the first that does not. */
  #fall(from: number, to: number): number {
    const { equity } = this.#curve;
    const peak = this.#peak;
    const perPeak = 1 / peak;
    let money = this.#money;
    let troughIndex = this.#troughIndex;
    let squares = this.#squares;
    let at = from;
    for (; at < to; at++) {
      const fall = peak - (equity[at] as number);
      if (!(fall > 0)) break;
      const share = fall * perPeak;
      squares += share * share;
      if (fall > money) {
        money = fall;
        troughIndex = at;
      }
    }
    this.#money = money;
    this.#troughIndex = troughIndex;
    this.#squares = squares;
    this.#candlesUnder += at - from;
    return at;
  }

  end(): Falls {
    const { time } = this.#curve;
    if (this.#money > 0) this.#add(this.#closeOf(time.length - 1), false);
    return {
      ...this.#list.summary(),
      candlesUnder: this.#candlesUnder,
      squares: this.#squares,
    };
  }

  /** The peak of before is reached again, or passed. */
  #rise(index: number): void {
    const at = this.#closeOf(index);
    if (this.#money > 0) this.#add(at, true);
    this.#money = 0;
    this.#peak = this.#curve.equity[index] as number;
    this.#peakAt = at;
  }

  #add(endAt: number, isOver: boolean): void {
    const money = this.#money;
    const troughAt = this.#closeOf(this.#troughIndex);
    const depth = money * (1 / this.#peak);
    this.#list.add({ peakAt: this.#peakAt, troughAt, endAt, isOver, money, depth });
  }

  #closeOf(index: number): number {
    return (this.#curve.time[index] as number) + this.#curve.timeframeMs;
  }
}

type Fall = Readonly<{
  peakAt: number;
  troughAt: number;
  endAt: number;
  isOver: boolean;
  money: number;
  depth: number;
}>;

/** Counts falls and keeps the deepest. */
class DeepestFalls {
  readonly #kept: Drawdown[] = [];
  #count = 0;
  #depths = 0;
  #depthMax = 0;
  #moneyMax = 0;
  #longestMs = 0;

  add({ peakAt, troughAt, endAt, isOver, money, depth }: Fall): void {
    this.#count++;
    this.#depths += depth;
    if (depth > this.#depthMax) this.#depthMax = depth;
    if (money > this.#moneyMax) this.#moneyMax = money;
    if (endAt - peakAt > this.#longestMs) this.#longestMs = endAt - peakAt;
    const kept = this.#kept;
    if (kept.length === listMax && depth <= (kept[listMax - 1] as Drawdown).depth) return;
    if (kept.length === listMax) kept.pop();
    const place = kept.findIndex((one) => one.depth < depth);
    kept.splice(place < 0 ? kept.length : place, 0, {
      startAt: peakAt,
      troughAt,
      recoveredAt: isOver ? endAt : null,
      depth,
      money,
      days: (endAt - peakAt) / dayMs,
      daysToTrough: (troughAt - peakAt) / dayMs,
    });
  }

  summary() {
    return {
      deepest: this.#kept,
      count: this.#count,
      depths: this.#depths,
      depthMax: this.#depthMax,
      moneyMax: this.#moneyMax,
      longestMs: this.#longestMs,
    };
  }
}
