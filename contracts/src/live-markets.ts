import { z } from "zod";
import { instant } from "./common.ts";

/** When a worker last read it from the exchange; null: not yet. Why that failed, in one sentence. */
const reading = { at: instant.nullable(), problem: z.string().nullable() };

export const marketPrice = z
  .object({
    symbol: z.string(),
    last: z.number(),
    change: z.number().nullable().describe("since 24 hours ago, as a fraction"),
  })
  .meta({ id: "MarketPrice" });
export type MarketPrice = z.infer<typeof marketPrice>;
export const marketPrices = z
  .object({ ...reading, items: z.array(marketPrice) })
  .meta({ id: "MarketPrices" });

/** `[time, open, high, low, close, volume]` of one minute, time in ms; the last one still changes. */
export const liveCandle = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
]);
export type LiveCandle = z.infer<typeof liveCandle>;
export const liveCandlesQuery = z.object({ symbol: z.string().min(1).max(40) });
export const liveCandles = z
  .object({ ...reading, candles: z.array(liveCandle) })
  .meta({ id: "LiveCandles" });
export type LiveCandles = z.infer<typeof liveCandles>;
