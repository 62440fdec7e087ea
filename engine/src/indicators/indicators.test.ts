import { describe, expect, test } from "vitest";
import { candlesOf, walk } from "../../test/support/runs.ts";
import type { Clock } from "../clock.ts";
import type { Columns } from "../columns.ts";
import type { IndicatorSet, Line } from "../line.ts";
import { Indicators } from "../run-indicators.ts";
import { atr } from "./atr.ts";
import { bollinger } from "./bollinger.ts";
import { ema, wilder } from "./ema.ts";
import { highest, lowest } from "./extremes.ts";
import { macd } from "./macd.ts";
import { price } from "./price.ts";
import { rsi } from "./rsi.ts";
import { sma } from "./sma.ts";
import { standardDeviation } from "./standard-deviation.ts";
import { stochRsi } from "./stoch-rsi.ts";

const candles = walk(600, 7);
const close = [...candles.close];

/** Values of one line, read candle by candle as a strategy would; filled in uneven pieces. */
function read(set: IndicatorSet, line: Line, over: Columns = candles): number[] {
  const clock: Clock = { index: 0 };
  const rows = over.close.length;
  const indicators = new Indicators(set, over, clock);
  for (let from = 0; from < rows; from += 37) indicators.fill(from, Math.min(rows, from + 37));
  return Array.from({ length: rows }, (_, index) => {
    clock.index = index;
    return line.value;
  });
}
const readOne = (line: Line, over?: Columns) => read({ line }, line, over);

const window = (values: readonly number[], at: number, length: number) =>
  values.slice(at - length + 1, at + 1);
const mean = (values: readonly number[]) =>
  values.reduce((sum, one) => sum + one, 0) / values.length;
const deviation = (values: readonly number[]) =>
  Math.sqrt(mean(values.map((one) => (one - mean(values)) ** 2)));

function naiveEma(values: readonly number[], length: number, weight: number): number[] {
  const first = values.findIndex((one) => !Number.isNaN(one));
  return values.map((_, at) => {
    if (at < first + length - 1) return Number.NaN;
    let value = mean(values.slice(first, first + length));
    for (let i = first + length; i <= at; i++)
      value = weight * (values[i] as number) + (1 - weight) * value;
    return value;
  });
}

function naiveRsi(values: readonly number[], length: number): number[] {
  const changes = values.map((value, at) =>
    at === 0 ? Number.NaN : value - (values[at - 1] as number),
  );
  const gains = naiveEma(
    changes.map((one) => Math.max(one, 0)),
    length,
    1 / length,
  );
  const losses = naiveEma(
    changes.map((one) => Math.max(-one, 0)),
    length,
    1 / length,
  );
  return gains.map((gain, at) => 100 - 100 / (1 + gain / (losses[at] as number)));
}

function expectSame(actual: readonly number[], wanted: readonly number[], firstAt: number): void {
  expect(actual.findIndex((one) => !Number.isNaN(one))).toBe(firstAt);
  actual.forEach((value, at) => {
    const right = wanted[at] as number;
    if (at < firstAt) expect(value).toBeNaN();
    else
      expect(Math.abs(value - right)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(right), 1e-3));
  });
}

describe("each indicator equals its direct formula to 1e-9", () => {
  test("sma", () => {
    expectSame(
      readOne(sma(20)),
      close.map((_, at) => mean(window(close, at, 20))),
      19,
    );
  });

  test("ema and wilder", () => {
    expectSame(readOne(ema(21)), naiveEma(close, 21, 2 / 22), 20);
    expectSame(readOne(wilder(14)), naiveEma(close, 14, 1 / 14), 13);
  });

  test("rsi", () => {
    expectSame(readOne(rsi(14)), naiveRsi(close, 14), 14);
  });

  test("standard deviation", () => {
    expectSame(
      readOne(standardDeviation(15)),
      close.map((_, at) => deviation(window(close, at, 15))),
      14,
    );
  });

  test("bollinger", () => {
    const bands = bollinger(24, 2.1);
    const wanted = (sign: number) =>
      close.map(
        (_, at) => mean(window(close, at, 24)) + sign * 2.1 * deviation(window(close, at, 24)),
      );
    expectSame(read({ bands }, bands.upper), wanted(1), 23);
    expectSame(read({ bands }, bands.middle), wanted(0), 23);
    expectSame(read({ bands }, bands.lower), wanted(-1), 23);
  });

  test("atr", () => {
    const ranges = close.map((_, at) => {
      const before = close[at - 1] ?? Number.NaN;
      const [high, low] = [candles.high[at] as number, candles.low[at] as number];
      return Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
    });
    expectSame(readOne(atr(14)), naiveEma(ranges, 14, 1 / 14), 14);
  });

  test("macd", () => {
    const lines = macd(12, 26, 9);
    const slow = naiveEma(close, 26, 2 / 27);
    const line = naiveEma(close, 12, 2 / 13).map((fast, at) => fast - (slow[at] as number));
    const signal = naiveEma(line, 9, 2 / 10);
    expectSame(read({ lines }, lines.line), line, 25);
    expectSame(read({ lines }, lines.signal), signal, 33);
    expectSame(
      read({ lines }, lines.histogram),
      line.map((one, at) => one - (signal[at] as number)),
      33,
    );
  });

  test("highest and lowest", () => {
    const high = [...candles.high];
    const low = [...candles.low];
    expectSame(
      readOne(highest(11)),
      high.map((_, at) => Math.max(...window(high, at, 11))),
      10,
    );
    expectSame(
      readOne(lowest(11)),
      low.map((_, at) => Math.min(...window(low, at, 11))),
      10,
    );
  });

  test("stochastic rsi", () => {
    const lines = stochRsi(14, 14, 3, 3);
    const strength = naiveRsi(close, 14);
    const raw = strength.map((value, at) => {
      const seen = window(strength, at, 14);
      return (100 * (value - Math.min(...seen))) / (Math.max(...seen) - Math.min(...seen));
    });
    const k = raw.map((_, at) => mean(window(raw, at, 3)));
    const d = k.map((_, at) => mean(window(k, at, 3)));
    expectSame(read({ lines }, lines.k), k, 29);
    expectSame(read({ lines }, lines.d), d, 31);
  });

  test("price repeats its column", () => {
    expect(readOne(price("high"))).toEqual([...candles.high]);
  });
});

describe("averages stay exact", () => {
  const flat = (values: readonly number[]) =>
    candlesOf(values.map((value) => [value, value, value, value] as const));

  test("equal means of different lengths are equal numbers", () => {
    const over = flat([0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3]);
    const short = sma(3);
    const long = sma(6);
    const shorts = read({ short, long }, short, over);
    const longs = read({ short, long }, long, over);
    expect(shorts.slice(5)).toEqual(longs.slice(5));
  });

  test("a value off the grid changes no average before it", () => {
    const values = close.slice(0, 300);
    const onGrid = readOne(sma(20), flat(values));
    const later = readOne(
      sma(20),
      flat([...values.slice(0, 200), Math.PI * 40, ...values.slice(201)]),
    );
    expect(later.slice(0, 200)).toEqual(onGrid.slice(0, 200));
    expect(later[250]).toBeCloseTo(onGrid[250] as number, 10);
  });

  test("a finer grid changes no average before it", () => {
    const values = close.slice(0, 300);
    const later = readOne(sma(20), flat([...values, 101.1234567]));
    expect(later.slice(0, 300)).toEqual(readOne(sma(20), flat(values)));
  });

  test("a huge value leaves no trace once it left the window", () => {
    const values = [...close.slice(0, 50), 1e15 + 0.3, ...close.slice(50, 200)];
    const means = readOne(sma(10), flat(values));
    expect(means.at(-1)).toBeCloseTo(mean(values.slice(-10)), 9);
    const deviations = readOne(
      standardDeviation(10),
      flat([...close.slice(0, 50), 1e7, ...close.slice(50, 200)]),
    );
    expect(deviations.at(-1)).toBeCloseTo(deviation(values.slice(-10)), 9);
  });

  test("prices that stand still have no deviation", () => {
    const deviations = readOne(
      standardDeviation(5),
      flat([...close.slice(0, 20), ...Array(10).fill(99.37)]),
    );
    expect(deviations.at(-1)).toBe(0);
  });
});

describe("edges", () => {
  const still = candlesOf(Array.from({ length: 60 }, () => [5, 5, 5, 5] as const));

  test("rsi and stochastic rsi are 50 where nothing moves", () => {
    const lines = stochRsi();
    expect(readOne(rsi(14), still).at(-1)).toBe(50);
    expect(read({ lines }, lines.d, still).at(-1)).toBe(50);
  });

  test("data shorter than the length give no value", () => {
    expect(readOne(sma(1_000))).toEqual(close.map(() => Number.NaN));
    expect(readOne(atr(1_000)).every(Number.isNaN)).toBe(true);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "a length of %s is refused",
    (length) => {
      expect(() => sma(length)).toThrow(RangeError);
      expect(() => ema(length)).toThrow(/whole candles/);
    },
  );

  test("a line tells its past and its crossings", () => {
    const over = candlesOf([1, 3, 2].map((one) => [one, one, one, one] as const));
    const line = price();
    const clock: Clock = { index: 1 };
    new Indicators({ line }, over, clock).fill(0, 3);
    expect([line.value, line.previous, line.ago(1), line.ago(5), line.ready]).toEqual([
      3,
      1,
      1,
      Number.NaN,
      true,
    ]);
    expect([line.crossesAbove(2), line.crossesBelow(2)]).toEqual([true, false]);
    clock.index = 2;
    expect([line.crossesAbove(2), line.crossesBelow(2.5)]).toEqual([false, true]);
  });
});
