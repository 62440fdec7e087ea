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
  let index = from;
  while (index < to) {
    const x = Math.floor(start + (index - from) * spacing);
    const end = Math.min(to, Math.max(index + 1, from + Math.ceil((x + 1 - start) / spacing)));
    const column = columnOf(values, index, end, x);
    if (column !== null) columns.push(column);
    index = end;
  }
  return columns;
}

function columnOf(values: Float64Array, from: number, end: number, x: number): PixelColumn | null {
  let first = Number.NaN;
  let last = Number.NaN;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = from; index < end; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(first)) first = value;
    last = value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { x, first, last, min, max } : null;
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
