/** What is held after a fill; a remainder that only rounding left counts as nothing. */
export function heldAfter(held: number, change: number): number {
  const after = held + change;
  return Math.abs(after) <= 1e-12 * Math.abs(change) ? 0 : after;
}
