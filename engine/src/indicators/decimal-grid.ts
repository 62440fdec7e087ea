const finestGrid = 1e12;

/** Added to a number of a size below 2 ** 51, it leaves no room for a fraction. Faster than `Math.round`. */
export const noFraction = 3 * 2 ** 51;

/** The nearest whole number. */
export const nearest = (scaled: number) => scaled + noFraction - noFraction;

/** Whether a value times the ticks per unit is a number of whole ticks, but for what rounding did to it. */
const isWhole = (scaled: number, ticks: number) =>
  Math.abs(scaled - ticks) <= Math.abs(ticks) * Number.EPSILON;

/** The coarsest decimal grid, at least as fine as the given one, that holds a value too; 0 where there is none. */
export function gridWith(value: number, ticksPerUnit: number): number {
  for (let grid = ticksPerUnit; grid <= finestGrid; grid *= 10)
    if (isWhole(value * grid, nearest(value * grid))) return grid;
  return 0;
}

/** Up to before `to` every number of a column lies on this grid, and none is larger than `largest`. */
type Known = { ticksPerUnit: number; largest: number; to: number };

const knownOf = new WeakMap<Float64Array, Known>();

/** What earlier indicators and runs found out about a column: then its values are not looked at again. */
export function knownGrid(column: Float64Array): Known {
  const found = knownOf.get(column);
  if (found) return found;
  const known = { ticksPerUnit: 1, largest: 0, to: 0 };
  knownOf.set(column, known);
  return known;
}

/** The index of the first value from `from` to before `to` that is not on the grid or above `ticksMax` ticks; else `to`. */
export function endOnGrid(
  column: Float64Array,
  from: number,
  to: number,
  ticksPerUnit: number,
  ticksMax: number,
): number {
  const known = knownGrid(column);
  let largest = 0;
  let at = from;
  for (; at < to; at++) {
    const scaled = (column[at] as number) * ticksPerUnit;
    const ticks = nearest(scaled);
    const size = Math.abs(ticks);
    if (!isWhole(scaled, ticks) || size > ticksMax) break;
    if (size > largest) largest = size;
  }
  const isNext = known.to === 0 || (from <= known.to && at > known.to);
  if (isNext && ticksPerUnit >= known.ticksPerUnit) {
    known.ticksPerUnit = ticksPerUnit;
    known.largest = Math.max(known.largest, largest / ticksPerUnit);
    known.to = at;
  }
  return at;
}
