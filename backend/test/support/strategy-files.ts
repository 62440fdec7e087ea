import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Columns } from "@trading/engine";
import { type Bundle, bundleStrategy } from "../../src/strategies/bundle.ts";

/** A strategy file whose `onCandle` does what is given. */
export const strategySource = (onCandle: string, more = "", name = "tried"): string => `
import { defineStrategy, integer } from "@trading/engine";
${more}
export default defineStrategy({
  name: "${name}",
  title: "Tried ${name}",
  description: "Made for a test.",
  category: "test",
  risk: "low",
  timeframes: ["1h"],
  documentation: "Made for a test.",
  parameters: {
    fast: integer({ label: "Fast", help: "A length.", default: 5, min: 1, max: 50, step: 1 }),
  },
  onCandle(context) {
    ${onCandle}
  },
});
`;

/** Buys and sells by turns, so that there are trades. */
export const trading = strategySource(`
  if (context.index % 10 === 3 && context.position.quantity === 0) context.market({ side: "buy", share: 1 });
  if (context.index % 10 === 8 && context.position.quantity > 0) context.exit();
`);

export async function bundleOf(source: string): Promise<Bundle> {
  const dir = await mkdtemp(join(tmpdir(), "strategy-"));
  try {
    await writeFile(join(dir, "tried.ts"), source);
    const bundle = await bundleStrategy(join(dir, "tried.ts"));
    if (bundle.kind === "refused") throw new Error(`line ${bundle.line}: ${bundle.message}`);
    return bundle;
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Hourly candles that wander without chance. */
export function wanderingCandles(rows: number, stepMs = 3_600_000): Columns {
  const column = () => new Float64Array(rows);
  const columns = {
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let close = 100;
  for (let i = 0; i < rows; i++) {
    columns.time[i] = 1_700_006_400_000 + i * stepMs;
    columns.open[i] = close;
    close = Math.max(1, close + Math.sin(i / 7) + Math.sin(i / 50));
    columns.close[i] = close;
    columns.high[i] = Math.max(columns.open[i] ?? 0, close) + 0.5;
    columns.low[i] = Math.min(columns.open[i] ?? 0, close) - 0.5;
    columns.volume[i] = 10 + (i % 5);
  }
  return columns;
}
