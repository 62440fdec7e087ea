import type { WalletLimits } from "./account.ts";
import type { PerpetualTerms } from "./perpetual.ts";

/** The rules of a market; null where unknown: then nothing is rounded. */
export type MarketRules = Readonly<{
  symbol: string;
  tick: number | null;
  lot: number | null;
  notionalMin: number | null;
}>;

/**
 * Money and costs: capital in the quote currency, fees as fractions of notional, slippage against the order. What is left out
 * is off.
 */
export type RunSettings = Readonly<{
  capital: number;
  makerFee: number;
  takerFee: number;
  /** For the model `bps`. */
  slippageBps: number;
  /** The terms of the markets where they are linear perpetuals; left out: spot. */
  perpetual?: PerpetualTerms | undefined;
  /** On spot, what borrowing coins to sell them short costs a year, as a share of their worth; left out: nothing is lent. */
  borrowRate?: number | undefined;
  /** What positions together may be; left out: as much as the funds carry. */
  limits?: WalletLimits | undefined;
}> &
  Partial<FillSettings>;

/** How orders meet candles. */
export type FillSettings = Readonly<{
  /** What is taken where a candle does not say what came first; see docs/engine.md. */
  fillPolicy: FillPolicy;
  /** `signal-close` fills market orders at the close that gave the signal: optimistic, because nobody can trade there. */
  fillOn: "next-candle" | "signal-close";
  /** `received` takes a buy's fee out of the coins bought, as spot exchanges do. */
  feeAsset: "quote" | "received";
  slippageModel: "bps" | "range" | "volume";
  /** Of the candle's range; the model `volume` multiplies it by the root of quantity over volume. */
  slippageShare: number;
  /** Orders together fill at most this share of a candle's volume; null fills all. */
  volumeShareMax: number | null;
  /** How long an order needs to arrive. */
  latencyCandles: number;
  latencyMs: number;
  /** Whether a description also tells what the other policies make of the run. */
  policyRange: boolean;
}>;

export type FillPolicy = "pessimistic" | "path" | "detail";
