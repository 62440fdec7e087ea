import { z } from "zod";

/** UUIDv7, made by the application. */
export const id = z.uuid();

/** An instant on the wire: ISO 8601 in UTC, as in `2024-05-01T00:00:00.000Z`. */
export const instant = z.iso.datetime({ offset: false });

export const timeframes = ["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w"] as const;
export const timeframe = z.enum(timeframes);
export type Timeframe = z.infer<typeof timeframe>;

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

/** Query of every list: pages start at 1. */
export const pageQuery = z.object({
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
});

/** One page of `item`s with the count of all that match. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), total: z.number().int(), page: z.number().int(), pageSize: z.number().int() });

/** How far long work has come. */
export const progress = z.object({
  /** 0 to 1. */
  share: z.number().min(0).max(1),
  /** What is being done now, in words a user reads. */
  step: z.string(),
  /** Milliseconds still to go, as far as can be told. */
  remainingMs: z.number().nullable(),
});
export type Progress = z.infer<typeof progress>;
