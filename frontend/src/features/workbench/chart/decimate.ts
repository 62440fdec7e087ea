/**
 * The indices worth drawing of a line with far more points than pixels: of every bucket of `size` points the first,
 * lowest, highest and last, in order. Not-a-number points break a line and are kept once per break.
 */
export function decimate(values: Float64Array, from: number, to: number, size: number): number[] {
  const kept: number[] = [];
  if (size <= 2) {
    for (let index = from; index < to; index++) kept.push(index);
    return kept;
  }
  for (let start = from; start < to; start += size) {
    keepExtremes(values, start, Math.min(to, start + size), kept);
  }
  return kept;
}

function keepExtremes(values: Float64Array, start: number, end: number, kept: number[]): void {
  let [lowest, highest] = [start, start];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = start; index < end; index++) {
    const value = values[index] ?? Number.NaN;
    if (value < min) {
      min = value;
      lowest = index;
    }
    if (value > max) {
      max = value;
      highest = index;
    }
  }
  const inOrder = [start, Math.min(lowest, highest), Math.max(lowest, highest), end - 1];
  for (const index of inOrder) if (kept.at(-1) !== index) kept.push(index);
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
