import type { OrderCounts } from "./order-counts.ts";

/** One execution, in the order they happened; everything else of a result follows from these. */
export type Fill = Readonly<{
  /** Index of the candle inside which it happened, and its open time in ms. */
  index: number;
  at: number;
  /** 0 where the exchange liquidated. */
  orderId: number;
  side: "buy" | "sell";
  quantity: number;
  price: number;
  fee: number;
  liquidity: "maker" | "taker";
  /** Distance of the price from what it would be without slippage, in the quote currency, at least 0. */
  slippage: number;
  reason: string;
  /** Where the stop and the target of its bracket began to wait; null without. */
  stopPrice: number | null;
  targetPrice: number | null;
}>;

/** One round trip from flat to flat; prices are averages weighted by quantity. */
export type EngineTrade = Readonly<{
  number: number;
  /** Symbol of the market. */
  market: string;
  side: "long" | "short";
  /** All that was entered on the way. */
  quantity: number;
  entryIndex: number;
  /** Open time of the candle of the first entry, ms since epoch. */
  entryAt: number;
  entryPrice: number;
  exitIndex: number;
  exitAt: number;
  exitPrice: number;
  /** Fees of every fill of the trade, in the quote currency. */
  fees: number;
  /** Funding received less paid, in the quote currency; 0 on spot. */
  funding: number;
  /** After fees and funding, in the quote currency. */
  pnl: number;
  /** `pnl` over the notional that was entered. */
  pnlShare: number;
  entryReason: string;
  /** `signal`, `stop`, `target`, `end-of-data`, or the strategy's own words. */
  exitReason: string;
  /** Worst and best value of the open position against its entry, before fees: at most 0 and at least 0. */
  mae: number;
  mfe: number;
  /** Candles from the entry's to the exit's. */
  candles: number;
  /** Stop and target of the bracket that opened the trade; null without. */
  stopPrice: number | null;
  targetPrice: number | null;
  /** Where the exchange would have taken the position at last; null on spot. */
  liquidationPrice: number | null;
  /** How near the price came to that: the smallest distance as a share of the price; null on spot. */
  liquidationDistance: number | null;
}>;

/** A line that the strategy drew: one value per candle, NaN where it drew none. */
export type Plot = Readonly<{ name: string; values: Float64Array }>;

/** Why an order was refused. */
export type RejectionCause =
  | "zero-quantity"
  | "negative-quantity"
  | "not-a-number"
  | "infinite"
  | "bad-request"
  | "unknown-field"
  | "bad-price"
  | "below-lot"
  | "below-minimum"
  | "beyond-funds"
  | "wrong-side-stop"
  | "wrong-side-target"
  | "no-stop"
  | "bad-trail"
  | "bad-expiry"
  | "would-take"
  | "not-waiting"
  | "no-position"
  | "too-many-orders"
  | "leverage-above-tier"
  | "beyond-liquidation"
  | "beyond-exposure"
  | "too-many-positions"
  | "not-trading"
  | "unknown-market";

/** Funding of a perpetual, or interest on what was borrowed, paid on what was held then. */
export type FundingPayment = Readonly<{
  /** Index of the candle with which it was paid. */
  index: number;
  /** When it was due, ms since epoch. */
  at: number;
  rate: number;
  /** What the position was valued at. */
  price: number;
  /** In the quote currency; below 0 paid, above 0 received. */
  amount: number;
  /** How many fills the market had seen by then. */
  fillsBefore: number;
}>;

/** A stretch without known funding: what was held in it paid nothing. */
export type FundingGap = Readonly<{ fromMs: number; toMs: number; missing: number }>;

/** From a candle on, where the exchange would take the position on this side; null where it would not, or there is none. */
export type LiquidationLevel = Readonly<{
  index: number;
  side: "long" | "short";
  price: number | null;
}>;

/** A line of a plan that its strategy did not place, because the market or the funds would have refused it. */
export type RefusedLine = Readonly<{
  name: string;
  side: "buy" | "sell";
  price: number;
  quantity: number;
  cause: RejectionCause;
  /** The reason with its numbers, to follow the name of the line. */
  why: string;
  /** Open time of the candle at which it was refused first, ms since epoch, and how often it was. */
  at: number;
  times: number;
}>;

export type RunResult = Readonly<{
  /** SHA-256 (hex) over everything the result depends on and every fill; computed when it is asked for first. */
  fingerprint: string;
  /** SHA-256 (hex) over parameters, settings, market rules and timeframe alone. */
  inputsRevision: string;
  engineVersion: string;
  trades: readonly EngineTrade[];
  fills: readonly Fill[];
  /** Per candle, at its close: cash and the open position at the close. */
  equity: Float64Array;
  finalEquity: number;
  /** Worth of all positions over equity at each moment, where there are several markets. */
  exposure?: Float64Array;
  /** Count by cause; causes that did not happen are absent. */
  rejectedOrders: Readonly<Partial<Record<RejectionCause, number>>>;
  orderCounts: OrderCounts;
  /** Planned orders that a pre-flight refused, by name and cause. */
  refusedLines: readonly RefusedLine[];
  /** Candles in which the order of a stop and a target cannot be known; the worse one was taken. */
  ambiguousCandles: number;
  /** Funding of perpetuals, in the order it was paid. */
  fundingPayments: readonly FundingPayment[];
  fundingGaps: readonly FundingGap[];
  liquidationLevels: readonly LiquidationLevel[];
  /** Candles before the strategy was asked for the first time. */
  warmup: number;
  plots: readonly Plot[];
}>;
