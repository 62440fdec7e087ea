import type { Columns, RunInput, Strategy } from "@trading/engine";
import smaCrossover from "../strategies/sma-crossover.ts";

/** A run of a strategy as every row of the table has it. */
export const inputOver = (
  candles: Columns,
  strategy: Strategy,
  parameters: RunInput["parameters"] = {},
): RunInput => ({
  strategy,
  strategyVersion: "bench",
  parameters,
  market: { symbol: "SYNTHETIC", tick: null, lot: null, notionalMin: null },
  timeframe: "1m",
  candles,
  dataRevision: "bench",
  isPlotted: false,
  settings: { capital: 1_000_000, makerFee: 0.001, takerFee: 0.001, slippageBps: 0 },
});

/** The crossover asked on every candle, as if it had not declared when it decides. */
const asked: Strategy = { ...smaCrossover, decidesOn: undefined };

/** SMA 50/200 over some candles, one unit a time, asked on every candle. */
export const crossoverOver = (candles: Columns, more: RunInput["parameters"] = {}): RunInput =>
  inputOver(candles, asked, { fast: 50, slow: 200, quantity: 1, ...more });

/** The same, asked only where the averages cross. */
export const declaredOver = (candles: Columns, more: RunInput["parameters"] = {}): RunInput => ({
  ...crossoverOver(candles, more),
  strategy: smaCrossover,
});

/** Nine pairs of averages, as a sweep tries them; six averages in all. */
export const sweepOver = (candles: Columns): readonly RunInput[] =>
  [40, 50, 60].flatMap((fast) =>
    [180, 200, 220].map((slow) => declaredOver(candles, { fast, slow })),
  );
