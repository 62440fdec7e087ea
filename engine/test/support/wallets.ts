import {
  type Columns,
  defineStrategy,
  type MarketInput,
  type MarketsInput,
  type PerpetualTerms,
  type RunSettings,
  type Strategy,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, flat, minute } from "./runs.ts";

export const about = {
  name: "several",
  title: "Several",
  description: "Does what a test says.",
  category: "test",
  risk: "low",
  documentation: "For tests.",
  parameters: {},
} as const;

export type Plan = Readonly<Record<number, (wallet: WalletContext) => void>>;

/** A strategy that does what is written for each moment, counted in minutes. */
export const planned = (plan: Plan): Strategy =>
  defineStrategy({
    ...about,
    onCandles: (wallet) => plan[wallet.time / minute]?.(wallet as unknown as WalletContext),
  });

export const rows = (...prices: number[]): Columns => candlesOf(prices.map(flat));

export const market = (
  symbol: string,
  candles: Columns,
  change: Partial<MarketInput> = {},
): MarketInput => ({
  market: { symbol, tick: null, lot: null, notionalMin: null },
  timeframe: "1m",
  candles,
  dataRevision: `data of ${symbol}`,
  ...change,
});

export const inputWith = (
  strategy: Strategy,
  markets: readonly MarketInput[],
  settings: Partial<RunSettings> = {},
): MarketsInput => ({
  strategy,
  strategyVersion: "test",
  parameters: {},
  settings: {
    capital: 1_000,
    makerFee: 0,
    takerFee: 0,
    slippageBps: 0,
    borrowRate: 0,
    ...settings,
  },
  markets,
});

export const perpetualOf = (marginMode: PerpetualTerms["marginMode"], leverage: number) => ({
  leverage,
  marginMode,
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.005, leverageMax: 100 }],
  liquidationFee: 0,
  funding: null,
});

/** Mean over its standard error: false money shows as a t far above 3 on candles without direction. */
export function tOf(gains: readonly number[]): number {
  const mean = gains.reduce((sum, one) => sum + one, 0) / gains.length;
  const spread = Math.sqrt(gains.reduce((sum, one) => sum + (one - mean) ** 2, 0));
  return mean / (spread / gains.length);
}

export const later = (candles: Columns, minutes: number): Columns => ({
  ...candles,
  time: candles.time.map((at) => at + minutes * minute),
});

/** The same candles without one of them. */
export const gapped = (
  { time, open, high, low, close, volume }: Columns,
  missing: number,
): Columns => {
  const keep = (column: Float64Array) => column.filter((_, i) => i !== missing);
  return {
    time: keep(time),
    open: keep(open),
    high: keep(high),
    low: keep(low),
    close: keep(close),
    volume: keep(volume),
  };
};
