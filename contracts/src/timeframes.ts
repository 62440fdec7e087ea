/** Plain values, apart from the schemas, so that a page can use them without loading the validator. */
export const timeframes = [
  "1m",
  "3m",
  "5m",
  "15m",
  "30m",
  "1h",
  "2h",
  "4h",
  "6h",
  "8h",
  "12h",
  "1d",
  "3d",
  "1w",
] as const;
export type Timeframe = (typeof timeframes)[number];

const minute = 60_000;
/** The length of a timeframe in milliseconds. */
export const timeframeMs: Readonly<Record<Timeframe, number>> = {
  "1m": minute,
  "3m": 3 * minute,
  "5m": 5 * minute,
  "15m": 15 * minute,
  "30m": 30 * minute,
  "1h": 60 * minute,
  "2h": 120 * minute,
  "4h": 240 * minute,
  "6h": 360 * minute,
  "8h": 480 * minute,
  "12h": 720 * minute,
  "1d": 1_440 * minute,
  "3d": 4_320 * minute,
  "1w": 10_080 * minute,
};
