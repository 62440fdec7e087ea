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

/** SMA 50/200 over some candles, one unit a time. */
export const crossoverOver = (candles: Columns, more: RunInput["parameters"] = {}): RunInput =>
  inputOver(candles, smaCrossover, { fast: 50, slow: 200, quantity: 1, ...more });
