/** All points of a line that fall on one column of pixels. */
export type PixelColumn = { x: number; first: number; last: number; min: number; max: number };

/**
 * Joins the points of a line to columns of pixels: `values[from..to)` lie at `start + (index − from) × spacing`.
 * Points that are not numbers leave no column, so the line breaks there.
 */
export function pixelColumns(
  values: Float64Array,
  from: number,
  to: number,
  start: number,
  spacing: number,
): PixelColumn[] {
  const columns: PixelColumn[] = [];
  let column: PixelColumn | null = null;
  for (let index = from; index < to; index++) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const x = Math.floor(start + (index - from) * spacing);
    if (column === null || column.x !== x) {
      column = { x, first: value, last: value, min: value, max: value };
      columns.push(column);
    } else {
      column.last = value;
      if (value < column.min) column.min = value;
      if (value > column.max) column.max = value;
    }
  }
  return columns;
}

/** Lowest and highest number of `values[from..to)`, or null where there is none. */
export function extent(
  values: Float64Array,
  from: number,
  to: number,
): { min: number; max: number } | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = Math.max(0, from); index < Math.min(values.length, to); index++) {
    const value = values[index] ?? Number.NaN;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : null;
}
