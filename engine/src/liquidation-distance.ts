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
  stay: Stay,
  levels: readonly LiquidationLevel[],
  { high, low }: Columns,
): Nearness {
  if (levels.length === 0) return never;
  const { side, entryIndex, exitIndex, exitPrice } = stay;
  const own = ownLevels(stay, levels);
  const direction = side === "long" ? 1 : -1;
  const worst = side === "long" ? low : high;
  let next = 0;
  let last: number | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = entryIndex; i <= exitIndex && own.length > 0; i++) {
    while ((own[next]?.index ?? Number.POSITIVE_INFINITY) <= i) last = own[next++]?.price ?? last;
    if (last === null) continue;
    // Of the candle of the exit only the exit itself: the rest may have come after it.
    const seen = i === exitIndex ? exitPrice : (worst[i] as number);
    nearest = Math.min(nearest, direction * (1 - last / seen));
  }
  if (last === null) return never;
  return { liquidationPrice: last, liquidationDistance: Math.max(0, nearest) };
}

/** The levels of a trade's own position: it may begin in the candle where another ended, and end where another begins. */
function ownLevels(
  { side, entryIndex, exitIndex }: Stay,
  levels: readonly LiquidationLevel[],
): readonly LiquidationLevel[] {
  const own: LiquidationLevel[] = [];
  const end = countUpTo(levels, exitIndex);
  for (const level of levels.slice(countUpTo(levels, entryIndex - 1), end)) {
    if (level.price !== null) {
      if (level.side === side) own.push(level);
    } else if (level.index === exitIndex && own.length > 0) return own;
    else if (level.index === entryIndex) own.length = 0;
  }
  return own;
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
