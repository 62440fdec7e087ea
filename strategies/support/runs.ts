import {
  type Columns,
  type MarketRules,
  type RunInput,
  type RunResult,
  type RunSettings,
  runBacktest,
  type Strategy,
} from "@trading/engine";

/** Candles that open where the one before closed, with half a per mille around. */
export function candlesOf(closes: readonly number[]): Columns {
  const close = Float64Array.from(closes);
  const open = Float64Array.from(closes, (value, i) => closes[i - 1] ?? value);
  return {
    time: Float64Array.from(closes, (_, i) => i * 3_600_000),
    open,
    high: close.map((value, i) => Math.max(value, open[i] ?? value) * 1.0005),
    low: close.map((value, i) => Math.min(value, open[i] ?? value) * 0.9995),
    close,
    volume: new Float64Array(closes.length).fill(1),
  };
}

type Row = readonly [open: number, high: number, low: number, close: number];

/** Candles given price by price. */
export function candlesFrom(rows: readonly Row[]): Columns {
  const column = (index: number) => Float64Array.from(rows, (row) => row[index] ?? Number.NaN);
  return {
    time: Float64Array.from(rows, (_, i) => i * 3_600_000),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: new Float64Array(rows.length).fill(1),
  };
}

type Around = Readonly<{
  market?: Partial<MarketRules>;
  settings?: Partial<RunSettings>;
  timeframe?: string;
}>;

/** A run without fees over hours of a market without rules, but for what is given. */
export const inputOver = (
  strategy: Strategy,
  candles: Columns,
  parameters = {},
  { market, settings, timeframe = "1h" }: Around = {},
): RunInput => ({
  strategy,
  strategyVersion: "test",
  parameters,
  market: { symbol: "TEST", tick: null, lot: null, notionalMin: null, ...market },
  timeframe,
  candles,
  dataRevision: "test",
  settings: { capital: 10_000, makerFee: 0, takerFee: 0, slippageBps: 0, ...settings },
});

/** Runs a strategy so. */
export const runOver = (...asked: Parameters<typeof inputOver>): RunResult =>
  runBacktest(inputOver(...asked));

/** Terms of a perpetual of one tier, isolated, without funding. */
export const perpetualAt = (leverage: number): NonNullable<RunSettings["perpetual"]> => ({
  leverage,
  marginMode: "isolated",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }],
  liquidationFee: 0.0125,
  funding: null,
});
