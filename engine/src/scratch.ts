/**
 * Columns that finished runs left behind, for the next one: writing to memory that was never touched costs more than
 * computing what is written. They come back dirty; whoever takes one writes every entry before reading it.
 */
const kept: Float64Array[] = [];
const keptMax = 16;
const keptEntriesMax = 1 << 24;

/** A column of any content. */
export function takeColumn(length: number): Float64Array {
  const at = kept.findIndex((column) => column.length === length);
  return kept.splice(at, at < 0 ? 0 : 1)[0] ?? new Float64Array(length);
}

/** Leaves a column that nobody reads any more; the oldest make room. */
export function leaveColumn(column: Float64Array): void {
  kept.push(column);
  while (kept.length > keptMax || kept.reduce((sum, one) => sum + one.length, 0) > keptEntriesMax)
    kept.shift();
}
