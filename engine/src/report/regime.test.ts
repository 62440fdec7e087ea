import { describe, expect, test } from "vitest";
import { candlesOf, inputOf, minute, scripted, walk } from "../../test/support/runs.ts";
import { atr, describeRun, runBacktest } from "../index.ts";
import { Indicators } from "../run-indicators.ts";
import { regimeAt, regimes } from "./regime.ts";

/** Prices that rise or fall by the same share, with a range that is wider from a candle on. */
const steady = (share: number, widerFrom: number) =>
  candlesOf(
    Array.from({ length: 300 }, (_, i) => {
      const price = 100 * (1 + share) ** i;
      const half = price * (i < widerFrom ? 0.01 : 0.05);
      return [price, price + half, price - half, price];
    }),
  );

describe("a regime", () => {
  test.each([
    ["up high", 0.001, 250],
    ["down high", -0.001, 250],
    ["up low", 0.001, 1_000],
  ] as const)("is %s", (regime, share, widerFrom) => {
    expect(regimeAt(steady(share, widerFrom), 260)).toBe(regime);
  });

  test("is unknown until 214 candles have closed, and at no time before the first", () => {
    const candles = walk(300, 3);
    expect([-1, 213, 214].map((i) => regimeAt(candles, i) === "unknown")).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("follows from the definition, and from nothing that comes later", () => {
    const candles = walk(900, 8);
    const average = atr(14);
    const indicators = new Indicators({ average }, candles, { index: -1 }, minute);
    const values = indicators.whole(average);
    indicators.fill(0, 900);
    for (let i = 214; i < 900; i += 7) {
      const shareAt = (at: number) => (values[at] as number) / (candles.close[at] as number);
      const before = Array.from({ length: 200 }, (_, back) => shareAt(i - 1 - back));
      const rank = before.filter((one) => one < shareAt(i)).length / 200;
      const mean = (end: number) =>
        candles.close.slice(end - 199, end + 1).reduce((sum, one) => sum + one, 0) / 200;
      const trend = mean(i) - mean(i - 1) > 1e-9 ? "up" : "down";
      const third = rank < 1 / 3 ? "low" : rank < 2 / 3 ? "middle" : "high";
      const cut = (column: Float64Array) => column.slice(0, i + 1);
      const { time, open, high, low, close, volume } = candles;
      const past = { time: cut(time), open: cut(open), high: cut(high), low: cut(low) };
      const known = { ...past, close: cut(close), volume: cut(volume) };
      expect(regimeAt(candles, i)).toBe(`${trend} ${third}`);
      expect(regimeAt(known, i)).toBe(`${trend} ${third}`);
    }
  });
});

test("trades are grouped by the regime before the candle of their entry, in a fixed order", () => {
  const candles = walk(1_200, 5);
  const script = Object.fromEntries(
    Array.from({ length: 110 }, (_, i) => [
      i * 10,
      (context: Parameters<NonNullable<Parameters<typeof scripted>[0][number]>>[0]) =>
        void (i % 2 === 0 ? context.market({ side: "buy", quantity: 1 }) : context.exit()),
    ]),
  );
  const input = inputOf({ strategy: scripted(script), candles });
  const { report } = describeRun(input, runBacktest(input));
  const { regime } = report.groupings;
  expect(regime.reduce((sum, one) => sum + one.trades, 0)).toBe(55);
  const keys = regime.map(({ key }) => key);
  expect(keys).toEqual(regimes.filter((one) => keys.includes(one)));
  // Entries at candles 1, 21, … 201: decided on before 214 candles had closed.
  expect(regime.find(({ key }) => key === "unknown")?.trades).toBe(11);
});
