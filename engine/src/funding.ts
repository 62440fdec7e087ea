import type { Account } from "./account.ts";
import type { Columns } from "./columns.ts";
import type { Standing } from "./execution.ts";
import type { FillLog } from "./fill-log.ts";
import type { Interest } from "./lending.ts";
import type { Funding, FundingPoint } from "./perpetual.ts";
import type { FundingGap, FundingPayment } from "./result.ts";

const hour = 3_600_000;

/** Whose funding is due, and what has been filled there so far. */
type FundedMarket = Readonly<{
  candles: Columns;
  lengthMs: number;
  fills: Pick<FillLog, "count">;
}>;

type Payment = Readonly<{
  index: number;
  isDue: (point: FundingPoint) => boolean;
  /** Where the market stands; at the close before the candle unless it is told. */
  last?: number;
  /** Who may have to pay in place of who holds now. */
  before?: Standing;
}>;

/**
 * When funding is due within one market's candles. What is due as a candle opens, or in a gap before it, is paid before its
 * fills by who held until then; what is due inside a candle between the finer candles before and after it where those are read,
 * else as the candle closes: by who held after its open or holds then, whichever is the worse, for nobody knows when that changed.
 * It is valued at the mark price that came with it, else at the last close that
 * was known.
 */
export class FundingSchedule {
  readonly payments: FundingPayment[] = [];
  readonly #funding: Funding | Interest | null;
  readonly #candles: Columns;
  readonly #lengthMs: number;
  readonly #fills: Pick<FillLog, "count">;
  /** The next of the points, or of the multiples of the interval. */
  #next = 0;
  #isBegun = false;

  constructor(funding: Funding | Interest | null, { candles, lengthMs, fills }: FundedMarket) {
    this.#funding = funding;
    this.#candles = candles;
    this.#lengthMs = lengthMs;
    this.#fills = fills;
  }

  /** The first candle after `from` and before `to` in which funding is due, once `from` was paid; `to` without one. */
  nextWithin(from: number, to: number): number {
    const { time } = this.#candles;
    const due = this.#due;
    if (due === null || due.at >= (time[to - 1] as number) + this.#lengthMs) return to;
    let low = from;
    let high = to - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((time[middle] as number) + this.#lengthMs > due.at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Pays all that is due by the open of the candle `index`; whether anything was. */
  payOpen(account: Account, index: number): boolean {
    const { time } = this.#candles;
    if (!this.#isBegun) this.#begin(time[0] as number);
    const opensAt = time[index] as number;
    return this.#pay(account, { index, isDue: ({ at }) => at <= opensAt });
  }

  /** Pays all that is due inside the candle `index` by a time at which the market stands at `price`; whether anything was. */
  payInside(account: Account, index: number, ms: number, price: number): boolean {
    return this.#pay(account, { index, isDue: ({ at }) => at <= ms, last: price });
  }

  /**
   * Pays all that is left of what is due inside the candle `index`, as it closes; whether anything was. `atOpen` is what stood
   * once its open had been met.
   */
  payClose(account: Account, index: number, atOpen: Standing): boolean {
    const closesAt = this.#closesAt(index);
    return this.#pay(account, { index, isDue: ({ at }) => at < closesAt, before: atOpen });
  }

  /** Whether anything is due inside the candle `index`, once its open was paid. */
  isDueInside(index: number): boolean {
    const due = this.#due;
    return due !== null && due.at < this.#closesAt(index);
  }

  #closesAt(index: number): number {
    return (this.#candles.time[index] as number) + this.#lengthMs;
  }

  #pay(account: Account, { index, isDue, last, before }: Payment): boolean {
    let isPaid = false;
    for (let due = this.#due; due !== null && isDue(due); due = this.#due) {
      this.#next++;
      const { at, rate } = due;
      const price = due.markPrice ?? last ?? (this.#candles.close[index - 1] as number);
      const now = { held: account.held, fills: this.#fills.count };
      const costsMore = before && this.#share(before.held) * rate < this.#share(now.held) * rate;
      const worse = costsMore ? before : now;
      const share = this.#share(worse.held);
      if (share === 0) continue;
      // Who has left owes no more than there is.
      const least =
        account.held === 0 ? -Math.max(0, account.equityAt(price)) : Number.NEGATIVE_INFINITY;
      const amount = Math.max(share * price * rate, least);
      account.pay(amount);
      this.payments.push({ index, at, rate, price, amount, fillsBefore: worse.fills });
      isPaid = true;
    }
    return isPaid;
  }

  /** Of a rate, as many times the price as a position is paid; interest is owed for coins that were sold short. */
  #share(held: number): number {
    return this.#funding?.kind === "interest" ? Math.min(held, 0) : -held;
  }

  get #due(): FundingPoint | null {
    const funding = this.#funding;
    if (funding === null) return null;
    if (funding.kind === "series") return funding.points[this.#next] ?? null;
    return { at: this.#next * funding.everyHours * hour, rate: funding.rate };
  }

  #begin(firstMs: number): void {
    this.#isBegun = true;
    const funding = this.#funding;
    if (funding === null) return;
    if (funding.kind !== "series") this.#next = Math.ceil(firstMs / (funding.everyHours * hour));
    else {
      const first = funding.points.findIndex(({ at }) => at >= firstMs);
      this.#next = first < 0 ? funding.points.length : first;
    }
  }
}

const gapsMax = 100;

/** Stretches of the candles for which a funding series has no payment although one was due. */
export function fundingGaps(
  funding: Funding | null,
  { time }: Columns,
  lengthMs: number,
): FundingGap[] {
  if (funding?.kind !== "series" || time.length === 0) return [];
  const everyMs = funding.everyHours * hour;
  const fromMs = time[0] as number;
  const toMs = (time[time.length - 1] as number) + lengthMs;
  const within = funding.points.map(({ at }) => at).filter((at) => at > fromMs && at < toMs);
  const gaps: FundingGap[] = [];
  // Whatever is due as the first candle opens is due before anything can be held.
  let last = Math.floor(fromMs / everyMs) * everyMs;
  for (const at of [...within, Math.ceil(toMs / everyMs) * everyMs]) {
    const missing = Math.round((at - last) / everyMs) - 1;
    if (missing > 0 && gaps.length < gapsMax)
      gaps.push({ fromMs: last + everyMs, toMs: at, missing });
    last = at;
  }
  return gaps;
}
