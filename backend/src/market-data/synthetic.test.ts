import { certify } from "@trading/engine";
import { expect, test } from "vitest";
import type { Columns } from "./columns.ts";
import { dataRevision } from "./data-revision.ts";
import { synthesize, syntheticSymbols } from "./synthetic.ts";

const hour = 3_600_000;
const returnsOf = ({ close }: Columns) =>
  Array.from({ length: close.length - 1 }, (_, i) =>
    Math.log((close[i + 1] ?? 1) / (close[i] ?? 1)),
  );
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const correlation = (a: readonly number[], b: readonly number[]) => {
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, i) => (value - ma) * ((b[i] ?? 0) - mb)));
  const spread = (values: readonly number[], middle: number) =>
    Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  return covariance / spread(a, ma) / spread(b, mb);
};

test("the same candles are generated every time, on every machine", () => {
  const [first, again] = [synthesize("BTC/USDT", "1h"), synthesize("BTC/USDT", "1h")];
  expect(dataRevision(again)).toBe(dataRevision(first));
  expect(dataRevision(synthesize("ETH/USDT", "1h"))).not.toBe(dataRevision(first));
});

test.each(syntheticSymbols)(
  "%s looks like a market: possible candles, some gaps, on its tick",
  (symbol) => {
    for (const timeframe of ["1h", "1m"] as const) {
      const columns = synthesize(symbol, timeframe);
      const found = certify(columns, timeframe === "1h" ? hour : 60_000);
      expect(found).toMatchObject({ impossible: 0, duplicates: 0 });
      expect(found.gaps).toBeGreaterThan(0);
      expect(found.missing / found.rows).toBeLessThan(0.02);
      expect(
        columns.close.every((price) => Math.abs(price * 100 - Math.round(price * 100)) < 1e-6),
      ).toBe(true);
      const [low, high] = [Math.min(...columns.low), Math.max(...columns.high)];
      expect(high / low).toBeLessThan(30);
      expect(high / low).toBeGreaterThan(1.2);
    }
  },
);

test("volatility clusters, tails are fat, weekends are quiet", () => {
  const columns = synthesize("BTC/USDT", "1h");
  const returns = returnsOf(columns);
  const sizes = returns.map(Math.abs);
  expect(correlation(sizes.slice(0, -24), sizes.slice(24))).toBeGreaterThan(0.1);
  const variance = mean(returns.map((value) => value ** 2));
  expect(mean(returns.map((value) => value ** 4)) / variance ** 2).toBeGreaterThan(4);
  const weekend = sizes.filter((_, i) =>
    [0, 6].includes(new Date(columns.time[i + 1] ?? 0).getUTCDay()),
  );
  expect(mean(weekend)).toBeLessThan(0.8 * mean(sizes));
});

test("the symbols move together, as coins do", () => {
  const [btc, eth, sol] = syntheticSymbols.map((symbol) => returnsOf(synthesize(symbol, "1h")));
  expect(correlation(btc ?? [], eth ?? [])).toBeGreaterThan(0.6);
  expect(correlation(btc ?? [], sol ?? [])).toBeGreaterThan(0.5);
  expect(correlation(btc ?? [], eth ?? [])).toBeLessThan(0.98);
});
