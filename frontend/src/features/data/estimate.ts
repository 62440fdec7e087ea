/** What most exchanges give at once, and how long one answer takes with their rate limit. */
const candlesPerRequest = 1_000;
const requestMs = 350;

/** How many candles a range holds, and about how long fetching them takes. */
export function estimate(rangeMs: number, timeframeLengthMs: number): { rows: number; ms: number } {
  const rows = Math.max(0, Math.floor(rangeMs / timeframeLengthMs));
  return { rows, ms: Math.max(1, Math.ceil(rows / candlesPerRequest)) * requestMs };
}
