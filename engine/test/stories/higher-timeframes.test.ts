import { expect, test } from "vitest";
import {
  type Columns,
  defineStrategy,
  ema,
  higher,
  macd,
  price,
  type RunInput,
  resample,
  runBacktest,
  StrategyError,
  sma,
} from "../../src/index.ts";
import { Indicators } from "../../src/run-indicators.ts";
import { inputOf, minute, walk } from "../support/runs.ts";

const rows = 9_000;
const fine = walk(rows, 11);

/** The same without some candles, among them the last and the first of higher ones and a whole span. */
function withGaps(columns: Columns): Columns {
  const isThere = (_: number, i: number) =>
    i % 977 !== 4 && i % 499 !== 0 && !(i >= 700 && i < 720);
  const keep = (column: Float64Array) => column.filter(isThere);
  const { time, open, high, low, close, volume } = columns;
  return {
    time: keep(time).map((at) => at + 2 * minute),
    open: keep(open),
    high: keep(high),
    low: keep(low),
    close: keep(close),
    volume: keep(volume),
  };
}

const candles = withGaps(fine);

/** What the strategy reads of some lines on each candle. */
function read(
  lines: () => ReturnType<typeof macd> | Readonly<{ one: ReturnType<typeof sma> }>,
  over = candles,
): number[][] {
  const seen: number[][] = [];
  const strategy = defineStrategy({
    name: "reader",
    title: "Reader",
    description: "Reads.",
    category: "test",
    risk: "low",
    documentation: "For tests.",
    parameters: {},
    warmup: () => 0,
    indicators: () => ({ lines: lines() as Readonly<Record<string, ReturnType<typeof sma>>> }),
    onCandle: ({ indicators, index }) => {
      seen[index] = Object.values(indicators.lines).map((line) => line.value);
    },
  });
  runBacktest(inputOf({ strategy, candles: over }) as RunInput);
  return seen;
}

test("on each candle stands the value of the last higher candle that had closed, as if there were only those", () => {
  const coarse = resample(candles, minute, 5 * minute);
  const group = macd(3, 6, 4);
  const indicators = new Indicators({ group }, coarse, { index: 0 });
  const whole = Object.values(group).map((line) => indicators.whole(line));
  for (let from = 0; from < coarse.time.length; from += 2_048)
    indicators.fill(from, Math.min(from + 2_048, coarse.time.length));
  const seen = read(() => higher("5m", macd(3, 6, 4)));
  let closed = 0;
  for (let i = 0; i < candles.time.length; i++) {
    const now = (candles.time[i] as number) + minute;
    while (closed < coarse.time.length && (coarse.time[closed] as number) + 5 * minute <= now)
      closed++;
    expect(seen[i]).toEqual(whole.map((values) => values[closed - 1] ?? Number.NaN));
  }
  expect(closed).toBeGreaterThan(1_500);
});

test("nothing later than the candle is read", () => {
  const lines = () => ({ one: higher("15m", ema(5)) });
  const all = read(lines);
  for (const known of [14, 300, 2_047, 2_049, 8_000]) {
    const cut = Object.fromEntries(
      Object.entries(candles).map(([name, column]) => [name, column.slice(0, known)]),
    ) as Columns;
    expect(read(lines, cut)).toEqual(all.slice(0, known));
  }
});

test("one indicator may stand on several timeframes, a higher one be read by another, and the run's own be asked for", () => {
  const average = sma(3);
  const close = price("close");
  const seen = read(
    () => ({ one: average, five: higher("5m", average), own: higher("1m", close) }) as never,
  );
  const alone = read(() => ({ one: higher("5m", sma(3)) }));
  expect(seen.map(([, five]) => five)).toEqual(alone.map(([five]) => five));
  expect(seen.map(([, , own]) => own)).toEqual([...candles.close]);
});

test.each(["30s", "x", "90s"])("candles of %s cannot be made of 1m", (timeframe) => {
  expect(() => read(() => ({ one: higher(timeframe, sma(3)) }))).toThrow(StrategyError);
});
