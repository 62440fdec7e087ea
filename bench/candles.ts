import type { Columns } from "@trading/engine";

/**
 * Seeded one-minute candles that wander between about 30 and 300 on a grid of 0.01, calm and wild by turns. The same on
 * every machine: only 32-bit integer arithmetic decides.
 */
export function syntheticCandles(rows: number, seed = 20_261_122): Columns {
  const columns = Array.from(
    { length: 6 },
    () => new Float64Array(new SharedArrayBuffer(rows * 8)),
  );
  const [time, open, high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
  let ticks = 10_000;
  let swing = 8;
  for (let i = 0; i < rows; i++) {
    if (below(500) === 0) swing = 3 + below(14);
    const from = ticks;
    ticks += below(2 * swing + 1) - swing;
    if (ticks < 3_000) ticks = 3_000 + swing;
    if (ticks > 30_000) ticks = 30_000 - swing;
    time[i] = i * 60_000;
    open[i] = from / 100;
    close[i] = ticks / 100;
    high[i] = (Math.max(from, ticks) + below(swing)) / 100;
    low[i] = (Math.min(from, ticks) - below(swing)) / 100;
    volume[i] = (1 + below(100_000)) / 1_000;
  }
  return { time, open, high, low, close, volume };
}
