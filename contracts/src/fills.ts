import { z } from "zod";
import { instant, pageOf, pageQuery } from "./common.ts";

/** One execution, in the order they happened. */
export const fill = z
  .object({
    number: z.number().int(),
    market: z.string().describe("symbol"),
    at: instant.describe("open time of the candle inside which it happened"),
    side: z.enum(["buy", "sell"]),
    quantity: z.number(),
    price: z.number(),
    fee: z.number().describe("in the quote currency"),
    liquidity: z.enum(["maker", "taker"]),
    slippage: z
      .number()
      .describe("distance from the price without slippage, in the quote currency, at least 0"),
    reason: z.string(),
    orderId: z.number().int().describe("counts orders in each market; 0 where it was liquidated"),
    stopPrice: z.number().nullable().describe("where the stop of its bracket began to wait"),
    targetPrice: z.number().nullable().describe("where the target of its bracket began to wait"),
    enters: z.number().int().nullable().describe("number of the trade that it made larger"),
    leaves: z
      .number()
      .int()
      .nullable()
      .describe("number of the trade that it made smaller; a fill that turns a position has both"),
  })
  .meta({ id: "Fill" });
export type Fill = z.infer<typeof fill>;

export const fillQuery = pageQuery.extend({
  pageSize: z.coerce.number().int().min(1).max(5_000).default(200),
  trade: z.coerce.number().int().min(1).optional().describe("only those of one trade"),
});
export const fillPage = pageOf(fill);
