import {
  type Columns,
  type Context,
  defineStrategy,
  type MarketInput,
  type MarketsInput,
  type RunSettings,
  type Strategy,
} from "../../src/index.ts";
import { minute, seeded } from "./runs.ts";

export const about = {
  name: "several",
  title: "Several",
  description: "Does what a test says.",
  category: "test",
  risk: "low",
  documentation: "For tests.",
  parameters: {},
} as const;

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

/** Acts by chance of a seed in every market at every moment. */
export const chaotic = (seed: number, symbols: readonly string[]): Strategy =>
  defineStrategy({
    ...about,
    state: () => ({ random: seeded(seed) }),
    onCandles(wallet) {
      for (const symbol of symbols) {
        const { random } = wallet.state;
        const one = wallet.market(symbol) as unknown as Context;
        const side = random() < 0.5 ? "buy" : "sell";
        const act = random();
        if (act < 0.15) one.market({ side, share: random() * 0.6 });
        else if (act < 0.25) one.limit({ side, quote: random() * 500, price: one.close * 0.998 });
        else if (act < 0.3) one.exit();
      }
    },
  });
