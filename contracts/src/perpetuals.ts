import { z } from "zod";

const everyHours = z
  .number()
  .min(1 / 60)
  .max(168);
const rate = z.number().gt(-1).lt(1).describe("what longs pay shorts, fraction of the notional");

export const fundingPoint = z
  .object({
    at: z.number().describe("ms since epoch"),
    rate,
    markPrice: z.number().positive().optional().describe("left out: the last close before"),
  })
  .strict();

/** Funding of a perpetual: the same at every due time, or as it was. */
export const funding = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("constant"), rate, everyHours: everyHours.default(8) }).strict(),
    z
      .object({
        kind: z.literal("series"),
        everyHours: everyHours.default(8),
        points: z.array(fundingPoint).max(20_000),
      })
      .strict(),
  ])
  .meta({ id: "Funding" });
export type Funding = z.infer<typeof funding>;

export const marginTier = z
  .object({
    notionalFrom: z.number().min(0),
    maintenanceRate: z.number().min(0).lt(1),
    leverageMax: z.number().min(1).max(200),
  })
  .strict();

/** The terms of linear perpetuals; a run without them is on spot. */
export const perpetualTerms = z
  .object({
    leverage: z.number().min(1).max(200).default(1),
    marginMode: z
      .enum(["isolated", "cross"])
      .default("isolated")
      .describe("what a position can lose: the margin set aside for it, or all the wallet has"),
    tiers: z
      .array(marginTier)
      .min(1)
      .max(50)
      .default([{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }])
      .describe("by rising notional, the first from 0"),
    liquidationFee: z
      .number()
      .min(0)
      .max(0.1)
      .default(0.0125)
      .describe("fraction of the notional that a liquidation costs besides"),
    funding: funding.nullable().default(null).describe("null: none is paid"),
  })
  .strict()
  .meta({ id: "PerpetualTerms" });
export type PerpetualTerms = z.infer<typeof perpetualTerms>;

/** What funding did in a run. */
export const fundingSummary = z
  .object({
    total: z.number().describe("received less paid, in the quote currency"),
    payments: z.number().int(),
    missing: z.number().int().describe("payments that the series lacks"),
    gaps: z
      .array(z.object({ fromMs: z.number(), toMs: z.number(), missing: z.number().int() }))
      .readonly()
      .describe("where it lacks them; at most 100 for each market"),
  })
  .meta({ id: "FundingSummary" });

/** What all positions of a wallet together may be. */
export const walletLimits = z
  .object({
    positionsMax: z.number().int().min(1).max(50).optional(),
    exposureMax: z
      .number()
      .positive()
      .max(1_000)
      .optional()
      .describe("worth of all positions as a multiple of the equity"),
    positionExposureMax: z
      .number()
      .positive()
      .max(1_000)
      .optional()
      .describe("worth of one position as a multiple of the equity"),
  })
  .strict()
  .meta({ id: "WalletLimits" });
