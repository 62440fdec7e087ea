import type { Columns } from "./columns.ts";
import type { LiquidationLevel } from "./result.ts";

type Stay = Readonly<{
  side: "long" | "short";
  entryIndex: number;
  exitIndex: number;
  exitPrice: number;
}>;

type Nearness = Readonly<{
  /** Where the exchange would have taken the position at last; null where it never would. */
  liquidationPrice: number | null;
  /** How near the price came to that: the smallest distance as a share of the price, 0 where it was reached. */
  liquidationDistance: number | null;
}>;

const never: Nearness = { liquidationPrice: null, liquidationDistance: null };

/** How near a trade came to its liquidation; `levels` are those of its market, in the order they came to hold. */
export function nearnessOf(
  { side, entryIndex, exitIndex, exitPrice }: Stay,
  levels: readonly LiquidationLevel[],
  { high, low }: Columns,
): Nearness {
  if (levels.length === 0) return never;
  const direction = side === "long" ? 1 : -1;
  const worst = side === "long" ? low : high;
  let next = countUpTo(levels, entryIndex - 1);
  let last: number | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = entryIndex; i <= exitIndex; i++) {
    while ((levels[next]?.index ?? Number.POSITIVE_INFINITY) <= i)
      last = levels[next++]?.price ?? last;
    if (last === null) continue;
    // Of the candle of the exit only the exit itself: the rest may have come after it.
    const seen = i === exitIndex ? exitPrice : (worst[i] as number);
    nearest = Math.min(nearest, direction * (1 - last / seen));
  }
  if (last === null) return never;
  return { liquidationPrice: last, liquidationDistance: Math.max(0, nearest) };
}

function countUpTo(levels: readonly LiquidationLevel[], index: number): number {
  let from = 0;
  let to = levels.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((levels[middle]?.index ?? 0) <= index) from = middle + 1;
    else to = middle;
  }
  return from;
}
