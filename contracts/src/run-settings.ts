import { z } from "zod";
import { perpetualTerms, walletLimits } from "./perpetuals.ts";

const fee = z.number().min(0).max(0.1).describe("fraction of notional");
/** Every setting by itself, without what is usual. */
export const settingFields = {
  capital: z.number().positive().max(1e12).describe("in the quote currency"),
  makerFee: fee,
  takerFee: fee,
  slippageBps: z.number().min(0).max(1_000).describe("against every market and stop fill"),
  slippageModel: z
    .enum(["bps", "range", "volume"])
    .describe(
      "what moves market and stop fills against the order: slippageBps; slippageShare of the candle's range; or that share times the square root of quantity over the candle's volume",
    ),
  slippageShare: z.number().min(0).max(1).describe("for the models range and volume"),
  fillPolicy: z
    .enum(["pessimistic", "path", "detail"])
    .describe(
      "what is taken inside a candle: the worse; open, extremes and close by the candle's shape; or the finer candles that the series is made of",
    ),
  fillOn: z
    .enum(["next-candle", "signal-close"])
    .describe("signal-close fills at the close that gave the signal, which is optimistic"),
  feeAsset: z
    .enum(["quote", "received"])
    .describe("received takes a buy's fee out of the coins bought, as spot exchanges do"),
  volumeShareMax: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .describe("orders fill at most this share of a candle's volume, the rest later; null: all"),
  latencyCandles: z.number().int().min(0).max(1_000).describe("until an order arrives"),
  latencyMs: z.number().int().min(0).max(86_400_000).describe("until an order arrives"),
  borrowRate: z
    .number()
    .min(0)
    .max(100)
    .describe(
      "on spot, what borrowing coins to sell them short costs a year, as a share of their worth; left out: nothing is lent, and only what is held can be sold",
    ),
  policyRange: z
    .boolean()
    .describe("also tells what the other fill policies make of the run, unless it took long"),
};

/** Costs and money of a run. */
export const runSettings = z
  .object({
    capital: settingFields.capital.default(10_000),
    makerFee: settingFields.makerFee.default(0.001),
    takerFee: settingFields.takerFee.default(0.001),
    slippageBps: settingFields.slippageBps.default(0),
    slippageModel: settingFields.slippageModel.default("bps"),
    slippageShare: settingFields.slippageShare.default(0),
    fillPolicy: settingFields.fillPolicy.default("pessimistic"),
    fillOn: settingFields.fillOn.default("next-candle"),
    feeAsset: settingFields.feeAsset.default("quote"),
    volumeShareMax: settingFields.volumeShareMax.default(null),
    latencyCandles: settingFields.latencyCandles.default(0),
    latencyMs: settingFields.latencyMs.default(0),
    policyRange: settingFields.policyRange.default(true),
    perpetual: perpetualTerms.optional().describe("left out: spot"),
    borrowRate: settingFields.borrowRate.optional(),
    limits: walletLimits.optional().describe("left out: as much as the funds carry"),
  })
  .strict();
export type RunSettings = z.infer<typeof runSettings>;

/** The same where not everything was chosen yet. */
export const wantedSettings = runSettings.extend({
  feeAsset: settingFields.feeAsset
    .optional()
    .describe(
      "received takes a buy's fee out of the coins bought; left out: as the market's exchange does",
    ),
});
