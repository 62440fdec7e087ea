/** Throws `RangeError` unless a length in candles is a whole number from `least` to a million. */
export function checkLength(indicator: string, length: number, least = 1): number {
  if (Number.isInteger(length) && length >= least && length <= 1_000_000) return length;
  throw new RangeError(
    `${indicator} takes a length of whole candles from ${least} on, not ${String(length)}.`,
  );
}
