/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export type Figure = Readonly<{ cpuNs: number; wallNs: number }>;

/** V8 goes on compiling what runs rarely, such as fills, over this many runs, or over so many candles in shorter ones. */
const warmups = 8;
const candlesToWarmUp = 2 ** 25;

/**
 * Median time of one call per candle, after some calls to warm up. `cpuNs` is that of this thread alone, without helper
 * threads of the garbage collector; `wallNs` is what a user waits.
 */
export function measure(rows: number, repetitions: number, act: () => void): Figure {
  const cpu: number[] = [];
  const wall: number[] = [];
  const first = -Math.max(warmups, Math.ceil(candlesToWarmUp / rows));
  for (let i = first; i < repetitions; i++) {
    const cpuFrom = process.threadCpuUsage();
    const wallFrom = performance.now();
    act();
    const wallMs = performance.now() - wallFrom;
    const { user, system } = process.threadCpuUsage(cpuFrom);
    if (i < 0) continue;
    cpu.push(((user + system) * 1e3) / rows);
    wall.push((wallMs * 1e6) / rows);
  }
  return { cpuNs: median(cpu), wallNs: median(wall) };
}
