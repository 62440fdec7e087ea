import type { Columns } from "./columns.ts";

const parts = 96;

/** How full each of 96 equal parts of first–last is, 0 to 1; nothing for no candles. */
export function coverageOf({ time }: Columns, timeframeMs: number): number[] {
  const first = time[0];
  const last = time[time.length - 1];
  if (first === undefined || last === undefined) return [];
  const width = (last + timeframeMs - first) / parts;
  const filled = new Float64Array(parts);
  for (const open of time) {
    const from = (open - first) / width;
    const to = (open + timeframeMs - first) / width;
    for (let part = Math.floor(from); part < to && part < parts; part++) {
      const covered = Math.min(to, part + 1) - Math.max(from, part);
      filled[part] = (filled[part] as number) + covered;
    }
  }
  return Array.from(filled, (share) => Math.min(1, Math.round(share * 1_000) / 1_000));
}
