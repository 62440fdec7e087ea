import type { Columns } from "./columns.ts";
import type { Days } from "./daily-equity.ts";
import { measureEquity } from "./equity-metrics.ts";
import { Measures } from "./measures.ts";

/** Buying with all capital at the first open, one taker fee, and holding: what every strategy must beat. */
export type Benchmark = Readonly<{
  measures: Measures;
  days: Days;
  equityAt: (index: number) => number;
}>;

type Terms = Readonly<{ capital: number; takerFee: number; timeframeMs: number }>;

const known = new WeakMap<Columns, Readonly<{ terms: Terms; benchmark: Benchmark }>>();

/** The benchmark of some candles. It asks nothing of a strategy, so whoever moves a slider gets the one known already. */
export function benchmarkOf(candles: Columns, terms: Terms): Benchmark {
  const found = known.get(candles);
  if (found && areEqual(found.terms, terms)) return found.benchmark;
  const benchmark = measured(candles, terms);
  known.set(candles, { terms, benchmark });
  return benchmark;
}

const areEqual = (a: Terms, b: Terms) =>
  a.capital === b.capital && a.takerFee === b.takerFee && a.timeframeMs === b.timeframeMs;

function measured(candles: Columns, { capital, takerFee, timeframeMs }: Terms): Benchmark {
  const { time, close } = candles;
  const quantity = quantityHeld(candles, capital, takerFee);
  const equity = buyAndHold(candles, capital, takerFee);
  const measures = new Measures();
  const { days } = measureEquity({ time, equity, capital, timeframeMs }, measures);
  return { measures, days, equityAt: (index) => quantity * (close[index] as number) };
}

/** Its equity at every close. */
export function buyAndHold(candles: Columns, capital: number, takerFee: number): Float64Array {
  const { close } = candles;
  const quantity = quantityHeld(candles, capital, takerFee);
  const equity = new Float64Array(close.length);
  for (let i = 0; i < equity.length; i++) equity[i] = quantity * (close[i] as number);
  return equity;
}

const quantityHeld = ({ open }: Columns, capital: number, takerFee: number) =>
  capital / ((open[0] ?? 1) * (1 + takerFee));
