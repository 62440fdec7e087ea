import type { EquityCurve } from "../daily-equity.ts";

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
export function fallsOf({ time, equity, capital, timeframeMs }: EquityCurve): Falls {
  const list = new DeepestFalls();
  let peak = capital;
  let perPeak = 1 / peak;
  let peakAt = time[0] ?? 0;
  let squares = 0;
  let candlesUnder = 0;
  let money = 0;
  let troughIndex = 0;
  for (let i = 0; i < equity.length; i++) {
    const fall = peak - (equity[i] as number);
    if (fall > 0) {
      const share = fall * perPeak;
      squares += share * share;
      candlesUnder++;
      if (fall > money) {
        money = fall;
        troughIndex = i;
      }
      continue;
    }
    const closedAt = (time[i] as number) + timeframeMs;
    if (money > 0) {
      const troughAt = (time[troughIndex] as number) + timeframeMs;
      list.add({ peakAt, troughAt, endAt: closedAt, isOver: true, money, depth: money * perPeak });
      money = 0;
    }
    peak = equity[i] as number;
    perPeak = 1 / peak;
    peakAt = closedAt;
  }
  if (money > 0) {
    const troughAt = (time[troughIndex] as number) + timeframeMs;
    const endAt = (time.at(-1) as number) + timeframeMs;
    list.add({ peakAt, troughAt, endAt, isOver: false, money, depth: money * perPeak });
  }
  return { ...list.summary(), candlesUnder, squares };
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
