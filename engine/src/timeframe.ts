const minute = 60_000;

const lengths: Readonly<Record<string, number>> = {
  m: minute,
  h: 60 * minute,
  d: 1_440 * minute,
  w: 10_080 * minute,
};

/** The length of a timeframe such as `1m`, `4h` or `1d` in milliseconds; null for anything else. */
export function timeframeMs(timeframe: string): number | null {
  const parts = /^([1-9]\d{0,2})([mhdw])$/.exec(timeframe);
  const unit = lengths[parts?.[2] ?? ""];
  return parts && unit ? Number(parts[1]) * unit : null;
}
