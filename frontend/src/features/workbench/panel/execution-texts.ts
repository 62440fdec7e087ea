import { catalogue } from "../../../ui/catalogue.ts";

/** Every sentence of the section "Execution" in the settings. */
export const executionTexts = catalogue("execution", {
  slippageModel: "Slippage model",
  means: {
    fillPolicy: {
      pessimistic: "Where a stop and a target lie in one candle, the worse is taken first.",
      path: "A rising candle goes open, low, high, close; a falling one open, high, low, close.",
      detail: "Reads finer candles wherever an order could be touched.",
    },
    fillOn: {
      "next-candle": "A signal of a closed candle is filled from the next one on.",
      "signal-close": "Optimistic: nobody can trade at the close that gave the signal.",
    },
    slippageModel: {
      bps: "The same distance against every market and stop fill.",
      range: "A share of the range of the candle in which it fills.",
      volume: "A share of the range, times the square root of quantity over volume.",
    },
    feeAsset: {
      quote: "Fees are taken from the quote currency.",
      received: "A buy's fee is taken from the coins bought, as spot exchanges do.",
    },
  },
  isPartial: "Fill at most a share of the volume",
  isPartialHelp: "Larger orders fill in parts, candle after candle.",
  share: "Of a candle's volume",
  latencyCandles: "Latency in candles",
  latencyMs: "Latency",
  latencyHelp: "How long an order needs to arrive.",
  isLent: "Lend coins to sell short",
  isLentHelp: "Without a loan spot sells only what is held.",
  borrowRate: "Interest a year",
  isPerpetual: "Trade as a linear perpetual",
  isPerpetualHelp: "With margin, leverage, funding and liquidation.",
  leverage: "Leverage",
  marginMode: "Margin",
  marginModeHelp: {
    isolated: "A position can lose the margin that was set aside for it.",
    cross:
      "A position can lose all that the wallet has. Over markets of different timeframes it needs the policy Detail.",
  },
  liquidationFee: "Liquidation fee",
  tiers: "Margin tiers",
  tiersHelp:
    "The larger a position, the more margin it must keep and the less leverage it may have.",
  notionalFrom: "From notional",
  maintenance: "Maintenance",
  leverageMax: "Leverage to",
  tier: (place: number, name: string) => `Tier ${place}: ${name}`,
  addTier: "Add a tier",
  removeTier: (place: number) => `Remove tier ${place}`,
  isFunded: "Pay funding",
  isFundedHelp: "Longs pay it to shorts where the rate is above zero, at every due time.",
  recorded: (points: string) => `${points} recorded rates are used.`,
  rate: "Funding rate",
  everyHours: "Due every",
  reset: "Reset execution",
});
