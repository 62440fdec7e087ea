import type { Random } from "../core/random.ts";

/** A candle on a market's grid, to be turned into trades. */
export type SourceCandle = Readonly<{
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  lots: number;
}>;

/** One trade the market should print. */
export type Print = Readonly<{ at: number; ticks: number; lots: number }>;

/**
 * Turns one candle into trades along a seeded path that opens, peaks, bottoms and closes exactly where the
 * candle says; their lots add up to its volume. A candle without volume prints nothing.
 */
export function printsOf(
  candle: SourceCandle,
  lengthMs: number,
  count: number,
  random: Random,
): Print[] {
  if (candle.lots < 1) return [];
  const prices = pathOf(candle, Math.min(count, candle.lots), random);
  const sizes = sharesOf(candle.lots, prices.length, random);
  const step = lengthMs / prices.length;
  return prices.map((ticks, index) => ({
    at: candle.time + Math.floor(index * step + random.unit() * step * 0.9),
    ticks,
    lots: sizes[index] ?? 1,
  }));
}

function pathOf({ open, high, low, close }: SourceCandle, count: number, random: Random): number[] {
  const corners = close >= open ? [open, low, high, close] : [open, high, low, close];
  const needed = corners.filter((ticks, index) => index === 0 || ticks !== corners[index - 1]);
  if (count < needed.length) return shortest(corners, count);
  const path: number[] = [];
  const extra = count - needed.length;
  for (const [index, from] of needed.entries()) {
    path.push(from);
    const to = needed[index + 1];
    if (to === undefined) break;
    const legs = needed.length - 1;
    const between = Math.floor((extra * (index + 1)) / legs) - Math.floor((extra * index) / legs);
    for (let step = 1; step <= between; step += 1) {
      const straight = from + ((to - from) * step) / (between + 1);
      const noise = ((high - low) / 8) * random.normal();
      path.push(Math.max(low, Math.min(high, Math.round(straight + noise))));
    }
  }
  while (path.length < count) path.push(close);
  return path;
}

/** With fewer trades than corners, opening and closing matter most, then the extremes. */
function shortest(corners: readonly number[], count: number): number[] {
  const [open = 0, first = 0, second = 0, close = 0] = corners;
  if (count === 1) return [close];
  return count === 2 ? [open, close] : [open, first === open ? second : first, close];
}

/** Splits lots into random whole shares, none of them empty. */
function sharesOf(lots: number, count: number, random: Random): number[] {
  const weights = Array.from({ length: count }, () => 0.2 + random.unit());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const spare = lots - count;
  let given = 0;
  let passed = 0;
  return weights.map((weight, index) => {
    passed += weight;
    const upTo = index === count - 1 ? spare : Math.floor((spare * passed) / total);
    const share = 1 + upTo - given;
    given = upTo;
    return share;
  });
}
