import type { EngineTrade } from "../result.ts";

/** Closed trades by size of something; `from` belongs to the bucket, `to` to the next. */
export type Bucket = Readonly<{ from: number; to: number; won: number; lost: number }>;

/** Profit and excursions of closed trades over their notional at entry. */
export type Distributions = Readonly<Record<"profit" | "mae" | "mfe", readonly Bucket[]>>;

const bucketsMax = 40;
/** Sizes that differ by less are all the same but for rounding. */
const spanMin = 1e-12;

export function distributionsOf(closed: readonly EngineTrade[]): Distributions {
  const notional = ({ entryPrice, quantity }: EngineTrade) => entryPrice * quantity;
  return {
    profit: bucketsOf(closed, (trade) => trade.pnlShare),
    mae: bucketsOf(closed, (trade) => trade.mae / notional(trade)),
    mfe: bucketsOf(closed, (trade) => trade.mfe / notional(trade)),
  };
}

/** Buckets with round bounds, at most 40; one bound is always 0. */
function bucketsOf(
  trades: readonly EngineTrade[],
  sizeOf: (trade: EngineTrade) => number,
): Bucket[] {
  const sizes = trades.map(sizeOf);
  const low = sizes.reduce((a, b) => Math.min(a, b), 0);
  const high = sizes.reduce((a, b) => Math.max(a, b), 0);
  if (!(high - low > spanMin) || !Number.isFinite(high - low)) return [];
  const step = roundStep((high - low) / (bucketsMax - 2));
  const first = Math.floor(low / step);
  const count = Math.floor(high / step) - first + 1;
  const won = new Uint32Array(count);
  const lost = new Uint32Array(count);
  for (const [i, size] of sizes.entries()) {
    const place = Math.floor(size / step) - first;
    const counts = (trades[i] as EngineTrade).pnl > 0 ? won : lost;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return Array.from(won, (wins, place) => ({
    from: (first + place) * step,
    to: (first + place + 1) * step,
    won: wins,
    lost: lost[place] ?? 0,
  }));
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below. */
function roundStep(least: number): number {
  let power = 1;
  while (power > least) power /= 10;
  while (power * 10 <= least) power *= 10;
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}
